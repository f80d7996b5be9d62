// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;

/// Values of at most eight bytes: the bits are the code. Both zeros of a float are one value, and
/// all NaNs are.
final class FixedCodes extends KeyColumnCodes {
  private final DataType type;
  private final Physical physical;

  FixedCodes(DataType type) {
    this.type = type;
    this.physical = type.physical();
  }

  @Override
  int bits() {
    return physical.width() * 8;
  }

  @Override
  boolean hasNullBit() {
    return type.isNullable();
  }

  @Override
  void add(Vector vector, int rows, long[] codes, byte[] nulls, Scratch scratch) {
    code(vector, rows, codes, nulls, scratch);
  }

  @Override
  Reader reader() {
    return (vector, rows, codes, nulls, _, scratch) -> code(vector, rows, codes, nulls, scratch);
  }

  private void code(Vector vector, int rows, long[] codes, byte[] nulls, Scratch scratch) {
    Vector flat = VectorOps.flatten(vector, scratch);
    MemorySegment values = flat.values();
    switch (flat.physical()) {
      case INT8 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = values.get(JAVA_BYTE, i) & 0xFFL;
        }
      }
      case INT16 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = values.get(Vector.I16, i * 2L) & 0xFFFFL;
        }
      }
      case INT32 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = values.get(Vector.I32, i * 4L) & 0xFFFFFFFFL;
        }
      }
      case INT64 -> MemorySegment.copy(values, Vector.I64, 0, codes, 0, rows);
      case FLOAT32 -> {
        for (int i = 0; i < rows; i++) {
          // Adding zero turns the negative zero into the positive one.
          float value = values.get(Vector.F32, i * 4L) + 0.0f;
          codes[i] = Float.floatToIntBits(value) & 0xFFFFFFFFL;
        }
      }
      case FLOAT64 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = Double.doubleToLongBits(values.get(Vector.F64, i * 8L) + 0.0);
        }
      }
      default -> throw new IllegalStateException("not a fixed key: " + flat);
    }
    if (flat.validity() != null) {
      for (int i = 0; i < rows; i++) {
        if (!Validity.isSet(flat.validity(), i)) {
          codes[i] = 0;
          nulls[i] = 1;
        }
      }
    }
  }

  @Override
  Vector values(long[] codes, byte[] nulls, int count, Scratch scratch) {
    MemorySegment values = scratch.allocate((long) count * physical.width());
    MemorySegment validity = null;
    for (int i = 0; i < count; i++) {
      switch (physical.width()) {
        case 1 -> values.set(JAVA_BYTE, i, (byte) codes[i]);
        case 2 -> values.set(Vector.I16, i * 2L, (short) codes[i]);
        case 4 -> values.set(Vector.I32, i * 4L, (int) codes[i]);
        default -> values.set(Vector.I64, i * 8L, codes[i]);
      }
      if (nulls[i] != 0) {
        validity = validity == null ? Validity.allSet(count, scratch) : validity;
        Validity.clear(validity, i);
      }
    }
    return Vector.fixed(type, count, values, validity);
  }

  @Override
  long heapBytes() {
    return 0;
  }
}
