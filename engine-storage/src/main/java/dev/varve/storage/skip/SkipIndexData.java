// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import org.roaringbitmap.RoaringBitmap;

/// What a skip index says of the granules of a part; an entry tells of some granules in a row.
public sealed interface SkipIndexData {
  /// Normalised keys of the smallest and the greatest value that is not NULL.
  ///
  /// @param low by expression and entry; null where all values are NULL
  record Bounds(byte[][][] low, byte[][][] high) implements SkipIndexData {}

  /// The different rows of values of each entry.
  ///
  /// @param counts of each entry; -1 where there were too many to keep
  /// @param values of all entries one after another, in the format RowBinary
  record ValueSets(int[] counts, byte[] values) implements SkipIndexData {}

  /// The different values of the part, and for each the entries that hold it.
  ///
  /// @param count of values, -1 where there were too many to keep
  /// @param values in the format RowBinary
  record Bitmaps(int count, byte[] values, RoaringBitmap[] entries) implements SkipIndexData {}

  /// Bloom filters.
  ///
  /// @param bits by expression and entry; empty where the entry has no value at all
  record Filters(int hashes, long seed, byte[][][] bits) implements SkipIndexData {
    /// Whether an entry may hold what has this hash.
    public boolean mayHold(int expression, int entry, long hash) {
      byte[] filter = bits[expression][entry];
      return filter.length > 0 && SkipHash.mayHold(filter, hashes, hash);
    }
  }
}
