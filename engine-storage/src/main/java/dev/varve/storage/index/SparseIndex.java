// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import java.util.Arrays;

/// The sparse primary index of a part: the normalised key of each granule's first row and of the
/// part's last row. Finds the granules that may hold keys of a range. Immutable.
///
/// Keys lie in one array, their first eight bytes in another, so that a search touches few cache
/// lines.
public final class SparseIndex {
  private final byte[] bytes;
  private final int[] offsets;
  private final long[] prefixes;

  private SparseIndex(byte[] bytes, int[] offsets) {
    this.bytes = bytes;
    this.offsets = offsets;
    this.prefixes = new long[offsets.length - 1];
    for (int i = 0; i < prefixes.length; i++) {
      prefixes[i] = KeyEncoder.prefix(key(i));
    }
  }

  /// @param keys first keys of all granules, then the key of the last row, one after another
  /// @param offsets where each begins, and the end: granules + 2 numbers
  public static SparseIndex of(byte[] keys, int[] offsets) {
    if (offsets.length < 3) {
      throw new IllegalArgumentException("an index has at least one granule");
    }
    return new SparseIndex(keys, offsets);
  }

  public int granules() {
    return prefixes.length - 1;
  }

  public byte[] firstKey(int granule) {
    return key(granule);
  }

  public byte[] lastKey() {
    return key(granules());
  }

  private byte[] key(int i) {
    return Arrays.copyOfRange(bytes, offsets[i], offsets[i + 1]);
  }

  /// First granule that may hold a key of the range.
  public int from(KeyBounds bounds) {
    if (bounds.from() == null) {
      return 0;
    }
    // A granule ends where the next begins, or with an equal key: so the granule before the first
    // fence at or above the bound may hold it.
    int fence = firstAtLeast(bounds.from());
    return Math.max(0, fence - 1);
  }

  /// One past the last granule that may hold a key of the range. Not above [#from] where none may.
  public int to(KeyBounds bounds) {
    if (bounds.isEmpty() || (bounds.from() != null && compare(granules(), bounds.from()) < 0)) {
      return 0;
    }
    return bounds.to() == null ? granules() : Math.min(granules(), firstAtLeast(bounds.to()));
  }

  /// First of the granules' first keys and the last key that is not below the key.
  private int firstAtLeast(byte[] key) {
    long prefix = KeyEncoder.prefix(key);
    int low = 0;
    int high = prefixes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(prefixes[middle], prefix);
      if (order < 0 || (order == 0 && compare(middle, key) < 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compare(int i, byte[] key) {
    return Arrays.compareUnsigned(bytes, offsets[i], offsets[i + 1], key, 0, key.length);
  }
}
