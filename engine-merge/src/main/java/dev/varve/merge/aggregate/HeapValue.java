// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/// A value that outlives its batch: one row, on the heap, in the width of its type. Its bytes are
/// the value as vectors hold it, so that equal bytes are equal values, but for -0, which becomes 0,
/// and NaN, all of which become one.
record HeapValue(DataType type, byte[] bytes) {

  /// A copy of a row, which is not NULL.
  static HeapValue of(Vector vector, int row, DataType type) {
    Vector base = vector.base();
    int at = vector.valueRow(row);
    byte[] bytes =
        switch (type.physical()) {
          case BYTES, FIXED -> base.getSegment(at).toArray(JAVA_BYTE);
          case FLOAT32 -> little(Float.floatToIntBits((float) base.getDouble(at) + 0.0f), 4);
          case FLOAT64 -> little(Double.doubleToLongBits(base.getDouble(at) + 0.0), 8);
          case INT8, INT16, INT32, INT64 -> little(base.getLong(at), type.width());
          case INT128, INT256 -> little(base.getInteger(at), type.width());
          case LIST, STRUCT -> throw new IllegalStateException("no states over " + type.name());
        };
    return new HeapValue(type, bytes);
  }

  private static byte[] little(long value, int width) {
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

  /// The value as a column of one row.
  Vector vector() {
    return vector(type, bytes);
  }

  static Vector vector(DataType type, byte[] bytes) {
    MemorySegment values = MemorySegment.ofArray(bytes);
    if (type.physical() != Physical.BYTES) {
      return Vector.fixed(type, 1, values, null);
    }
    MemorySegment offsets = MemorySegment.ofArray(new byte[8]);
    offsets.set(Vector.I32, 4, bytes.length);
    return Vector.bytes(type, 1, offsets, values, null);
  }

  static boolean isPossible(DataType type) {
    return type.physical() != Physical.LIST && type.physical() != Physical.STRUCT;
  }

  void write(StateWriter to) {
    to.putBlob(bytes);
  }

  static HeapValue read(StateReader from, DataType type) {
    byte[] bytes = from.readBlob();
    if (type.physical() != Physical.BYTES && bytes.length != type.width()) {
      throw from.bad("a " + type.name() + " of " + bytes.length + " bytes");
    }
    return new HeapValue(type, bytes);
  }

  int compareTo(HeapValue other) {
    return ValueOrder.compare(vector(), 0, other.vector(), 0);
  }
}
