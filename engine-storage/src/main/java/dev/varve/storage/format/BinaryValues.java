// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Values as RowBinary and Native write them: little-endian, without padding. One thread.
final class BinaryValues {
  private final ByteSink sink;

  BinaryValues(ByteSink sink) {
    this.sink = sink;
  }

  /// A value of a column, behind a byte that says whether it is NULL where it can be.
  void declared(Vector vector, int row, DataType declared) {
    if (declared.isNullable()) {
      boolean isNull = vector.isNull(row);
      sink.put(isNull ? 1 : 0);
      if (isNull) {
        return;
      }
    }
    value(vector.base(), vector.valueRow(row), declared.unwrapped());
  }

  /// A value that is not NULL.
  ///
  /// @param base the vector that holds it
  /// @param type unwrapped
  void value(Vector base, int at, DataType type) {
    switch (type) {
      case DataType.Float(int bits) ->
          sink.putLittleEndian(
              bits == 32
                  ? Float.floatToRawIntBits((float) base.getDouble(at))
                  : Double.doubleToRawLongBits(base.getDouble(at)),
              bits / 8);
      case DataType.Decimal decimal -> decimal(base, at, decimal);
      case DataType.Text _, DataType.AggregateState _ -> {
        MemorySegment bytes = base.getSegment(at);
        sink.putVarint(bytes.byteSize()).put(bytes);
      }
      case DataType.FixedText _, DataType.Ipv6 _ -> sink.put(base.getSegment(at));
      case DataType.Uuid _ -> {
        // Two unsigned halves, the high one first, each little-endian.
        byte[] bytes = base.getBytes(at);
        for (int half = 0; half < 16; half += 8) {
          for (int i = 7; i >= 0; i--) {
            sink.put(bytes[half + i]);
          }
        }
      }
      case DataType.Array(DataType element) -> {
        sink.putVarint(base.listTo(at) - base.listFrom(at));
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          declared(base.elements(), e, element);
        }
      }
      case DataType.MapOf map -> {
        sink.putVarint(base.listTo(at) - base.listFrom(at));
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          declared(base.elements().children().get(0), e, map.key());
          declared(base.elements().children().get(1), e, map.value());
        }
      }
      case DataType.Tuple tuple -> {
        for (int f = 0; f < tuple.fields().size(); f++) {
          declared(base.children().get(f), at, tuple.fields().get(f));
        }
      }
      case DataType.Int integer -> wide(base, at, integer.bits() / 8);
      case DataType.Bool _,
          DataType.Date _,
          DataType.Date32 _,
          DataType.DateTime _,
          DataType.DateTime64 _,
          DataType.Time _,
          DataType.Time64 _,
          DataType.Enumeration _,
          DataType.Ipv4 _,
          DataType.Nothing _ ->
          sink.putLittleEndian(base.getLong(at), base.width());
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    }
  }

  /// On the wire a decimal takes 4, 8, 16 or 32 bytes by its precision, however it lies in memory.
  private void decimal(Vector base, int row, DataType.Decimal type) {
    int p = type.precision();
    wide(base, row, p <= 9 ? 4 : p <= 18 ? 8 : p <= 38 ? 16 : 32);
  }

  private void wide(Vector base, int row, int bytes) {
    if (base.physical().isLong()) {
      long value = base.getLong(row);
      sink.putLittleEndian(value, Math.min(8, bytes));
      for (int i = 8; i < bytes; i += 8) {
        sink.putLittleEndian(value >> 63, 8);
      }
      return;
    }
    MemorySegment values = base.values();
    long at = (long) row * base.width();
    long high = 0;
    for (int i = 0; i < bytes; i += 8) {
      high = i < base.width() ? values.get(Vector.I64, at + i) : high >> 63;
      sink.putLittleEndian(high, 8);
    }
  }
}
