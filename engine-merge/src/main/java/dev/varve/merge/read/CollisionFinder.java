// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

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
    try (KeyCursor left = cursor(a, List.of(b));
        KeyCursor right = cursor(b, List.of(a))) {
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

  /// All pairs of the parts in one pass; `found[i][j]`, for i < j, takes what parts i and j share
  /// unless it is null.
  void among(List<Part> parts, Collisions[][] found) {
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
        walk(cursors, indexes.stream().mapToInt(i -> i).toArray(), found);
      }
    } finally {
      cursors.forEach(KeyCursor::close);
    }
    for (Collisions[] row : found) {
      for (Collisions collisions : row) {
        if (collisions != null) {
          collisions.trimmed();
        }
      }
    }
  }

  private static void walk(List<KeyCursor> cursors, int[] indexes, Collisions[][] found) {
    MergeOrder order = new MergeOrder(new LoserTree(cursors), true);
    for (SourceMap map = order.next(Batch.MAX_ROWS);
        map.size() > 0;
        map = order.next(Batch.MAX_ROWS)) {
      KeyGroups groups = order.groups();
      if (groups.isUnique()) {
        continue;
      }
      for (int g = 0; g < groups.count(); g++) {
        // Equal keys come in the order of the cursors, so that i < j below.
        for (int a = groups.start(g); a + 1 < groups.end(g); a++) {
          for (int b = a + 1; b < groups.end(g); b++) {
            Collisions pair = found[indexes[map.source(a)]][indexes[map.source(b)]];
            if (pair != null) {
              pair.add(map.row(a), map.row(b));
            }
          }
        }
      }
    }
  }

  /// A cursor over the granules of a part that may share keys with others, or null if none may.
  private KeyCursor cursor(Part part, List<Part> others) {
    int from = part.granules();
    int to = 0;
    for (Part other : others) {
      if (overlap(part, other)) {
        from = Math.min(from, part.index().from(KeyBounds.atLeast(other.firstKey(0))));
        to = Math.max(to, part.index().to(KeyBounds.atMost(other.lastKey())));
      }
    }
    return from < to ? new KeyCursor(part, key, encoder, from, to, allocator) : null;
  }
}
