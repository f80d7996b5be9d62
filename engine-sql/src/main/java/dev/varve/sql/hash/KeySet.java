// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;

/// The values of a key column of a join's build side, by which the scan of the other side drops
/// rows that cannot have a partner. Bounds, and a bit for each value between them; where they lie
/// too far apart a Bloom filter, which lets some rows pass that have none. NULL is never in it.
///
/// Safe for threads once built.
public final class KeySet {
  private static final long SMALL = 1 << 24;
  private static final long MOST_BITS = 1L << 28;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final long least;
  private final long greatest;
  // One bit for each value from the least on; null where every value is there.
  private final long[] bits;
  // Of a Bloom filter, else 0.
  private final int bloomShift;

  private KeySet(long least, long greatest, long[] bits, int bloomShift) {
    this.least = least;
    this.greatest = greatest;
    this.bits = bits;
    this.bloomShift = bloomShift;
  }

  /// Whether a set can be made of values of this type.
  public static boolean isOf(DataType type) {
    return type.unwrapped().physical().isLong();
  }

  /// The set of a column's values.
  ///
  /// @param flat of a type for which [#isOf] is true
  public static KeySet of(Vector flat, int rows, JoinTable.ParallelTasks tasks) {
    long[] bounds = LongKeys.bounds(flat, rows, tasks::run);
    if (bounds[0] > bounds[1]) {
      return new KeySet(0, -1, null, 0);
    }
    long span = bounds[1] - bounds[0];
    boolean exact = span >= 0 && span < Math.min(MOST_BITS, Math.max(SMALL, 64L * rows));
    int words = exact ? (int) (span >>> 6) + 1 : Integer.highestOneBit(Math.max(64, rows / 4)) * 2;
    int shift = exact ? 0 : 64 - Integer.numberOfTrailingZeros(words);
    int parts = rows < LongKeys.CHUNK ? 1 : tasks.threads();
    long[][] own = new long[parts][];
    tasks.run(
        parts,
        part -> {
          own[part] = new long[words];
          int step = (rows + parts - 1) / parts;
          int from = Math.min(rows, part * step);
          int to = Math.min(rows, from + step);
          collect(flat, from, to, bounds[0], shift, own[part]);
        });
    long[] bits = own[0];
    for (int part = 1; part < parts; part++) {
      for (int w = 0; w < words; w++) {
        bits[w] |= own[part][w];
      }
    }
    return new KeySet(bounds[0], bounds[1], exact && isFull(bits, span + 1) ? null : bits, shift);
  }

  private static boolean isFull(long[] bits, long values) {
    long set = 0;
    for (long word : bits) {
      set += Long.bitCount(word);
    }
    return set == values;
  }

  private static void collect(Vector flat, int from, int to, long least, int shift, long[] bits) {
    long[] values = new long[Math.min(LongKeys.CHUNK, Math.max(0, to - from))];
    for (int at = from; at < to; at += values.length) {
      int count = Math.min(values.length, to - at);
      LongReads.read(flat, at, count, values);
      for (int i = 0; i < count; i++) {
        if (flat.validity() != null && !Validity.isSet(flat.validity(), at + i)) {
          continue;
        }
        if (shift == 0) {
          long bit = values[i] - least;
          bits[(int) (bit >>> 6)] |= 1L << bit;
        } else {
          long hash = values[i] * MULTIPLIER;
          bits[(int) (hash >>> shift)] |= pattern(hash);
        }
      }
    }
  }

  private static long pattern(long hash) {
    return 1L << (hash >>> 20) | 1L << (hash >>> 27) | 1L << (hash >>> 34);
  }

  /// Whether there is no value at all.
  public boolean isEmpty() {
    return least > greatest;
  }

  /// Whether every value of this range is in the set.
  public boolean coversAll(long from, long to) {
    return bits == null && least <= from && to <= greatest;
  }

  /// Whether a value of this range, ends included, may be in the set.
  public boolean mayMeet(long from, long to) {
    long low = Math.max(from, least);
    long high = Math.min(to, greatest);
    if (low > high) {
      return false;
    }
    if (bits == null || bloomShift != 0) {
      return true;
    }
    return anySet(low - least, high - least);
  }

  private boolean anySet(long from, long to) {
    int first = (int) (from >>> 6);
    int last = (int) (to >>> 6);
    long head = -1L << from;
    long tail = -1L >>> (63 - (to & 63));
    if (first == last) {
      return (bits[first] & head & tail) != 0;
    }
    if ((bits[first] & head) != 0 || (bits[last] & tail) != 0) {
      return true;
    }
    for (int w = first + 1; w < last; w++) {
      if (bits[w] != 0) {
        return true;
      }
    }
    return false;
  }

  /// A tester for one thread.
  public Tester tester() {
    return new Tester();
  }

  /// Tests the values of batches.
  public final class Tester {
    private long[] values = new long[0];

    private Tester() {}

    /// Clears the bits of rows whose value is not in the set; gives how many are left.
    public int test(Vector vector, int rows, long[] mask, Scratch scratch) {
      if (values.length < rows) {
        values = new long[rows];
      }
      Vector flat = VectorOps.flatten(vector, scratch);
      LongReads.read(flat, 0, rows, values);
      if (flat.validity() != null) {
        clearNulls(flat, rows, mask);
      }
      return bits == null
          ? between(values, mask, least, greatest)
          : bloomShift == 0
              ? members(values, mask, least, greatest - least, bits)
              : probed(values, mask, least, greatest, bits, bloomShift);
    }

    private static void clearNulls(Vector flat, int rows, long[] mask) {
      for (int w = 0; w < mask.length; w++) {
        int to = Math.min(64, rows - (w << 6));
        for (int b = 0; b < to; b++) {
          if (!Validity.isSet(flat.validity(), (w << 6) + b)) {
            mask[w] &= ~(1L << b);
          }
        }
      }
    }
  }

  private static int between(long[] values, long[] mask, long least, long greatest) {
    int left = 0;
    for (int w = 0; w < mask.length; w++) {
      long kept = 0;
      for (long rest = mask[w]; rest != 0; rest &= rest - 1) {
        int b = Long.numberOfTrailingZeros(rest);
        long value = values[(w << 6) + b];
        kept |= value >= least && value <= greatest ? 1L << b : 0;
      }
      mask[w] = kept;
      left += Long.bitCount(kept);
    }
    return left;
  }

  private static int members(long[] values, long[] mask, long least, long span, long[] bits) {
    int left = 0;
    for (int w = 0; w < mask.length; w++) {
      long kept = 0;
      int base = w << 6;
      if (mask[w] == -1L) {
        for (int b = 0; b < 64; b++) {
          long bit = values[base + b] - least;
          if (bit >= 0 && bit <= span) {
            kept |= (bits[(int) (bit >>> 6)] >>> bit & 1) << b;
          }
        }
      } else {
        for (long rest = mask[w]; rest != 0; rest &= rest - 1) {
          int b = Long.numberOfTrailingZeros(rest);
          long bit = values[base + b] - least;
          if (bit >= 0 && bit <= span) {
            kept |= (bits[(int) (bit >>> 6)] >>> bit & 1) << b;
          }
        }
      }
      mask[w] = kept;
      left += Long.bitCount(kept);
    }
    return left;
  }

  private static int probed(
      long[] values, long[] mask, long least, long greatest, long[] bits, int shift) {
    int left = 0;
    for (int w = 0; w < mask.length; w++) {
      long kept = 0;
      for (long rest = mask[w]; rest != 0; rest &= rest - 1) {
        int b = Long.numberOfTrailingZeros(rest);
        long value = values[(w << 6) + b];
        long hash = value * MULTIPLIER;
        long wanted = pattern(hash);
        boolean in =
            value >= least
                && value <= greatest
                && (bits[(int) (hash >>> shift)] & wanted) == wanted;
        kept |= in ? 1L << b : 0;
      }
      mask[w] = kept;
      left += Long.bitCount(kept);
    }
    return left;
  }
}
