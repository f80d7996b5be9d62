// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// RowBinary: values one after another, little-endian, no padding; with names and types ahead if
/// asked for.
final class BinaryWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final List<String> names;
  private final List<DataType> types;
  private final boolean withNames;
  private final boolean withTypes;

  BinaryWriter(
      OutputStream out,
      List<String> names,
      List<DataType> types,
      boolean withNames,
      boolean withTypes) {
    this.out = out;
    this.names = names;
    this.types = types;
    this.withNames = withNames;
    this.withTypes = withTypes;
  }

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public void begin() {
    if (withNames) {
      sink.putVarint(names.size());
      names.forEach(this::text);
    }
    if (withTypes) {
      types.forEach(type -> text(type.name()));
    }
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    sink.putVarint(bytes.length).put(bytes);
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      for (Vector column : batch.columns()) {
        value(column, row, column.type());
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void value(Vector vector, int row, DataType declared) {
    if (declared.isNullable()) {
      boolean isNull = vector.isNull(row);
      sink.put(isNull ? 1 : 0);
      if (isNull) {
        return;
      }
    }
    Vector base = vector.base();
    int at = vector.valueRow(row);
    switch (declared.unwrapped()) {
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
          value(base.elements(), e, element);
        }
      }
      case DataType.MapOf map -> {
        sink.putVarint(base.listTo(at) - base.listFrom(at));
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          value(base.elements().children().get(0), e, map.key());
          value(base.elements().children().get(1), e, map.value());
        }
      }
      case DataType.Tuple tuple -> {
        for (int f = 0; f < tuple.fields().size(); f++) {
          value(base.children().get(f), at, tuple.fields().get(f));
        }
      }
      case DataType.Int integer -> wide(base, at, integer.bits() / 8);
      case DataType.Bool _,
          DataType.Date _,
          DataType.Date32 _,
          DataType.DateTime _,
          DataType.DateTime64 _,
          DataType.Enumeration _,
          DataType.Ipv4 _,
          DataType.Nothing _ ->
          sink.putLittleEndian(base.getLong(at), base.width());
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + declared.name());
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

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.drainTo(out);
    out.flush();
  }
}
