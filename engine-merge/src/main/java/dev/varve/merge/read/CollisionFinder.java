// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyBlocks;
import dev.varve.merge.order.KeyCursor;
import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.LoserTree;
import dev.varve.merge.order.MergeOrder;
import dev.varve.merge.order.SourceMap;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Finds the keys that parts share, reading key columns only, and only of granules whose ranges
/// overlap.
final class CollisionFinder {
  private static final int LEAP_RATIO = 8;
  private static final long CACHE_BYTES = 64L << 20;

  private final KeyBlocks cache = new KeyBlocks(CACHE_BYTES);
  private final List<String> key;
  private final KeyEncoder encoder;
  private final BufferAllocator allocator;

  CollisionFinder(List<String> key, KeyEncoder encoder, BufferAllocator allocator) {
    this.key = key;
    this.encoder = encoder;
    this.allocator = allocator;
  }

  /// Whether the ranges of keys of two parts have anything in common.
  static boolean overlap(Part a, Part b) {
    return Arrays.compareUnsigned(a.firstKey(0), b.lastKey()) <= 0
        && Arrays.compareUnsigned(b.firstKey(0), a.lastKey()) <= 0;
  }

  /// Both parts leap to the other's next key: a small part visits few granules of a large one, and
  /// parts of a size walk side by side.
  Collisions between(Part a, Part b) {
    Collisions found = new Collisions();
    try (KeyCursor left = cursor(a, b);
        KeyCursor right = cursor(b, a)) {
      if (left == null || right == null) {
        return found;
      }
      boolean more = true;
      while (more) {
        int order = left.block().compare(left.row(), right.block(), right.row());
        if (order == 0) {
          found.add(left.partRow(), right.partRow());
          more = left.moveTo(left.row() + 1) && right.moveTo(right.row() + 1);
        } else {
          more =
              order < 0
                  ? left.seek(right.block(), right.row())
                  : right.seek(left.block(), left.row());
        }
      }
    }
    return found.trimmed();
  }

  /// Takes the keys that parts share, in key order.
  interface Shared {
    /// @param map rows of parts, by their index in the list
    /// @param groups rows of one key each, in the order of the list; some have one row only
    void take(SourceMap map, KeyGroups groups);
  }

  /// Walks over all parts in one pass.
  void among(List<Part> parts, Shared shared) {
    List<KeyCursor> cursors = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    try {
      for (int i = 0; i < parts.size(); i++) {
        List<Part> others = new ArrayList<>(parts);
        others.remove(i);
        KeyCursor cursor = cursor(parts.get(i), others);
        if (cursor != null) {
          cursors.add(cursor);
          indexes.add(i);
        }
      }
      if (cursors.size() > 1) {
        walk(cursors, indexes.stream().mapToInt(i -> i).toArray(), shared);
      }
    } finally {
      cursors.forEach(KeyCursor::close);
    }
  }

  private static void walk(List<KeyCursor> cursors, int[] indexes, Shared shared) {
    MergeOrder order = new MergeOrder(new LoserTree(cursors), true);
    for (SourceMap map = order.next(Batch.MAX_ROWS);
        map.size() > 0;
        map = order.next(Batch.MAX_ROWS)) {
      KeyGroups groups = order.groups();
      if (!groups.isUnique()) {
        takeShared(map, groups, indexes, shared);
      }
    }
  }

  /// Hands on the groups of several rows only.
  private static void takeShared(SourceMap map, KeyGroups groups, int[] indexes, Shared shared) {
    int surplus = groups.rows() - groups.count();
    SourceMap members = new SourceMap(2 * surplus);
    int[] starts = new int[surplus + 1];
    int count = 0;
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) > 1) {
        for (int i = groups.start(g); i < groups.end(g); i++) {
          members.add(indexes[map.source(i)], map.row(i));
        }
        starts[++count] = members.size();
      }
    }
    shared.take(members, new KeyGroups(starts, count));
  }

  /// A cursor over the granules of a part that may share keys with another. What is much larger is
  /// leapt into, and will be again by the next small part, so its keys are kept.
  private KeyCursor cursor(Part part, Part other) {
    boolean leapt = part.info().rows() / LEAP_RATIO > other.info().rows();
    return cursor(part, List.of(other), leapt ? cache : null);
  }

  private KeyCursor cursor(Part part, List<Part> others) {
    return cursor(part, others, null);
  }

  /// A cursor over the granules of a part that may share keys with others, or null if none may.
  private KeyCursor cursor(Part part, List<Part> others, KeyBlocks kept) {
    int from = part.granules();
    int to = 0;
    for (Part other : others) {
      if (overlap(part, other)) {
        from = Math.min(from, part.index().from(KeyBounds.atLeast(other.firstKey(0))));
        to = Math.max(to, part.index().to(KeyBounds.atMost(other.lastKey())));
      }
    }
    return from < to ? new KeyCursor(part, key, encoder, from, to, allocator, kept) : null;
  }
}
