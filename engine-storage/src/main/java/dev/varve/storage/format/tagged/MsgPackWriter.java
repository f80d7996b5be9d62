// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.tagged;

import dev.varve.storage.format.ByteSink;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// MessagePack: the values of a row one after another, and nothing around them. Strings are `bin`,
/// a UUID is an extension of kind 2, enumerations are their numbers.
public final class MsgPackWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;
  static final int UUID_KIND = 2;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();

  public MsgPackWriter(OutputStream out) {
    this.out = out;
  }

  @Override
  public String contentType() {
    return "application/vnd.msgpack";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      for (Vector column : batch.columns()) {
        value(column, row);
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void value(Vector vector, int row) {
    if (vector.isNull(row)) {
      sink.put(0xc0);
      return;
    }
    Vector base = vector.base();
    int at = vector.valueRow(row);
    DataType type = vector.type().unwrapped();
    int wide = StoredNumbers.wideBytes(type);
    if (wide > 0) {
      bytes(MemorySegment.ofArray(StoredNumbers.bytes(base, at, wide)));
      return;
    }
    switch (type) {
      case DataType.Float(int bits) -> floating(base.getDouble(at), bits);
      case DataType.Text _, DataType.FixedText _, DataType.Ipv6 _, DataType.AggregateState _ ->
          bytes(base.getSegment(at));
      case DataType.Uuid _ -> sink.put(0xd8).put(UUID_KIND).put(base.getSegment(at));
      case DataType.Array _ -> {
        head(base.listTo(at) - base.listFrom(at), 0x90, 0xdc);
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          value(base.elements(), e);
        }
      }
      case DataType.MapOf _ -> {
        head(base.listTo(at) - base.listFrom(at), 0x80, 0xde);
        List<Vector> pair = base.elements().children();
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          value(pair.get(0), e);
          value(pair.get(1), e);
        }
      }
      case DataType.Tuple _ -> {
        head(base.children().size(), 0x90, 0xdc);
        base.children().forEach(field -> value(field, at));
      }
      case DataType.Int(int _, boolean signed) -> whole(base.getLong(at), !signed);
      case DataType.Nothing _ -> sink.put(0xc0);
      case DataType.Decimal _,
          DataType.Date32 _,
          DataType.Time _,
          DataType.Time64 _,
          DataType.Enumeration _ ->
          whole(base.getLong(at), false);
      // Ticks go out as unsigned, which is how readers of this format have always seen them.
      case DataType.Bool _,
          DataType.Date _,
          DataType.DateTime _,
          DataType.DateTime64 _,
          DataType.Ipv4 _ ->
          whole(base.getLong(at), true);
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    }
  }

  private void bytes(MemorySegment value) {
    long length = value.byteSize();
    if (length < 0x100) {
      sink.put(0xc4);
      bigEndian(length, 1);
    } else if (length < 0x10000) {
      sink.put(0xc5);
      bigEndian(length, 2);
    } else {
      sink.put(0xc6);
      bigEndian(length, 4);
    }
    sink.put(value);
  }

  /// @param small the tag of up to 15 elements
  /// @param large the tag of up to 65,535; the one behind it is for more
  private void head(int count, int small, int large) {
    if (count < 16) {
      sink.put(small | count);
    } else if (count < 0x10000) {
      sink.put(large);
      bigEndian(count, 2);
    } else {
      sink.put(large + 1);
      bigEndian(count, 4);
    }
  }

  private void floating(double value, int bits) {
    if (bits == 32) {
      sink.put(0xca);
      bigEndian(Float.floatToRawIntBits((float) value), 4);
    } else {
      sink.put(0xcb);
      bigEndian(Double.doubleToRawLongBits(value), 8);
    }
  }

  /// A number in as few bytes as hold it.
  private void whole(long value, boolean unsigned) {
    if (value < 0 && !unsigned) {
      negative(value);
    } else if (value >= 0 && value < 0x80) {
      sink.put((int) value);
    } else if (value >= 0 && value < 0x100) {
      sink.put(0xcc);
      bigEndian(value, 1);
    } else if (value >= 0 && value < 0x10000) {
      sink.put(0xcd);
      bigEndian(value, 2);
    } else if (value >= 0 && value < 0x1_0000_0000L) {
      sink.put(0xce);
      bigEndian(value, 4);
    } else {
      sink.put(0xcf);
      bigEndian(value, 8);
    }
  }

  private void negative(long value) {
    if (value >= -32) {
      sink.put((int) value);
    } else if (value >= Byte.MIN_VALUE) {
      sink.put(0xd0);
      bigEndian(value, 1);
    } else if (value >= Short.MIN_VALUE) {
      sink.put(0xd1);
      bigEndian(value, 2);
    } else if (value >= Integer.MIN_VALUE) {
      sink.put(0xd2);
      bigEndian(value, 4);
    } else {
      sink.put(0xd3);
      bigEndian(value, 8);
    }
  }

  private void bigEndian(long value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
      sink.put((int) (value >>> 8 * i));
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.drainTo(out);
    out.flush();
  }
}
