// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// The normalised keys of some sorted rows: eight bytes of each, and whole keys where those bytes
/// do not decide.
public final class KeyBlock {
  private static final int FEW = 256;
  private static final int NEAR = 8;

  /// Two keys are the same.
  static final int ALL = -1;

  private final int rows;
  private final long[] prefixes;
  private final MemorySegment far;
  private final EncodedKeys whole;

  /// @param prefixes null where they lie off the heap
  /// @param whole null where the prefixes are the keys
  private KeyBlock(int rows, long[] prefixes, MemorySegment far, EncodedKeys whole) {
    this.rows = rows;
    this.prefixes = prefixes;
    this.far = far;
    this.whole = whole;
  }

  /// Copies; the vectors may go afterwards.
  public static KeyBlock of(KeyEncoder encoder, List<Vector> keys, int rows) {
    long[] prefixes = new long[rows];
    encoder.prefixes(keys, rows, prefixes);
    // Compared as signed numbers from here on, in the tight loops of the merge.
    for (int i = 0; i < rows; i++) {
      prefixes[i] ^= Long.MIN_VALUE;
    }
    return new KeyBlock(
        rows, prefixes, null, encoder.isPrefixExact() ? null : encoder.encodeAll(keys, rows));
  }

  public int rows() {
    return rows;
  }

  /// The same keys in memory of the caller, of eight bytes a row. Only for exact ones.
  KeyBlock copyTo(MemorySegment memory) {
    MemorySegment.copy(prefixes, 0, memory, Vector.I64, 0, rows);
    return new KeyBlock(rows, null, memory, null);
  }

  private long prefix(int row) {
    return prefixes == null ? far.get(Vector.I64, row * 8L) : prefixes[row];
  }

  /// Bytes of heap, about.
  long bytes() {
    long keys = whole == null ? 0 : whole.bytes().length + 4L * rows;
    return 64 + 8L * rows + keys;
  }

  /// Whether equal prefixes are equal keys.
  boolean isExact() {
    return whole == null;
  }

  /// For each row the first eight bytes of its key, as a number whose signed order is key order.
  /// Only where they lie on the heap.
  long[] prefixes() {
    return prefixes;
  }

  /// How many bytes two keys share from their beginnings, or [#ALL]. Only where whole keys are
  /// there.
  int shared(int row, KeyBlock other, int otherRow) {
    return whole.shared(row, other.whole, otherRow);
  }

  /// Eight bytes of a whole key as a number, the most significant first; zeros behind its end.
  long word(int row, int at) {
    return whole.word(row, at);
  }

  public int compare(int row, KeyBlock other, int otherRow) {
    int order = Long.compare(prefix(row), other.prefix(otherRow));
    return order != 0 || whole == null ? order : whole.compare(row, other.whole, otherRow);
  }

  /// The first rows alone.
  KeyBlock first(int count) {
    return count == rows ? this : new KeyBlock(count, prefixes, far, whole);
  }

  /// First row whose key is not below a piece of one, as [KeyEncoder#encode] gives for the first
  /// columns.
  int firstNotBelow(byte[] piece) {
    long wanted = KeyEncoder.prefix(piece) ^ Long.MIN_VALUE;
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean below =
          whole == null
              ? prefix(middle) < wanted
              : Arrays.compareUnsigned(whole.key(middle), piece) < 0;
      if (below) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Whether the key of a row is above an encoded one. Never says so of an equal key.
  public boolean isAbove(int row, byte[] encoded) {
    if (whole != null) {
      return Arrays.compareUnsigned(whole.key(row), encoded) > 0;
    }
    byte[] prefix = Arrays.copyOf(encoded, Long.BYTES);
    return prefix(row) > (ByteBuffer.wrap(prefix).getLong() ^ Long.MIN_VALUE);
  }

  /// Whether the key of a row is below an encoded one. Never says so of an equal key.
  public boolean isBelow(int row, byte[] encoded) {
    if (whole != null) {
      return whole.compare(row, encoded) < 0;
    }
    byte[] prefix = Arrays.copyOf(encoded, Long.BYTES);
    return prefix(row) < (ByteBuffer.wrap(prefix).getLong() ^ Long.MIN_VALUE);
  }

  /// As [#firstAtLeast], for a row that may be anywhere. Where keys off the heap are spread evenly,
  /// it looks first where the key would lie: each place it looks at is a cache miss.
  int seek(int from, KeyBlock other, int otherRow) {
    if (prefixes != null || rows - from < FEW) {
      return firstAtLeast(from, other, otherRow);
    }
    long wanted = other.prefix(otherRow);
    long least = prefix(from);
    long greatest = prefix(rows - 1);
    if (wanted <= least || wanted > greatest) {
      return wanted <= least ? from : rows;
    }
    double share = ((double) wanted - least) / ((double) greatest - least);
    int guess = from + (int) (share * (rows - 1 - from));
    int low = Math.max(from, guess - NEAR);
    while (low > from && prefix(low) >= wanted) {
      low = Math.max(from, low - (guess - low) * 4);
    }
    return firstAtLeast(low, other, otherRow);
  }

  /// First row at or behind `from` whose key is not below the other's; gallops, so that a near one
  /// is found fast.
  public int firstAtLeast(int from, KeyBlock other, int otherRow) {
    int step = 1;
    int low = from;
    int high = from;
    while (high < rows && compare(high, other, otherRow) < 0) {
      low = high + 1;
      high += step;
      step <<= 1;
    }
    high = Math.min(high, rows);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, other, otherRow) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// A hash of the whole key.
  long hash(int row) {
    return whole == null ? prefix(row) : whole.hash(row);
  }

  /// First row at or behind `from` whose key is above the other's; gallops.
  int firstAbove(int from, KeyBlock other, int otherRow) {
    int step = 16;
    int low = from;
    int high = from;
    while (high < rows && compare(high, other, otherRow) <= 0) {
      low = high + 1;
      high += step;
      step <<= 1;
    }
    high = Math.min(high, rows);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, other, otherRow) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The key of a row, or a few zeros more, which is enough to search for it.
  byte[] key(int row) {
    if (whole != null) {
      return whole.key(row);
    }
    return ByteBuffer.allocate(Long.BYTES).putLong(prefix(row) ^ Long.MIN_VALUE).array();
  }

  /// The rows of keys that are not sorted, in key order.
  public int[] sortedRows() {
    int[] sorted = new int[rows];
    Arrays.setAll(sorted, i -> i);
    int[] from = sorted;
    int[] to = new int[rows];
    for (int width = 1; width < rows; width *= 2) {
      for (int start = 0; start < rows; start += 2 * width) {
        int middle = Math.min(rows, start + width);
        mergeSorted(from, to, start, middle, Math.min(rows, start + 2 * width));
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  private void mergeSorted(int[] from, int[] to, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int at = start; at < end; at++) {
      boolean takesLeft =
          right == end || (left < middle && compare(from[left], this, from[right]) <= 0);
      to[at] = takesLeft ? from[left++] : from[right++];
    }
  }

  /// Cuts the rows where the key changes.
  public KeyGroups groups() {
    int[] starts = new int[rows + 1];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (i == 0 || compare(i - 1, this, i) != 0) {
        starts[count++] = i;
      }
    }
    starts[count] = rows;
    return new KeyGroups(starts, count);
  }
}
