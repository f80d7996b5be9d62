// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.number.Longs;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;

/// Exact sums of integers per group.
///
/// Sums lie in one long each as long as the greatest magnitudes seen prove that none can overflow;
/// then they move to 128 bits and the longs start again from zero. Values wider than 128 bits, or
/// sums that outgrow them, go to big integers.
final class ExactSums {
  private static final long SAFE = 1L << 62;
  private static final int FEW_GROUPS = 64;

  private long[] sums = new long[16];
  private long bound;
  private long[] low;
  private long[] high;
  private BigInteger[] huge;

  void reserve(int groups) {
    if (groups > sums.length) {
      int length = Math.max(groups, sums.length * 2);
      sums = Arrays.copyOf(sums, length);
      if (low != null) {
        low = Arrays.copyOf(low, length);
        high = Arrays.copyOf(high, length);
      }
      if (huge != null) {
        huge = Arrays.copyOf(huge, length);
      }
    }
  }

  void add(int[] groups, Vector vector, int rows, Scratch scratch) {
    if (vector.isConstant() && vector.physical().isLong() && !isWideUnsigned(vector)) {
      addConstant(groups, vector.getLong(0), rows);
    } else if (vector.physical().isLong() && !isWideUnsigned(vector)) {
      MemorySegment longs = Longs.of(vector, scratch);
      if (isSafe(Longs.maxMagnitude(longs, rows), rows)) {
        addLongs(groups, longs, rows);
      } else {
        requireWide();
        for (int i = 0; i < rows; i++) {
          long value = longs.get(Vector.I64, i * 8L);
          add128(groups[i], value, value >> 63);
        }
      }
    } else {
      for (int i = 0; i < rows; i++) {
        addWide(groups[i], vector, i);
      }
    }
  }

  private void addConstant(int[] groups, long value, int rows) {
    if (isSafe(magnitude(value), rows)) {
      for (int i = 0; i < rows; i++) {
        sums[groups[i]] += value;
      }
    } else {
      requireWide();
      for (int i = 0; i < rows; i++) {
        add128(groups[i], value, value >> 63);
      }
    }
  }

  private static long magnitude(long value) {
    return value == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(value);
  }

  private void addLongs(int[] groups, MemorySegment longs, int rows) {
    int stride = sums.length;
    if (stride <= FEW_GROUPS) {
      addInLanes(groups, longs, rows, stride);
      return;
    }
    for (int i = 0; i < rows; i++) {
      sums[groups[i]] += longs.get(Vector.I64, i * 8L);
    }
  }

  /// Four sums a group in turn, joined at the end: with few groups each addition would otherwise
  /// wait for the store of the one before it.
  private void addInLanes(int[] groups, MemorySegment longs, int rows, int stride) {
    long[] lanes = new long[4 * stride];
    int i = 0;
    for (; i + 4 <= rows; i += 4) {
      lanes[groups[i]] += longs.get(Vector.I64, i * 8L);
      lanes[stride + groups[i + 1]] += longs.get(Vector.I64, i * 8L + 8);
      lanes[2 * stride + groups[i + 2]] += longs.get(Vector.I64, i * 8L + 16);
      lanes[3 * stride + groups[i + 3]] += longs.get(Vector.I64, i * 8L + 24);
    }
    for (; i < rows; i++) {
      lanes[groups[i]] += longs.get(Vector.I64, i * 8L);
    }
    for (int g = 0; g < stride; g++) {
      sums[g] += lanes[g] + lanes[stride + g] + lanes[2 * stride + g] + lanes[3 * stride + g];
    }
  }

  /// All rows to group 0.
  void addSingle(Vector vector, int rows, Scratch scratch) {
    if (vector.physical().isLong() && !isWideUnsigned(vector)) {
      if (vector.isConstant()) {
        long value = vector.getLong(0);
        requireWide();
        add128(0, value * rows, Math.multiplyHigh(value, rows));
        return;
      }
      MemorySegment longs = Longs.of(vector, scratch);
      if (isSafe(Longs.maxMagnitude(longs, rows), rows)) {
        sums[0] += sum(longs, rows);
      } else {
        requireWide();
        for (int i = 0; i < rows; i++) {
          long value = longs.get(Vector.I64, i * 8L);
          add128(0, value, value >> 63);
        }
      }
    } else {
      for (int i = 0; i < rows; i++) {
        addWide(0, vector, i);
      }
    }
  }

  private static long sum(MemorySegment longs, int rows) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    int i = 0;
    for (; i + 4 <= rows; i += 4) {
      a += longs.get(Vector.I64, i * 8L);
      b += longs.get(Vector.I64, i * 8L + 8);
      c += longs.get(Vector.I64, i * 8L + 16);
      d += longs.get(Vector.I64, i * 8L + 24);
    }
    for (; i < rows; i++) {
      a += longs.get(Vector.I64, i * 8L);
    }
    return a + b + c + d;
  }

  /// Whether a value may be beyond what a long holds: lengths and counts are not, though UInt64.
  private static boolean isWideUnsigned(Vector vector) {
    if (vector.physical() != Physical.INT64 || !vector.type().isUnsigned()) {
      return false;
    }
    MemorySegment values = vector.base().values();
    int count = vector.base().rows();
    long all = 0;
    for (int i = 0; i < count; i++) {
      all |= values.get(Vector.I64, i * 8L);
    }
    return all < 0;
  }

  /// Whether a batch of this magnitude may go to the longs, which it then does.
  private boolean isSafe(long magnitude, int rows) {
    if (Math.multiplyHigh(magnitude, rows) != 0
        || magnitude * rows < 0
        || magnitude * rows >= SAFE) {
      return false;
    }
    if (bound + magnitude * rows >= SAFE) {
      requireWide();
      spill();
    }
    bound += magnitude * rows;
    return true;
  }

  private void requireWide() {
    if (low == null) {
      low = new long[sums.length];
      high = new long[sums.length];
    }
  }

  private void spill() {
    for (int g = 0; g < sums.length; g++) {
      if (sums[g] != 0) {
        add128(g, sums[g], sums[g] >> 63);
        sums[g] = 0;
      }
    }
    bound = 0;
  }

  private void add128(int group, long lowBits, long highBits) {
    long sum = low[group] + lowBits;
    long carry = Long.compareUnsigned(sum, lowBits) < 0 ? 1 : 0;
    long above = high[group];
    long next = above + highBits + carry;
    if (((above ^ next) & (highBits ^ next)) < 0) {
      // The 128 bits are full: what they hold moves on, and they start with this value.
      addHuge(group, integer(low[group], above));
      low[group] = lowBits;
      high[group] = highBits;
      return;
    }
    low[group] = sum;
    high[group] = next;
  }

  private void addWide(int group, Vector vector, int row) {
    Vector base = vector.base();
    int at = vector.valueRow(row);
    if (base.physical() == Physical.INT128 && !base.type().isUnsigned()) {
      requireWide();
      add128(
          group,
          base.values().get(Vector.I64, at * 16L),
          base.values().get(Vector.I64, at * 16L + 8));
    } else if (base.physical().isLong()) {
      requireWide();
      add128(group, base.getLong(at), 0);
    } else {
      addHuge(group, base.getInteger(at));
    }
  }

  private void addHuge(int group, BigInteger value) {
    if (huge == null) {
      huge = new BigInteger[sums.length];
    }
    huge[group] = huge[group] == null ? value : huge[group].add(value);
  }

  private static BigInteger integer(long lowBits, long highBits) {
    BigInteger upper = BigInteger.valueOf(highBits).shiftLeft(64);
    return upper.add(new BigInteger(Long.toUnsignedString(lowBits)));
  }

  void merge(ExactSums other, int[] from, int[] to, int count) {
    other.settle();
    if (other.low == null && other.huge == null) {
      long total = 0;
      for (int i = 0; i < count; i++) {
        total = Math.max(total, magnitude(other.sums[from[i]]));
      }
      if (isSafe(total, count)) {
        for (int i = 0; i < count; i++) {
          sums[to[i]] += other.sums[from[i]];
        }
        return;
      }
    }
    requireWide();
    for (int i = 0; i < count; i++) {
      long value = other.sums[from[i]];
      add128(to[i], value, value >> 63);
      if (other.low != null) {
        add128(to[i], other.low[from[i]], other.high[from[i]]);
      }
      if (other.huge != null && other.huge[from[i]] != null) {
        addHuge(to[i], other.huge[from[i]]);
      }
    }
  }

  /// Where only longs were needed they stay; else everything moves to the wide sums.
  private void settle() {
    if (low != null) {
      spill();
    }
  }

  /// Whether every sum is one long.
  boolean isNarrow() {
    return low == null && huge == null;
  }

  long narrow(int group) {
    return sums[group];
  }

  /// The lowest 64 bits of a sum: what an integer sum that wraps is.
  long wrapped(int group) {
    long value = sums[group] + (low == null ? 0 : low[group]);
    return huge == null || huge[group] == null ? value : value + huge[group].longValue();
  }

  BigInteger total(int group) {
    BigInteger total = BigInteger.valueOf(sums[group]);
    if (low != null) {
      total = total.add(integer(low[group], high[group]));
    }
    return huge == null || huge[group] == null ? total : total.add(huge[group]);
  }

  /// As a double, for averages.
  double toDouble(int group) {
    return isNarrow() ? sums[group] : total(group).doubleValue();
  }

  static VarveException overflow(String type) {
    return new VarveException(
        ErrorCode.DECIMAL_OVERFLOW, "a sum does not fit " + type + "; sum toFloat64(x) instead");
  }

  long heapBytes() {
    return sums.length * 8L
        + (low == null ? 0 : low.length * 16L)
        + (huge == null ? 0 : huge.length * 64L);
  }
}
