// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Columns on the heap made of encoded values, see [HeapValue].
final class HeapVectors {
  private HeapVectors() {}

  /// @param values null for NULL
  static Vector of(DataType type, List<byte[]> values) {
    MemorySegment validity = validity(values);
    int rows = values.size();
    return switch (type.physical()) {
      case BYTES -> texts(type, values, validity);
      case LIST -> lists(type, values, validity);
      case STRUCT -> structs(type, values, validity);
      default -> {
        int width = type.width();
        byte[] all = new byte[rows * width];
        for (int i = 0; i < rows; i++) {
          if (values.get(i) != null) {
            System.arraycopy(values.get(i), 0, all, i * width, width);
          }
        }
        yield Vector.fixed(type, rows, MemorySegment.ofArray(all), validity);
      }
    };
  }

  private static MemorySegment validity(List<byte[]> values) {
    if (values.stream().noneMatch(Objects::isNull)) {
      return null;
    }
    byte[] bits = new byte[(values.size() + 63) / 64 * 8];
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null) {
        bits[i / 8] |= (byte) (1 << i % 8);
      }
    }
    return MemorySegment.ofArray(bits);
  }

  private static Vector texts(DataType type, List<byte[]> values, MemorySegment validity) {
    MemorySegment offsets = MemorySegment.ofArray(new byte[4 * values.size() + 4]);
    StateWriter bytes = new StateWriter();
    int end = 0;
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null) {
        bytes.putBytes(values.get(i));
        end += values.get(i).length;
      }
      offsets.set(Vector.I32, 4L * i + 4, end);
    }
    return Vector.bytes(
        type, values.size(), offsets, MemorySegment.ofArray(bytes.bytes()), validity);
  }

  private static Vector lists(DataType type, List<byte[]> values, MemorySegment validity) {
    DataType element = HeapValue.elementType(type);
    MemorySegment offsets = MemorySegment.ofArray(new byte[4 * values.size() + 4]);
    List<byte[]> elements = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null) {
        StateReader reader = reader(values.get(i));
        int count = reader.readCount();
        for (int e = 0; e < count; e++) {
          elements.add(HeapValue.read(reader, element).bytes());
        }
      }
      offsets.set(Vector.I32, 4L * i + 4, elements.size());
    }
    return Vector.list(type, values.size(), offsets, of(element, elements), validity);
  }

  private static Vector structs(DataType type, List<byte[]> values, MemorySegment validity) {
    List<DataType> fields = ((DataType.Tuple) type.unwrapped()).fields();
    List<List<byte[]>> columns = new ArrayList<>();
    fields.forEach(_ -> columns.add(new ArrayList<>()));
    for (byte[] value : values) {
      StateReader reader = value == null ? null : reader(value);
      for (int f = 0; f < fields.size(); f++) {
        columns.get(f).add(reader == null ? null : HeapValue.read(reader, fields.get(f)).bytes());
      }
    }
    List<Vector> children = new ArrayList<>();
    for (int f = 0; f < fields.size(); f++) {
      children.add(of(fields.get(f), columns.get(f)));
    }
    return Vector.struct(type, values.size(), children, validity);
  }

  private static StateReader reader(byte[] value) {
    return new StateReader("a value", MemorySegment.ofArray(value));
  }

  /// Fails where bytes from outside are no value of a list or tuple type.
  static void check(DataType type, byte[] value, StateReader from) {
    StateReader reader = from.inside(value);
    if (type.physical() == Physical.LIST) {
      int count = reader.readCount();
      for (int e = 0; e < count; e++) {
        HeapValue.read(reader, HeapValue.elementType(type));
      }
    } else {
      for (DataType field : ((DataType.Tuple) type.unwrapped()).fields()) {
        HeapValue.read(reader, field);
      }
    }
    reader.end();
  }
}
