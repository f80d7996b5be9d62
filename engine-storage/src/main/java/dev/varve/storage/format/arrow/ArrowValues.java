// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import dev.varve.storage.format.TypedValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;

/// Reads the values of Arrow's columns into ours. One thread.
final class ArrowValues {
  private static final int MAX_ELEMENTS = 1 << 24;

  private final TypedValues typed = new TypedValues();

  void read(ArrowColumn from, int row, VectorBuilder to) {
    if (from.isNull(row)) {
      TypedValues.none(to);
      return;
    }
    if (from.dictionary() != null) {
      Int type = from.field().dictionary().indexType();
      long index = type == null ? from.data().getInt(row * 4) : whole(from.data(), row, type);
      read(from.dictionary(), Math.toIntExact(index), to);
      return;
    }
    switch (from.type()) {
      case Type.Int -> integer(from, row, to);
      case Type.FloatingPoint -> real(from, row, to);
      case Type.Bool -> typed.truth(to, (from.data().get(row >>> 3) >>> (row & 7) & 1) != 0);
      case Type.Utf8, Type.LargeUtf8 -> {
        byte[] text = bytes(from, row);
        typed.text(to, text, 0, text.length);
      }
      case Type.Binary, Type.LargeBinary, Type.FixedSizeBinary -> {
        byte[] bytes = bytes(from, row);
        typed.bytes(to, bytes, 0, bytes.length);
      }
      case Type.Decimal -> decimal(from, row, to);
      case Type.Date -> date(from, row, to);
      case Type.Time -> {
        Time type = (Time) from.field().type(new Time());
        long ticks =
            type.bitWidth() == 32 ? from.data().getInt(row * 4) : from.data().getLong(row * 8);
        TypedValues.span(to, ticks, 3 * type.unit());
      }
      case Type.Timestamp ->
          TypedValues.instant(
              to,
              from.data().getLong(row * 8),
              3 * ((Timestamp) from.field().type(new Timestamp())).unit());
      case Type.List, Type.LargeList, Type.FixedSizeList -> list(from, row, to);
      case Type.Map -> map(from, row, to);
      case Type.Struct_ -> struct(from, row, to);
      default -> throw TypedValues.mismatch(to, "Arrow's " + Type.name(from.type()));
    }
  }

  private void integer(ArrowColumn from, int row, VectorBuilder to) {
    Int type = (Int) from.field().type(new Int());
    long value = whole(from.data(), row, type);
    if (type.isSigned()) {
      typed.number(to, value);
    } else {
      typed.unsigned(to, value);
    }
  }

  private static long whole(ByteBuffer data, int row, Int type) {
    long value =
        switch (type.bitWidth()) {
          case 8 -> data.get(row);
          case 16 -> data.getShort(row * 2);
          case 32 -> data.getInt(row * 4);
          case 64 -> data.getLong(row * 8);
          default -> throw ArrowColumn.malformed("Arrow integers of " + type.bitWidth() + " bits");
        };
    return type.isSigned() ? value : value & -1L >>> 64 - type.bitWidth();
  }

  private void real(ArrowColumn from, int row, VectorBuilder to) {
    int precision = ((FloatingPoint) from.field().type(new FloatingPoint())).precision();
    typed.real(
        to,
        switch (precision) {
          case Precision.HALF -> Float.float16ToFloat(from.data().getShort(row * 2));
          case Precision.SINGLE -> from.data().getFloat(row * 4);
          default -> from.data().getDouble(row * 8);
        });
  }

  private static byte[] bytes(ArrowColumn from, int row) {
    int begin;
    int length;
    if (from.type() == Type.FixedSizeBinary) {
      length = ((FixedSizeBinary) from.field().type(new FixedSizeBinary())).byteWidth();
      begin = Math.multiplyExact(row, length);
    } else {
      begin = from.offset(row);
      length = Math.subtractExact(from.offset(row + 1), begin);
    }
    if (length < 0 || length > from.data().capacity()) {
      throw ArrowColumn.malformed("an Arrow value of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    from.data().get(begin, bytes);
    return bytes;
  }

  private static void decimal(ArrowColumn from, int row, VectorBuilder to) {
    Decimal type = (Decimal) from.field().type(new Decimal());
    int width = type.bitWidth() / 8;
    if (width < 1 || width > 32) {
      throw ArrowColumn.malformed("Arrow decimals of " + type.bitWidth() + " bits");
    }
    byte[] bigEndian = new byte[width];
    for (int i = 0; i < width; i++) {
      bigEndian[width - 1 - i] = from.data().get(row * width + i);
    }
    TypedValues.decimal(to, new BigInteger(bigEndian), type.scale());
  }

  private static void date(ArrowColumn from, int row, VectorBuilder to) {
    if (((Date) from.field().type(new Date())).unit() == DateUnit.DAY) {
      TypedValues.days(to, from.data().getInt(row * 4));
    } else {
      TypedValues.instant(to, from.data().getLong(row * 8), 3);
    }
  }

  private void list(ArrowColumn list, int row, VectorBuilder to) {
    if (!(to.type().unwrapped() instanceof DataType.Array)) {
      throw TypedValues.mismatch(to, "a list");
    }
    elements(list, row);
    for (int i = list.listFrom(row); i < list.listTo(row); i++) {
      read(list.children().getFirst(), i, to.child(0));
    }
    to.endList();
  }

  /// Elements that take no bytes could else be claimed without end.
  private static void elements(ArrowColumn list, int row) {
    long count = (long) list.listTo(row) - list.listFrom(row);
    if (count < 0 || list.listFrom(row) < 0 || count > MAX_ELEMENTS) {
      throw ArrowColumn.malformed("an Arrow list of " + count + " elements");
    }
  }

  private void map(ArrowColumn map, int row, VectorBuilder to) {
    if (!(to.type().unwrapped() instanceof DataType.MapOf)) {
      throw TypedValues.mismatch(to, "a map");
    }
    elements(map, row);
    ArrowColumn entries = map.children().getFirst();
    VectorBuilder into = to.child(0);
    for (int i = map.listFrom(row); i < map.listTo(row); i++) {
      read(entries.children().get(0), i, into.child(0));
      read(entries.children().get(1), i, into.child(1));
      into.endStruct();
    }
    to.endList();
  }

  private void struct(ArrowColumn struct, int row, VectorBuilder to) {
    boolean fits =
        to.type().unwrapped() instanceof DataType.Tuple tuple
            && tuple.fields().size() == struct.children().size();
    if (!fits) {
      throw TypedValues.mismatch(to, "a struct of " + struct.children().size() + " fields");
    }
    for (int i = 0; i < struct.children().size(); i++) {
      read(struct.children().get(i), row, to.child(i));
    }
    to.endStruct();
  }
}
