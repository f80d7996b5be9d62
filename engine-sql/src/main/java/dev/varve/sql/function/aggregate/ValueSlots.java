// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// One value of any type for each group, or none yet. A value may be NULL.
///
/// Byte strings are kept as arrays, longs and doubles in arrays of numbers, the rest as objects.
final class ValueSlots {
  private final DataType type;
  private final Physical physical;
  private boolean[] present = new boolean[16];
  private boolean[] isNull = new boolean[16];
  private long[] numbers;
  private Object[] objects;

  ValueSlots(DataType type) {
    this.type = type;
    this.physical = type.physical();
    if (isNumber()) {
      numbers = new long[16];
    } else {
      objects = new Object[16];
    }
  }

  private boolean isNumber() {
    return physical.isLong() || physical.isFloat();
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
    if (isBytes()) {
      byte[] own = (byte[]) objects[group];
      MemorySegment bytes = base.getSegment(at);
      return ByteStrings.compare(
          MemorySegment.ofArray(own), 0, own.length, bytes, 0, (int) bytes.byteSize());
    }
    return ValueOrder.compare(VectorValues.of(type, scratch, objects[group]), 0, base, at);
  }

  int compare(int group, ValueSlots other, int from, Scratch scratch) {
    if (physical.isFloat()) {
      return Double.compare(
          Double.longBitsToDouble(numbers[group]), Double.longBitsToDouble(other.numbers[from]));
    }
    if (physical.isLong()) {
      return compareLongs(numbers[group], other.numbers[from]);
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
    return present.length * (numbers != null ? 10L : 50L);
  }
}
