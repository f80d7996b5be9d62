// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.codec.ByteWords;
import dev.varve.storage.codec.Integers;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;

/// Computes [ColumnStats] of granules. One thread; its arrays are used again.
public final class StatsCollector {
  /// Longest bound kept of a byte string.
  static final int BOUND_BYTES = 64;

  private long[] longs = new long[0];
  private int[] ends = new int[0];
  private int[] candidates = new int[0];

  /// Stats of the rows `[from, to)` of a vector of any form.
  public ColumnStats collect(Vector vector, int from, int to, Scratch temporary) {
    Vector flat =
        vector.isFlat()
            ? vector
            : VectorOps.flatten(VectorOps.slice(vector, from, to - from, temporary), temporary);
    int start = vector.isFlat() ? from : 0;
    int rows = to - from;
    long nulls = nulls(flat, start, rows);
    Physical physical = flat.physical();
    if (nulls == rows || physical == Physical.LIST || physical == Physical.STRUCT) {
      return new ColumnStats(
          null, null, false, nulls, isSummed(flat.type()) ? BigInteger.ZERO : null);
    }
    return switch (physical) {
      case BYTES, FIXED -> texts(flat, start, rows, nulls);
      case FLOAT32, FLOAT64 -> floats(flat, start, rows, nulls);
      case INT128, INT256 -> wide(flat, start, rows, nulls);
      default -> {
        ColumnStats stats = numbers(flat, start, rows, nulls);
        // A decimal may lie narrower than its type; its bounds have the type's kind all the same.
        yield flat.type().physical().isWideInteger() ? wide(stats, flat.type()) : stats;
      }
    };
  }

  /// Whether a sum means something: integers, booleans and decimals.
  static boolean isSummed(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int _, DataType.Decimal _, DataType.Bool _ -> true;
      default -> false;
    };
  }

  private static long nulls(Vector flat, int from, int rows) {
    MemorySegment validity = flat.validity();
    if (validity == null) {
      return 0;
    }
    if ((from & 7) == 0) {
      return (long) rows - Validity.count(validity.asSlice(from >>> 3), rows);
    }
    long nulls = 0;
    for (int i = from; i < from + rows; i++) {
      nulls += Validity.isSet(validity, i) ? 0 : 1;
    }
    return nulls;
  }

  private ColumnStats numbers(Vector flat, int from, int rows, long nulls) {
    longs = longs.length < rows ? new long[Math.max(8192, rows)] : longs;
    Integers.load(flat, from, rows, longs);
    boolean unsigned = flat.physical() == Physical.INT64 && flat.type().isUnsigned();
    return numbers(flat, from, rows, nulls, unsigned);
  }

  private ColumnStats numbers(Vector flat, int from, int rows, long nulls, boolean unsigned) {
    // A NULL has taken the value of a neighbour: right for the bounds, not for the sum.
    long flip = unsigned ? Long.MIN_VALUE : 0;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      min = Math.min(min, longs[i] ^ flip);
      max = Math.max(max, longs[i] ^ flip);
    }
    BigInteger sum = null;
    if (isSummed(flat.type())) {
      if (nulls > 0) {
        zeroNulls(flat.validity(), from, rows);
      }
      sum = sum(longs, rows, unsigned);
    }
    return new ColumnStats(min ^ flip, max ^ flip, true, nulls, sum);
  }

  private void zeroNulls(MemorySegment validity, int from, int rows) {
    for (int i = 0; i < rows; i++) {
      if (!Validity.isSet(validity, from + i)) {
        longs[i] = 0;
      }
    }
  }

  /// Halves apart, so that nothing overflows: 2^31 rows of 2^32 fit a long.
  private static BigInteger sum(long[] values, int rows, boolean unsigned) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < rows; i++) {
      low += values[i] & 0xFFFFFFFFL;
    }
    if (unsigned) {
      for (int i = 0; i < rows; i++) {
        high += values[i] >>> 32;
      }
    } else {
      for (int i = 0; i < rows; i++) {
        high += values[i] >> 32;
      }
    }
    return BigInteger.valueOf(high).shiftLeft(32).add(BigInteger.valueOf(low));
  }

  private static ColumnStats floats(Vector flat, int from, int rows, long nulls) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    boolean some = false;
    for (int i = from; i < from + rows; i++) {
      if (nulls > 0 && flat.isNull(i)) {
        continue;
      }
      double value = flat.getDouble(i);
      if (!Double.isNaN(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        some = true;
      }
    }
    return some
        ? new ColumnStats(min, max, true, nulls, null)
        : new ColumnStats(null, null, false, nulls, null);
  }

  private ColumnStats wide(Vector flat, int from, int rows, long nulls) {
    if (Integers.isNarrow(flat, from, rows)) {
      return narrow(flat, from, rows, nulls);
    }
    BigInteger min = null;
    BigInteger max = null;
    BigInteger sum = BigInteger.ZERO;
    for (int i = from; i < from + rows; i++) {
      if (flat.isNull(i)) {
        continue;
      }
      BigInteger value = flat.getInteger(i);
      min = min == null ? value : min.min(value);
      max = max == null ? value : max.max(value);
      sum = sum.add(value);
    }
    return new ColumnStats(min, max, true, nulls, isSummed(flat.type()) ? sum : null);
  }

  /// Wide integers whose values fit eight bytes, as nearly all decimals do.
  private ColumnStats narrow(Vector flat, int from, int rows, long nulls) {
    longs = longs.length < rows ? new long[Math.max(8192, rows)] : longs;
    Integers.loadNarrow(flat, from, rows, longs);
    return wide(numbers(flat, from, rows, nulls, flat.type().isUnsigned()), flat.type());
  }

  /// The same stats with bounds as wide numbers.
  private static ColumnStats wide(ColumnStats stats, DataType type) {
    return new ColumnStats(
        big((Long) stats.min(), type),
        big((Long) stats.max(), type),
        true,
        stats.nulls(),
        stats.sum());
  }

  private static BigInteger big(long value, DataType type) {
    return type.isUnsigned()
        ? new BigInteger(Long.toUnsignedString(value))
        : BigInteger.valueOf(value);
  }

  private ColumnStats texts(Vector flat, int from, int rows, long nulls) {
    MemorySegment bytes = flat.values();
    ends = ends.length <= rows ? new int[Math.max(8193, rows + 1)] : ends;
    if (flat.offsets() == null) {
      for (int i = 0; i <= rows; i++) {
        ends[i] = (from + i) * flat.width();
      }
    } else {
      MemorySegment.copy(flat.offsets(), Vector.I32, from * 4L, ends, 0, rows + 1);
    }
    longs = longs.length < rows ? new long[Math.max(8192, rows)] : longs;
    candidates = candidates.length < rows ? new int[Math.max(8192, rows)] : candidates;
    int[] extremes = extremes(bytes, present(flat, from, rows, nulls));
    int least = extremes[0];
    int greatest = extremes[1];
    long min = ends[least];
    int minLength = ends[least + 1] - ends[least];
    long max = ends[greatest];
    int maxLength = ends[greatest + 1] - ends[greatest];
    byte[] first = bytes.asSlice(min, minLength).toArray(JAVA_BYTE);
    byte[] last = bytes.asSlice(max, maxLength).toArray(JAVA_BYTE);
    boolean exact = first.length <= BOUND_BYTES && last.length <= BOUND_BYTES;
    return new ColumnStats(
        first.length <= BOUND_BYTES ? first : Arrays.copyOf(first, BOUND_BYTES),
        last.length <= BOUND_BYTES ? last : countedUp(last),
        exact,
        nulls,
        null);
  }

  /// Makes the rows that are not NULL candidates; returns how many they are.
  private int present(Vector flat, int from, int rows, long nulls) {
    int count = 0;
    for (int i = 0; i < rows; i++) {
      candidates[count] = i;
      count += nulls == 0 || !flat.isNull(from + i) ? 1 : 0;
    }
    return count;
  }

  /// The candidates with the least and with the greatest string.
  private int[] extremes(MemorySegment bytes, int present) {
    int longest = longest(candidates, present, ends);
    int depth = -8;
    long low;
    long high;
    do { // while all strings begin alike
      depth += 8;
      loadWords(bytes, candidates, present, depth, ends, longs);
      low = Long.MAX_VALUE;
      high = Long.MIN_VALUE;
      for (int c = 0; c < present; c++) {
        low = Math.min(low, longs[c]);
        high = Math.max(high, longs[c]);
      }
    } while (low == high && depth + 8 < longest && depth <= BOUND_BYTES);
    int[] lowest = new int[present];
    int lowestCount = keep(longs, low, candidates, present, lowest);
    int[] highest = new int[present];
    int highestCount = keep(longs, high, candidates, present, highest);
    return new int[] {
      extreme(bytes, lowest, lowestCount, depth + 8, false),
      extreme(bytes, highest, highestCount, depth + 8, true)
    };
  }

  /// Eight bytes of each candidate's string, as numbers of the same order.
  private static void loadWords(
      MemorySegment bytes, int[] rows, int count, int depth, int[] ends, long[] words) {
    for (int c = 0; c < count; c++) {
      int at = ends[rows[c]];
      int length = Math.max(0, ends[rows[c] + 1] - at - depth);
      long word = ByteWords.load(bytes, (long) at + depth, length);
      words[c] = Long.reverseBytes(word) ^ Long.MIN_VALUE;
    }
  }

  /// Copies the rows that have this word, without branches on what the words are.
  private static int keep(long[] words, long wanted, int[] rows, int count, int[] kept) {
    int left = 0;
    for (int c = 0; c < count; c++) {
      long differ = words[c] ^ wanted;
      kept[left] = rows[c];
      left += (int) (1 ^ (differ | -differ) >>> 63);
    }
    return left;
  }

  /// Of rows whose strings begin with the same `from` bytes, the one whose string is least, or
  /// greatest. The next eight bytes of all of them are compared at a time, and those that are not
  /// least drop out. Behind what is kept of a bound, all that are left are as good.
  private int extreme(MemorySegment bytes, int[] rows, int count, int from, boolean greatest) {
    int left = count;
    int longest = longest(rows, left, ends);
    for (int depth = from; left > 1 && depth < longest && depth <= BOUND_BYTES; depth += 8) {
      loadWords(bytes, rows, left, depth, ends, longs);
      long best = longs[0];
      for (int c = 1; c < left; c++) {
        best = greatest ? Math.max(best, longs[c]) : Math.min(best, longs[c]);
      }
      left = keep(longs, best, rows, left, rows);
    }
    // Equal but for zeros behind one of them, if at all: told by the length.
    int chosen = rows[0];
    int length = ends[chosen + 1] - ends[chosen];
    for (int c = 1; c < left; c++) {
      int other = ends[rows[c] + 1] - ends[rows[c]];
      if (other != length && other > length == greatest) {
        chosen = rows[c];
        length = other;
      }
    }
    return chosen;
  }

  private static int longest(int[] rows, int count, int[] ends) {
    int longest = 0;
    for (int c = 0; c < count; c++) {
      longest = Math.max(longest, ends[rows[c] + 1] - ends[rows[c]]);
    }
    return longest;
  }

  /// The least string of at most [#BOUND_BYTES] bytes above all that begin like this one, or null.
  static byte[] countedUp(byte[] text) {
    int length = BOUND_BYTES;
    while (length > 0 && text[length - 1] == (byte) 0xFF) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] next = Arrays.copyOf(text, length);
    next[length - 1]++;
    return next;
  }
}
