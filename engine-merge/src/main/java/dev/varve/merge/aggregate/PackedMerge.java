// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Merges serialized states of a function of a few numbers from bytes to bytes, with no object for
/// each. What it gives is, to the last bit, what the function's [AggregateState] gives; what it
/// cannot tell at a glance it leaves to that one. Safe for threads.
public enum PackedMerge {
  /// [FloatSumState].
  FLOAT_SUM {
    @Override
    public int merge(MemorySegment states, int[] ends, int first, int last, byte[] to, int at) {
      long count = 0;
      double high = 0;
      double low = 0;
      for (int i = first; i < last; i++) {
        int from = ends[i];
        int numbers = ends[i + 1] - 16;
        if (from == ends[i + 1]) {
          continue;
        }
        long one = numbers - from < 2 ? -1 : count(states, from, numbers);
        if (one <= 0) {
          return UNKNOWN;
        }
        count += one;
        for (int n = 0; n < 2; n++) {
          double value = states.get(Vector.F64, numbers + n * 8L);
          double sum = high + value;
          double other = sum - high;
          double lost = (high - (sum - other)) + (value - other);
          high = sum;
          low = Double.isFinite(sum) ? low + lost : 0;
        }
      }
      if (count <= 0) {
        return count == 0 ? at : UNKNOWN;
      }
      int next = putCount(count, to, at);
      next = putLong(Double.doubleToRawLongBits(high), to, next);
      return putLong(Double.doubleToRawLongBits(low), to, next);
    }
  },

  /// [IntegerSumState].
  INTEGER_SUM {
    @Override
    public int merge(MemorySegment states, int[] ends, int first, int last, byte[] to, int at) {
      long count = 0;
      long sum = 0;
      for (int i = first; i < last; i++) {
        int from = ends[i];
        int end = ends[i + 1];
        if (from == end) {
          continue;
        }
        int digits = from + 1;
        while (digits < end && states.get(JAVA_BYTE, digits) < 0) {
          digits++;
        }
        digits++; // behind the count
        int length = digits < end ? states.get(JAVA_BYTE, digits) : 0;
        long one = digits < end ? count(states, from, digits) : -1;
        if (one <= 0 || length < 1 || length > 8 || digits + 1 + length != end) {
          return UNKNOWN;
        }
        long value = digits(states, digits + 1, end);
        long next = sum + value;
        if (((sum ^ next) & (value ^ next)) < 0) {
          return UNKNOWN;
        }
        sum = next;
        count += one;
      }
      if (count <= 0) {
        return count == 0 ? at : UNKNOWN;
      }
      return putDigits(sum, to, putCount(count, to, at));
    }
  },

  /// [CountState].
  COUNT {
    @Override
    public int merge(MemorySegment states, int[] ends, int first, int last, byte[] to, int at) {
      long count = 0;
      for (int i = first; i < last; i++) {
        if (ends[i] < ends[i + 1]) {
          long one = count(states, ends[i], ends[i + 1]);
          if (one <= 0) {
            return UNKNOWN;
          }
          count += one;
        }
      }
      if (count <= 0) {
        return count == 0 ? at : UNKNOWN;
      }
      return putCount(count, to, at);
    }
  };

  /// Told instead of an end where the states are for [AggregateState] to merge.
  public static final int UNKNOWN = -1;

  /// No merged state is longer.
  public static final int MOST_BYTES = 32;

  private static final int FORM = 1;

  /// @param states many states, one behind the other
  /// @param ends state `i` begins at `ends[i]` and ends at `ends[i + 1]`
  /// @param first the first state to merge
  /// @param last one past the last one
  /// @param to takes the merged state, with room for [#MOST_BYTES]
  /// @param at where it begins
  /// @return where it ends, or [#UNKNOWN]
  public abstract int merge(
      MemorySegment states, int[] ends, int first, int last, byte[] to, int at);

  /// The count behind the form, if it ends exactly there; -1 otherwise.
  private static long count(MemorySegment states, int from, int end) {
    if (states.get(JAVA_BYTE, from) != FORM || end - from > 10) {
      return -1;
    }
    long value = 0;
    int shift = 0;
    for (int at = from + 1; at < end; at++) {
      byte next = states.get(JAVA_BYTE, at);
      value |= (long) (next & 0x7F) << shift;
      shift += 7;
      if (next >= 0) {
        return at + 1 == end ? value : -1;
      }
    }
    return -1;
  }

  private static int putCount(long count, byte[] to, int at) {
    int next = at;
    to[next++] = FORM;
    long left = count;
    while ((left & ~0x7FL) != 0) {
      to[next++] = (byte) (left & 0x7F | 0x80);
      left >>>= 7;
    }
    to[next++] = (byte) left;
    return next;
  }

  /// A number of at most eight bytes, the highest first and with its sign.
  private static long digits(MemorySegment states, int from, int end) {
    long value = states.get(JAVA_BYTE, from);
    for (int at = from + 1; at < end; at++) {
      value = value << 8 | (states.get(JAVA_BYTE, at) & 0xFF);
    }
    return value;
  }

  /// As few bytes as tell the number, behind their count.
  private static int putDigits(long value, byte[] to, int at) {
    int next = at;
    int bytes = 8 - (Long.numberOfLeadingZeros(value ^ (value >> 63)) - 1) / 8;
    to[next++] = (byte) bytes;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      to[next++] = (byte) (value >> shift);
    }
    return next;
  }

  private static int putLong(long value, byte[] to, int at) {
    for (int i = 0; i < 8; i++) {
      to[at + i] = (byte) (value >>> (8 * i));
    }
    return at + 8;
  }
}
