// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.ByteStrings;
import dev.varve.sql.expression.TextVisits;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// One value of any type for each group, or none yet. A value may be NULL.
///
/// Byte strings are kept as arrays, longs and doubles in arrays of numbers, numbers of 128 bits in
/// two of them, the rest as objects.
final class ValueSlots {
  private final DataType type;
  private final Physical physical;
  private boolean[] present = new boolean[16];
  private boolean[] isNull = new boolean[16];
  private long[] numbers;
  // Of 128 bits the upper half, else null.
  private long[] upper;
  private Object[] objects;

  ValueSlots(DataType type) {
    this.type = type;
    this.physical = type.physical();
    if (isWide()) {
      numbers = new long[16];
      upper = new long[16];
    } else if (isNumber()) {
      numbers = new long[16];
    } else {
      objects = new Object[16];
    }
  }

  private boolean isNumber() {
    return physical.isLong() || physical.isFloat();
  }

  private boolean isWide() {
    DataType plain = type.unwrapped();
    return physical == Physical.INT128
        && (plain instanceof DataType.Int || plain instanceof DataType.Decimal);
  }

  private boolean isBytes() {
    return physical == Physical.BYTES || physical == Physical.FIXED;
  }

  void reserve(int groups) {
    if (groups > present.length) {
      int length = Math.max(groups, present.length * 2);
      present = Arrays.copyOf(present, length);
      isNull = Arrays.copyOf(isNull, length);
      numbers = numbers == null ? null : Arrays.copyOf(numbers, length);
      upper = upper == null ? null : Arrays.copyOf(upper, length);
      objects = objects == null ? null : Arrays.copyOf(objects, length);
    }
  }

  boolean isPresent(int group) {
    return present[group];
  }

  void set(int group, Vector vector, int row) {
    present[group] = true;
    isNull[group] = vector.isNull(row);
    if (isNull[group]) {
      return;
    }
    Vector base = vector.base();
    int at = vector.valueRow(row);
    if (physical.isFloat()) {
      numbers[group] = Double.doubleToRawLongBits(base.getDouble(at));
    } else if (physical.isLong()) {
      numbers[group] = base.getLong(at);
    } else if (upper != null) {
      numbers[group] = low(base, at);
      upper[group] = high(base, at);
    } else if (isBytes()) {
      objects[group] = base.getBytes(at);
    } else {
      objects[group] = VectorValues.get(base, at);
    }
  }

  void copy(int group, ValueSlots other, int from) {
    present[group] = other.present[from];
    isNull[group] = other.isNull[from];
    if (numbers != null) {
      numbers[group] = other.numbers[from];
      if (upper != null) {
        upper[group] = other.upper[from];
      }
    } else {
      objects[group] = other.objects[from];
    }
  }

  /// Order of a group's value and a row's, neither of them NULL.
  int compare(int group, Vector vector, int row, Scratch scratch) {
    Vector base = vector.base();
    int at = vector.valueRow(row);
    if (physical.isFloat()) {
      return Double.compare(Double.longBitsToDouble(numbers[group]), base.getDouble(at));
    }
    if (physical.isLong()) {
      return compareLongs(numbers[group], base.getLong(at));
    }
    if (upper != null) {
      return compareWide(group, low(base, at), high(base, at));
    }
    if (isBytes()) {
      return compareBytes((byte[]) objects[group], base, at);
    }
    return ValueOrder.compare(VectorValues.of(type, scratch, objects[group]), 0, base, at);
  }

  private int compareBytes(byte[] own, Vector base, int at) {
    long from;
    int length;
    if (physical == Physical.FIXED) {
      length = base.width();
      from = (long) at * length;
    } else {
      from = base.offsets().get(Vector.I32, at * 4L);
      length = (int) (base.offsets().get(Vector.I32, at * 4L + 4) - from);
    }
    return ByteStrings.compare(
        MemorySegment.ofArray(own), 0, own.length, base.values(), from, length);
  }

  /// Brings near what the comparisons of some rows will look at.
  void visit(TextVisits visits, int[] groups, Vector vector, int from, int to) {
    if (isBytes()) {
      visits.arrays(objects, groups, from, to);
      visits.rows(vector, from, to);
    }
  }

  int compare(int group, ValueSlots other, int from, Scratch scratch) {
    if (physical.isFloat()) {
      return Double.compare(
          Double.longBitsToDouble(numbers[group]), Double.longBitsToDouble(other.numbers[from]));
    }
    if (physical.isLong()) {
      return compareLongs(numbers[group], other.numbers[from]);
    }
    if (upper != null) {
      return compareWide(group, other.numbers[from], other.upper[from]);
    }
    if (isBytes()) {
      return Arrays.compareUnsigned((byte[]) objects[group], (byte[]) other.objects[from]);
    }
    return ValueOrder.compare(
        VectorValues.of(type, scratch, objects[group]),
        0,
        VectorValues.of(type, scratch, other.objects[from]),
        0);
  }

  // A Decimal of 38 digits may lie in 64 bits or less.
  private static long low(Vector base, int at) {
    return base.physical().isLong() ? base.getLong(at) : base.values().get(Vector.I64, at * 16L);
  }

  private static long high(Vector base, int at) {
    return base.physical().isLong()
        ? base.getLong(at) >> 63
        : base.values().get(Vector.I64, at * 16L + 8);
  }

  private int compareWide(int group, long low, long high) {
    int order =
        type.isUnsigned()
            ? Long.compareUnsigned(upper[group], high)
            : Long.compare(upper[group], high);
    return order != 0 ? order : Long.compareUnsigned(numbers[group], low);
  }

  private BigInteger wide(int group) {
    byte[] bytes = ByteBuffer.allocate(16).putLong(upper[group]).putLong(numbers[group]).array();
    return type.isUnsigned() ? new BigInteger(1, bytes) : new BigInteger(bytes);
  }

  private int compareLongs(long a, long b) {
    return physical == Physical.INT64 && type.isUnsigned()
        ? Long.compareUnsigned(a, b)
        : Long.compare(a, b);
  }

  boolean isNull(int group) {
    return isNull[group];
  }

  /// The values; a group without one has NULL where the type allows, else the default value.
  Vector results(int from, int count, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int group = from; group < from + count; group++) {
      if (!present[group] || isNull[group]) {
        if (type.isNullable()) {
          builder.appendNull();
        } else {
          builder.appendDefault();
        }
      } else if (physical.isFloat()) {
        builder.appendDouble(Double.longBitsToDouble(numbers[group]));
      } else if (physical.isLong()) {
        builder.appendLong(numbers[group]);
      } else if (upper != null) {
        builder.appendInteger(wide(group));
      } else if (isBytes()) {
        builder.appendBytes((byte[]) objects[group]);
      } else {
        VectorValues.append(builder, objects[group]);
      }
    }
    return builder.build();
  }

  /// A vector whose rows can be asked one by one whatever its form.
  static Vector addressable(Vector vector, Scratch scratch) {
    return vector.physical() == Physical.LIST ? VectorOps.flatten(vector, scratch) : vector;
  }

  long heapBytes() {
    return present.length * (numbers == null ? 50L : upper == null ? 10L : 18L);
  }
}
