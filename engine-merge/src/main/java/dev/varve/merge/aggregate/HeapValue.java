// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// A value that outlives its batch: one row, on the heap, in the width of its type. Its bytes are
/// the value as vectors hold it, so that equal bytes are equal values, but for -0, which becomes 0,
/// and NaN, all of which become one. A list is the number of its elements and each element, a tuple
/// each field; an element is a blob, and where its type is nullable a byte before says whether it
/// is NULL (1).
///
/// `bytes` is null for NULL.
public record HeapValue(DataType type, byte[] bytes) implements Comparable<HeapValue> {

  /// A copy of a row; NULL where the row is.
  public static HeapValue of(Vector vector, int row, DataType type) {
    return new HeapValue(type, vector.isNull(row) ? null : encoded(vector, row, type));
  }

  /// A Float64.
  static HeapValue of(double value) {
    return new HeapValue(DataTypes.FLOAT64, little(Double.doubleToLongBits(value + 0.0), 8));
  }

  private static byte[] encoded(Vector vector, int row, DataType type) {
    Vector base = vector.base();
    int at = vector.valueRow(row);
    return switch (type.physical()) {
      case BYTES, FIXED -> base.getSegment(at).toArray(JAVA_BYTE);
      case FLOAT32 -> little(Float.floatToIntBits((float) base.getDouble(at) + 0.0f), 4);
      case FLOAT64 -> little(Double.doubleToLongBits(base.getDouble(at) + 0.0), 8);
      case INT8, INT16, INT32, INT64 -> little(base.getLong(at), type.width());
      case INT128, INT256 -> little(base.getInteger(at), type.width());
      case LIST -> {
        StateWriter writer = new StateWriter();
        writer.putVarint(base.listTo(at) - base.listFrom(at));
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          of(base.elements(), e, elementType(type)).write(writer);
        }
        yield writer.bytes();
      }
      case STRUCT -> {
        StateWriter writer = new StateWriter();
        List<DataType> fields = ((DataType.Tuple) type.unwrapped()).fields();
        for (int f = 0; f < fields.size(); f++) {
          of(base.children().get(f), at, fields.get(f)).write(writer);
        }
        yield writer.bytes();
      }
    };
  }

  static DataType elementType(DataType type) {
    return type.unwrapped() instanceof DataType.MapOf map
        ? DataTypes.entries(map)
        : ((DataType.Array) type.unwrapped()).element();
  }

  static byte[] little(long value, int width) {
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  static byte[] little(BigInteger value, int width) {
    byte[] big = value.toByteArray();
    byte[] bytes = new byte[width];
    byte fill = (byte) (value.signum() < 0 ? -1 : 0);
    for (int i = 0; i < width; i++) {
      int from = big.length - 1 - i;
      bytes[i] = from >= 0 ? big[from] : fill;
    }
    return bytes;
  }

  public boolean isNull() {
    return bytes == null;
  }

  /// The value as a column of one row.
  public Vector vector() {
    return HeapVectors.of(type, bytes == null ? Collections.singletonList(null) : List.of(bytes));
  }

  /// Appends the value to a column of its type.
  public void appendTo(VectorBuilder to) {
    to.append(vector(), 0);
  }

  static boolean isPlain(DataType type) {
    return type.physical() != Physical.LIST && type.physical() != Physical.STRUCT;
  }

  public void write(StateWriter to) {
    if (type.isNullable()) {
      to.putByte(bytes == null ? 1 : 0);
    }
    if (bytes != null) {
      to.putBlob(bytes);
    }
  }

  public static HeapValue read(StateReader from, DataType type) {
    if (type.isNullable() && from.readByte() != 0) {
      return new HeapValue(type, null);
    }
    byte[] bytes = from.readBlob();
    boolean fixed = isPlain(type) && type.physical() != Physical.BYTES;
    if (fixed && bytes.length != type.width()) {
      throw from.bad("a " + type.name() + " of " + bytes.length + " bytes");
    }
    if (!isPlain(type)) {
      HeapVectors.check(type, bytes, from);
    }
    return new HeapValue(type, bytes);
  }

  @Override
  public int compareTo(HeapValue other) {
    return ValueOrder.compare(vector(), 0, other.vector(), 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeapValue that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Whether this beats another as the greatest or least so far; see [ValueOrder#isBetter].
  public boolean isBetter(HeapValue best, boolean greatest) {
    return ValueOrder.isBetter(vector(), 0, best.vector(), 0, greatest);
  }

  /// Of a value of at most eight bytes that is no fraction.
  long asLong() {
    return vector().getLong(0);
  }

  /// A number as a double; decimals with their scale.
  public double asDouble() {
    return Numeric.doubleOf(vector(), 0);
  }

  /// A segment over the bytes of a text.
  MemorySegment segment() {
    return MemorySegment.ofArray(bytes);
  }
}
