// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Builds a flat vector row by row. For parsers, literals and tests; kernels fill segments.
///
/// Exactly one `append…` call is a row. Lists and structs append to their children first and close
/// the row with [#endList()] or [#endStruct()].
public final class VectorBuilder {
  private static final int INITIAL_ROWS = 64;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final DataType type;
  private final Physical physical;
  private final int width;
  private final Scratch scratch;
  private final List<VectorBuilder> children = new ArrayList<>();
  private int rows;
  private MemorySegment values;
  private MemorySegment offsets;
  private int bytes;
  private MemorySegment validity;
  private int capacity;

  public VectorBuilder(DataType type, Scratch scratch) {
    this.type = type;
    this.scratch = scratch;
    this.physical = type.physical();
    this.width = type.width();
    this.capacity = INITIAL_ROWS;
    switch (physical) {
      case BYTES -> {
        offsets = scratch.allocate((capacity + 1) * 4L);
        offsets.set(Vector.I32, 0, 0);
        values = scratch.allocate(capacity * 16L);
      }
      case LIST -> {
        offsets = scratch.allocate((capacity + 1) * 4L);
        offsets.set(Vector.I32, 0, 0);
        children.add(
            new VectorBuilder(
                type.unwrapped() instanceof DataType.MapOf map
                    ? DataTypes.entries(map)
                    : ((DataType.Array) type.unwrapped()).element(),
                scratch));
      }
      case STRUCT -> {
        for (DataType field : ((DataType.Tuple) type.unwrapped()).fields()) {
          children.add(new VectorBuilder(field, scratch));
        }
      }
      default -> values = scratch.allocate((long) capacity * width);
    }
  }

  public DataType type() {
    return type;
  }

  public int rows() {
    return rows;
  }

  /// The builder of list elements (0) or of a struct's field.
  public VectorBuilder child(int index) {
    return children.get(index);
  }

  public void appendNull() {
    if (physical == Physical.LIST || physical == Physical.STRUCT) {
      appendZero();
      return;
    }
    int row = rows;
    if (validity == null) {
      validity = Validity.allSet(capacity, scratch);
    }
    appendZero();
    Validity.clear(validity, row);
  }

  /// The value that a column without a DEFAULT takes: NULL where it can hold one, else zero, the
  /// empty string, the empty list; for an enumeration its first label.
  public void appendDefault() {
    if (type.isNullable()) {
      appendNull();
    } else {
      appendZero();
    }
  }

  private void appendZero() {
    switch (physical) {
      case BYTES -> appendBytes(new byte[0], 0, 0);
      case LIST -> endList();
      case STRUCT -> {
        children.forEach(VectorBuilder::appendDefault);
        endStruct();
      }
      case INT8, INT16, INT32, INT64 ->
          appendLong(
              type.unwrapped() instanceof DataType.Enumeration e
                  ? e.labels().getFirst().value()
                  : 0);
      default -> {
        long at = row();
        values.asSlice(at * width, width).fill((byte) 0);
      }
    }
  }

  /// A value of at most eight bytes; higher bits are cut. The caller has checked the range.
  public void appendLong(long value) {
    long at = row();
    switch (physical) {
      case INT8 -> values.set(JAVA_BYTE, at, (byte) value);
      case INT16 -> values.set(Vector.I16, at * 2, (short) value);
      case INT32 -> values.set(Vector.I32, at * 4, (int) value);
      case INT64 -> values.set(Vector.I64, at * 8, value);
      case INT128, INT256 -> {
        values.set(Vector.I64, at * width, value);
        for (int w = 8; w < width; w += 8) {
          values.set(Vector.I64, at * width + w, value >> 63);
        }
      }
      default -> throw new IllegalStateException("not an integer: " + type.name());
    }
  }

  public void appendDouble(double value) {
    long at = row();
    if (physical == Physical.FLOAT32) {
      values.set(Vector.F32, at * 4, (float) value);
    } else {
      values.set(Vector.F64, at * 8, value);
    }
  }

  /// An integer or unscaled decimal of any width; the caller has checked the range.
  public void appendInteger(BigInteger value) {
    if (physical.isLong()) {
      appendLong(value.longValue());
      return;
    }
    long at = row() * width;
    byte[] bigEndian = value.toByteArray();
    byte fill = (byte) (value.signum() < 0 ? -1 : 0);
    for (int i = 0; i < width; i++) {
      int from = bigEndian.length - 1 - i;
      values.set(JAVA_BYTE, at + i, from >= 0 ? bigEndian[from] : fill);
    }
  }

  /// A String, or exactly as many bytes as a FixedString, UUID or IPv6 has; a FixedString that is
  /// shorter is filled with zeros.
  public void appendBytes(byte[] source, int from, int length) {
    if (physical == Physical.FIXED) {
      long at = row() * width;
      MemorySegment.copy(MemorySegment.ofArray(source), from, values, at, length);
      if (length < width) {
        values.asSlice(at + length, width - length).fill((byte) 0);
      }
      return;
    }
    if (length <= 16 && from + 16 <= source.length) {
      // Two words are quicker than a call that first asks how long the text is.
      growBytes(16);
      values.set(Vector.I64, bytes, (long) WORD.get(source, from));
      values.set(Vector.I64, bytes + 8L, (long) WORD.get(source, from + 8));
    } else {
      growBytes(length);
      MemorySegment.copy(MemorySegment.ofArray(source), from, values, bytes, length);
    }
    bytes += length;
    long at = row(); // may put the offsets elsewhere, so it goes first
    offsets.set(Vector.I32, at * 4 + 4, bytes);
  }

  public void appendBytes(byte[] source) {
    appendBytes(source, 0, source.length);
  }

  public void appendSegment(MemorySegment source) {
    int length = (int) source.byteSize();
    if (physical == Physical.FIXED) {
      long at = row() * width;
      MemorySegment.copy(source, 0, values, at, length);
      return;
    }
    growBytes(length);
    MemorySegment.copy(source, 0, values, bytes, length);
    bytes += length;
    long at = row(); // may put the offsets elsewhere, so it goes first
    offsets.set(Vector.I32, at * 4 + 4, bytes);
  }

  /// Ends a list whose elements were appended to `child(0)` since the last list ended.
  public void endList() {
    long at = row();
    offsets.set(Vector.I32, at * 4 + 4, children.getFirst().rows());
  }

  /// Ends a struct after one append to each child.
  public void endStruct() {
    row();
  }

  /// Copies a row of another vector of the same type (its decimals may lie narrower).
  public void append(Vector from, int row) {
    if (from.isNull(row)) {
      appendNull();
      return;
    }
    Vector base = from.base();
    int at = from.valueRow(row);
    switch (physical) {
      case BYTES, FIXED -> appendSegment(base.getSegment(at));
      case LIST -> {
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          children.getFirst().append(base.elements(), e);
        }
        endList();
      }
      case STRUCT -> {
        for (int f = 0; f < children.size(); f++) {
          children.get(f).append(base.children().get(f), at);
        }
        endStruct();
      }
      case FLOAT32, FLOAT64 -> appendDouble(base.getDouble(at));
      case INT128, INT256 -> appendInteger(base.getInteger(at));
      default -> appendLong(base.getLong(at));
    }
  }

  /// The vector of all rows so far. The builder must not be used afterwards.
  public Vector build() {
    return switch (physical) {
      case BYTES -> Vector.bytes(type, rows, offsets, values, validity);
      case LIST -> Vector.list(type, rows, offsets, children.getFirst().build(), validity);
      case STRUCT ->
          Vector.struct(type, rows, children.stream().map(VectorBuilder::build).toList(), validity);
      default -> Vector.fixed(type, rows, values, validity);
    };
  }

  /// Drops rows beyond `count`, to undo a row that failed half way.
  public void truncate(int count) {
    if (physical == Physical.BYTES) {
      bytes = offsets.get(Vector.I32, count * 4L);
    } else if (physical == Physical.LIST) {
      children.getFirst().truncate(offsets.get(Vector.I32, count * 4L));
    } else if (physical == Physical.STRUCT) {
      children.forEach(child -> child.truncate(count));
    }
    if (validity != null) {
      for (int row = count; row < rows; row++) {
        Validity.set(validity, row);
      }
    }
    rows = count;
  }

  private long row() {
    if (rows == capacity) {
      growRows();
    }
    return rows++;
  }

  private void growRows() {
    int wider = Math.multiplyExact(capacity, 2);
    if (offsets != null) {
      MemorySegment larger = scratch.allocate((wider + 1) * 4L);
      MemorySegment.copy(offsets, 0, larger, 0, (capacity + 1) * 4L);
      offsets = larger;
    } else if (values != null) {
      MemorySegment larger = scratch.allocate((long) wider * width);
      MemorySegment.copy(values, 0, larger, 0, (long) capacity * width);
      values = larger;
    }
    if (validity != null) {
      MemorySegment larger = Validity.allSet(wider, scratch);
      MemorySegment.copy(validity, 0, larger, 0, Validity.bytes(capacity));
      validity = larger;
    }
    capacity = wider;
  }

  private void growBytes(int more) {
    long needed = (long) bytes + more;
    if (needed > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("a column of a batch would hold more than 2 GiB");
    }
    if (needed > values.byteSize()) {
      long size = Math.min(Integer.MAX_VALUE - 16L, Math.max(needed, values.byteSize() * 2));
      MemorySegment larger = scratch.allocate(size);
      MemorySegment.copy(values, 0, larger, 0, bytes);
      values = larger;
    }
  }
}
