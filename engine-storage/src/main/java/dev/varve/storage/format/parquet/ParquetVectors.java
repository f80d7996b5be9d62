// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.parquet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Decoded Parquet values of a leaf as vectors.
final class ParquetVectors {
  private ParquetVectors() {}

  /// @param validity of the values, or null where all are there
  static Vector of(
      DataType type, ColumnReader from, int rows, MemorySegment validity, Scratch scratch) {
    DataType plain = type.unwrapped();
    return switch (from.getColumnSchema().type()) {
      case BOOLEAN -> {
        MemorySegment values = scratch.allocate(rows);
        boolean[] source = from.getBooleans();
        for (int i = 0; i < rows; i++) {
          values.set(JAVA_BYTE, i, (byte) (source[i] ? 1 : 0));
        }
        yield Vector.fixed(type, rows, values, validity);
      }
      case INT32 -> ints(type, plain, from.getInts(), rows, validity, scratch);
      case INT64 -> {
        MemorySegment values = scratch.allocate(rows * 8L);
        MemorySegment.copy(from.getLongs(), 0, values, Vector.I64, 0, rows);
        yield Vector.fixed(type, Physical.INT64, rows, values, validity);
      }
      case FLOAT -> {
        MemorySegment values = scratch.allocate(rows * 4L);
        MemorySegment.copy(from.getFloats(), 0, values, Vector.F32, 0, rows);
        yield Vector.fixed(type, rows, values, validity);
      }
      case DOUBLE -> {
        MemorySegment values = scratch.allocate(rows * 8L);
        MemorySegment.copy(from.getDoubles(), 0, values, Vector.F64, 0, rows);
        yield Vector.fixed(type, rows, values, validity);
      }
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> binary(type, plain, from, rows, validity, scratch);
      case INT96 -> throw new IllegalStateException("INT96 was refused with the schema");
    };
  }

  static MemorySegment validity(Validity validity, int rows, Scratch scratch) {
    if (!validity.hasNulls()) {
      return null;
    }
    MemorySegment bitmap = dev.varve.storage.vector.Validity.allSet(rows, scratch);
    for (int i = 0; i < rows; i++) {
      if (validity.isNull(i)) {
        dev.varve.storage.vector.Validity.clear(bitmap, i);
      }
    }
    return bitmap;
  }

  private static Vector ints(
      DataType type,
      DataType plain,
      int[] source,
      int rows,
      MemorySegment validity,
      Scratch scratch) {
    // Small integers lie in 32 bits in the file; decimals lie in 64 with us.
    Physical physical = plain instanceof DataType.Decimal ? Physical.INT64 : plain.physical();
    MemorySegment values = scratch.allocate((long) rows * physical.width());
    switch (physical) {
      case INT8 -> {
        for (int i = 0; i < rows; i++) {
          values.set(JAVA_BYTE, i, (byte) source[i]);
        }
      }
      case INT16 -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I16, i * 2L, (short) source[i]);
        }
      }
      case INT64 -> {
        for (int i = 0; i < rows; i++) {
          values.set(Vector.I64, i * 8L, source[i]);
        }
      }
      default -> MemorySegment.copy(source, 0, values, Vector.I32, 0, rows);
    }
    return Vector.fixed(type, physical, rows, values, validity);
  }

  private static Vector binary(
      DataType type,
      DataType plain,
      ColumnReader from,
      int rows,
      MemorySegment validity,
      Scratch scratch) {
    byte[] bytes = from.getBinaryValues();
    int[] offsets = from.getBinaryOffsets();
    if (plain instanceof DataType.Decimal decimal) {
      return decimals(type, decimal, bytes, offsets, rows, validity, scratch);
    }
    int start = rows == 0 ? 0 : offsets[0];
    int length = rows == 0 ? 0 : offsets[rows] - start;
    if (plain.physical() == Physical.FIXED) {
      int width = plain.width();
      MemorySegment values = scratch.allocate((long) rows * width);
      for (int i = 0; i < rows; i++) {
        int size = Math.min(width, offsets[i + 1] - offsets[i]);
        MemorySegment.copy(bytes, offsets[i], values, JAVA_BYTE, (long) i * width, size);
      }
      return Vector.fixed(type, rows, values, validity);
    }
    MemorySegment values = scratch.allocate(length);
    MemorySegment.copy(bytes, start, values, JAVA_BYTE, 0, length);
    MemorySegment ends = scratch.allocate((rows + 1) * 4L);
    if (start == 0) {
      MemorySegment.copy(offsets, 0, ends, Vector.I32, 0, rows + 1);
    } else {
      for (int i = 0; i <= rows; i++) {
        ends.set(Vector.I32, i * 4L, offsets[i] - start);
      }
    }
    return Vector.bytes(type, rows, ends, values, validity);
  }

  /// Big-endian two's complement of any length to ours, little-endian of the type's width.
  private static Vector decimals(
      DataType type,
      DataType.Decimal decimal,
      byte[] bytes,
      int[] offsets,
      int rows,
      MemorySegment validity,
      Scratch scratch) {
    int width = decimal.physical().width();
    MemorySegment values = scratch.allocate((long) rows * width);
    for (int i = 0; i < rows; i++) {
      int at = offsets[i];
      int end = offsets[i + 1];
      long sign = at < end && bytes[at] < 0 ? -1 : 0;
      for (int w = 0; w < width; w += 8) {
        long word = sign;
        for (int b = Math.max(at, end - 8); b < end; b++) {
          word = word << 8 | bytes[b] & 0xFF;
        }
        values.set(Vector.I64, (long) i * width + w, word);
        end = Math.max(at, end - 8);
      }
    }
    return Vector.fixed(type, rows, values, validity);
  }
}
