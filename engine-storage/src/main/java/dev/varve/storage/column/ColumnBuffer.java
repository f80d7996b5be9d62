// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The rows of a block under construction as one flat vector. One thread.
final class ColumnBuffer {
  private static final int INITIAL_ROWS = 8192;

  private final DataType type;
  private final Physical physical;
  private final int width;
  private final Scratch memory;
  private final List<ColumnBuffer> children = new ArrayList<>();
  private int rows;
  private int capacity;
  private MemorySegment values;
  private MemorySegment offsets;
  private MemorySegment validity;
  private long bytes;

  /// @param memory reset by the owner together with [#clear]
  ColumnBuffer(DataType type, Scratch memory) {
    this.type = type;
    this.physical = type.physical();
    this.width = type.width();
    this.memory = memory;
    switch (type.unwrapped()) {
      case DataType.Array(DataType element) -> children.add(new ColumnBuffer(element, memory));
      case DataType.MapOf map -> children.add(new ColumnBuffer(DataTypes.entries(map), memory));
      case DataType.Tuple tuple ->
          tuple.fields().forEach(field -> children.add(new ColumnBuffer(field, memory)));
      default -> {}
    }
  }

  int rows() {
    return rows;
  }

  /// Bytes of the rows so far, unencoded.
  long bytes() {
    long sum = (long) rows * width + bytes + (offsets == null ? 0 : rows * 4L);
    for (ColumnBuffer child : children) {
      sum += child.bytes();
    }
    return sum;
  }

  /// Forgets all rows; their memory is about to be reset.
  void clear() {
    rows = 0;
    capacity = 0;
    values = null;
    offsets = null;
    validity = null;
    bytes = 0;
    children.forEach(ColumnBuffer::clear);
  }

  /// Copies rows of a vector of any form.
  ///
  /// @param temporary used while this runs
  void append(Vector vector, int from, int count, Scratch temporary) {
    Vector flat = VectorOps.flatten(VectorOps.slice(vector, from, count, temporary), temporary);
    if (flat.physical() != physical) {
      flat = VectorOps.widen(flat, physical, temporary);
    }
    appendFlat(flat, count, temporary);
  }

  private void appendFlat(Vector flat, int count, Scratch temporary) {
    reserveRows(count);
    if (flat.validity() != null) {
      copyNulls(flat.validity(), count);
    }
    switch (physical) {
      case BYTES -> appendBytes(flat, count);
      case LIST -> {
        copyOffsets(flat.offsets(), count);
        int from = flat.offsets().get(Vector.I32, 0);
        int elements = flat.offsets().get(Vector.I32, count * 4L) - from;
        children.getFirst().append(flat.elements(), from, elements, temporary);
      }
      case STRUCT -> {
        for (int f = 0; f < children.size(); f++) {
          children.get(f).append(flat.children().get(f), 0, count, temporary);
        }
      }
      default ->
          MemorySegment.copy(flat.values(), 0, values, (long) rows * width, (long) count * width);
    }
    rows += count;
  }

  private void appendBytes(Vector flat, int count) {
    int from = flat.offsets().get(Vector.I32, 0);
    int length = flat.offsets().get(Vector.I32, count * 4L) - from;
    if (values == null || bytes + length > values.byteSize()) {
      MemorySegment larger =
          memory.allocate(Math.max(bytes + length, Math.max(1 << 16, 2 * bytes)));
      if (bytes > 0) {
        MemorySegment.copy(values, 0, larger, 0, bytes);
      }
      values = larger;
    }
    MemorySegment.copy(flat.values(), from, values, bytes, length);
    copyOffsets(flat.offsets(), count);
    bytes += length;
  }

  private void copyOffsets(MemorySegment source, int count) {
    int shift = offsets.get(Vector.I32, rows * 4L) - source.get(Vector.I32, 0);
    for (int i = 1; i <= count; i++) {
      offsets.set(Vector.I32, (rows + i) * 4L, source.get(Vector.I32, i * 4L) + shift);
    }
  }

  private void copyNulls(MemorySegment source, int count) {
    if ((rows & 7) == 0) {
      if (validity == null) {
        validity = Validity.allSet(capacity, memory);
      }
      MemorySegment.copy(source, 0, validity, rows >>> 3, (count + 7) >>> 3);
      // Bits behind the last row stay set: rows appended later only clear theirs.
      for (int i = count; (i & 7) != 0; i++) {
        Validity.set(validity, rows + i);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      if (!Validity.isSet(source, i)) {
        if (validity == null) {
          validity = Validity.allSet(capacity, memory);
        }
        Validity.clear(validity, rows + i);
      }
    }
  }

  private void reserveRows(int count) {
    if (rows + count <= capacity && capacity > 0) {
      return;
    }
    int wider = Math.max(Math.addExact(rows, count), Math.max(INITIAL_ROWS, 2 * capacity));
    if (physical == Physical.BYTES || physical == Physical.LIST) {
      MemorySegment larger = memory.allocate((wider + 1) * 4L);
      if (offsets == null) {
        larger.set(Vector.I32, 0, 0);
      } else {
        MemorySegment.copy(offsets, 0, larger, 0, (rows + 1) * 4L);
      }
      offsets = larger;
    } else if (physical != Physical.STRUCT) {
      MemorySegment larger = memory.allocate((long) wider * width);
      if (rows > 0) {
        MemorySegment.copy(values, 0, larger, 0, (long) rows * width);
      }
      values = larger;
    }
    if (validity != null) {
      MemorySegment larger = Validity.allSet(wider, memory);
      MemorySegment.copy(validity, 0, larger, 0, Validity.bytes(rows));
      validity = larger;
    }
    capacity = wider;
  }

  /// All rows; lives until [#clear].
  Vector build() {
    if (capacity == 0) {
      reserveRows(0);
    }
    return switch (physical) {
      case BYTES ->
          Vector.bytes(
              type,
              rows,
              offsets,
              bytes == 0 ? memory.allocate(0) : values.asSlice(0, bytes),
              validity);
      case LIST -> Vector.list(type, rows, offsets, children.getFirst().build(), validity);
      case STRUCT ->
          Vector.struct(type, rows, children.stream().map(ColumnBuffer::build).toList(), validity);
      default -> Vector.fixed(type, rows, values, validity);
    };
  }
}
