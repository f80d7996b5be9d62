// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyBlocks;
import dev.varve.merge.order.KeyCursor;
import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.KeyMatcher;
import dev.varve.merge.order.RowList;
import dev.varve.merge.order.SourceMap;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Finds the keys that parts share, reading key columns only, and only of granules whose ranges
/// overlap. Safe for threads.
final class CollisionFinder {
  private static final int LEAP_RATIO = 8;

  /// Rows handed over at once: so many that a granule in which they lie is rarely read again for
  /// the next ones.
  private static final int HANDED_OVER = 1 << 16;

  private final KeyBlocks cache;
  private final List<String> key;
  private final KeyEncoder encoder;
  private final BufferAllocator allocator;

  /// @param cache keeps keys of large parts for the next small ones, or null
  CollisionFinder(
      List<String> key, KeyEncoder encoder, KeyBlocks cache, BufferAllocator allocator) {
    this.cache = cache;
    this.key = key;
    this.encoder = encoder;
    this.allocator = allocator;
  }

  /// Whether the ranges of keys of two parts have anything in common.
  static boolean overlap(Part a, Part b) {
    return Arrays.compareUnsigned(a.firstKey(0), b.lastKey()) <= 0
        && Arrays.compareUnsigned(b.firstKey(0), a.lastKey()) <= 0;
  }

  /// Takes the keys that parts share, in key order, many at a time.
  interface Shared {
    /// @param map rows of parts, by their index in the list; those of a key one after another, in
    ///   the order of the list. Gone when it returns
    void take(SourceMap map, KeyGroups groups);
  }

  /// Both parts leap to the other's next key: a small part visits few granules of a large one, and
  /// parts of a size walk side by side.
  void between(Part a, Part b, Shared shared) {
    if (cache == null || !(isLeapt(a, b) || isLeapt(b, a))) {
      walkBoth(a, b, shared);
      return;
    }
    cache.inUse().lock();
    try {
      walkBoth(a, b, shared);
    } finally {
      cache.inUse().unlock();
    }
  }

  private void walkBoth(Part a, Part b, Shared shared) {
    try (KeyCursor left = cursor(a, b);
        KeyCursor right = cursor(b, a)) {
      if (left == null || right == null) {
        return;
      }
      SourceMap map = new SourceMap(64);
      boolean more = true;
      while (more) {
        int order = left.block().compare(left.row(), right.block(), right.row());
        if (order == 0) {
          map.add(0, left.partRow());
          map.add(1, right.partRow());
          if (map.size() >= HANDED_OVER) {
            shared.take(map, KeyGroups.pairs(map.size() / 2));
            map.clear();
          }
          more = left.moveTo(left.row() + 1) && right.moveTo(right.row() + 1);
        } else {
          more =
              order < 0
                  ? left.seek(right.block(), right.row())
                  : right.seek(left.block(), left.row());
        }
      }
      if (map.size() > 0) {
        shared.take(map, KeyGroups.pairs(map.size() / 2));
      }
    }
  }

  /// Goes over all parts in one pass.
  void among(List<Part> parts, Shared shared) {
    List<KeyCursor> cursors = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    try {
      for (int i = 0; i < parts.size(); i++) {
        List<Part> others = new ArrayList<>(parts);
        others.remove(i);
        KeyCursor cursor = cursor(parts.get(i), others, null);
        if (cursor != null) {
          cursors.add(cursor);
          indexes.add(i);
        }
      }
      if (cursors.size() > 1) {
        match(cursors, indexes.stream().mapToInt(i -> i).toArray(), shared);
      }
    } finally {
      cursors.forEach(KeyCursor::close);
    }
  }

  /// Goes over the keys of a range in one pass.
  void within(List<Part> parts, KeyBounds range, Shared shared) {
    List<KeyCursor> cursors = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    try {
      for (int i = 0; i < parts.size(); i++) {
        KeyCursor cursor = KeyCursor.within(parts.get(i), key, encoder, range, allocator);
        if (cursor != null) {
          cursors.add(cursor);
          indexes.add(i);
        }
      }
      if (cursors.size() > 1) {
        match(cursors, indexes.stream().mapToInt(i -> i).toArray(), shared);
      }
    } finally {
      cursors.forEach(KeyCursor::close);
    }
  }

  private static void match(List<KeyCursor> cursors, int[] indexes, Shared shared) {
    KeyMatcher matcher = new KeyMatcher(cursors);
    SourceMap map = new SourceMap(HANDED_OVER + HANDED_OVER / 4);
    RowList starts = new RowList();
    boolean more = true;
    while (more) {
      more = matcher.next(map, starts);
      if (map.size() >= HANDED_OVER || (!more && map.size() > 0)) {
        int groups = starts.size();
        starts.add(map.size());
        shared.take(map.renamed(indexes), new KeyGroups(starts.toArray(), groups));
        map.clear();
        starts.clear();
      }
    }
  }

  /// A cursor over the granules of a part that may share keys with another. What is much larger is
  /// leapt into, and will be again by the next small part, so its keys are kept.
  private KeyCursor cursor(Part part, Part other) {
    return cursor(part, List.of(other), isLeapt(part, other) ? cache : null);
  }

  private static boolean isLeapt(Part part, Part other) {
    return part.info().rows() / LEAP_RATIO > other.info().rows();
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
