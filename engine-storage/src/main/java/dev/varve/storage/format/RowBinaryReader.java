// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Rows of RowBinary; the counterpart of [BinaryWriter].
final class RowBinaryReader implements RowsReader {
  private final ByteInput input;
  private final List<ColumnDefinition> columns;
  private final boolean withNames;
  private final boolean withTypes;
  private final boolean withDefaults;
  private boolean begun;
  private int[] order;

  RowBinaryReader(
      InputStream in, List<ColumnDefinition> columns, boolean withNames, boolean withTypes) {
    this(new ByteInput(in), columns, withNames, withTypes, false, FieldOrder.natural(columns));
  }

  /// Values behind a byte each, which is 1 where the column's default stands for the value.
  static RowBinaryReader withDefaults(InputStream in, List<ColumnDefinition> columns) {
    return new RowBinaryReader(
        new ByteInput(in), columns, false, false, true, FieldOrder.natural(columns));
  }

  /// @param order the columns that the values of a row are
  RowBinaryReader(ByteInput input, List<ColumnDefinition> columns, int[] order) {
    this(input, columns, false, false, false, order);
  }

  private RowBinaryReader(
      ByteInput input,
      List<ColumnDefinition> columns,
      boolean withNames,
      boolean withTypes,
      boolean withDefaults,
      int[] order) {
    this.input = input;
    this.columns = columns;
    this.withNames = withNames;
    this.withTypes = withTypes;
    this.withDefaults = withDefaults;
    this.order = order;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    if (!begun) {
      begun = true;
      header();
    }
    int count = 0;
    while (count < maxRows && !input.isEmpty()) {
      input.row++;
      try {
        for (int column : order) {
          value(rows, column);
        }
      } catch (VarveException e) {
        rows.truncate(rows.rows());
        throw FieldOrder.inRow(input.row, e);
      }
      rows.endRow();
      count++;
    }
    return count;
  }

  private void value(RowBuilders rows, int column) throws IOException {
    try {
      if (withDefaults) {
        input.require(1, "a flag of defaults");
        if (input.bytes[input.from++] != 0) {
          return;
        }
      }
      value(rows.builder(column), columns.get(column).type());
    } catch (VarveException e) {
      String name = columns.get(column).name();
      throw new VarveException(e.code(), "column \"" + name + "\": " + e.getMessage(), e);
    }
  }

  private void header() throws IOException {
    if (!withNames || input.isEmpty()) {
      return;
    }
    int count = length("the header");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(text());
    }
    order = FieldOrder.named(names, columns, false);
    for (int i = 0; withTypes && i < count; i++) {
      DataType sent = DataTypes.parse(text());
      DataType stored = columns.get(order[i]).type();
      if (!sent.equals(stored)) {
        throw new VarveException(
            ErrorCode.TYPE_MISMATCH,
            "column \""
                + names.get(i)
                + "\" is sent as "
                + sent.name()
                + " and stored as "
                + stored.name()
                + "; RowBinary does not convert, so send the stored type");
      }
    }
  }

  private void value(VectorBuilder to, DataType type) throws IOException {
    if (type.isNullable()) {
      input.require(1, "a NULL flag");
      if (input.bytes[input.from++] != 0) {
        to.appendNull();
        return;
      }
    }
    switch (type.unwrapped()) {
      case DataType.Float(int bits) -> {
        long raw = littleEndian(bits / 8);
        to.appendDouble(
            bits == 32 ? Float.intBitsToFloat((int) raw) : Double.longBitsToDouble(raw));
      }
      case DataType.Decimal decimal -> {
        int p = decimal.precision();
        wide(to, p <= 9 ? 4 : p <= 18 ? 8 : p <= 38 ? 16 : 32, true);
      }
      case DataType.Int integer -> wide(to, integer.bits() / 8, integer.signed());
      case DataType.Text _, DataType.AggregateState _ -> bytes(to, length("a string"));
      case DataType.FixedText _, DataType.Ipv6 _ -> bytes(to, type.width());
      case DataType.Uuid _ -> uuid(to);
      case DataType.Array(DataType element) -> {
        int count = length("an array");
        for (int i = 0; i < count; i++) {
          value(to.child(0), element);
        }
        to.endList();
      }
      case DataType.MapOf map -> {
        int count = length("a map");
        for (int i = 0; i < count; i++) {
          value(to.child(0).child(0), map.key());
          value(to.child(0).child(1), map.value());
          to.child(0).endStruct();
        }
        to.endList();
      }
      case DataType.Tuple tuple -> {
        for (int f = 0; f < tuple.fields().size(); f++) {
          value(to.child(f), tuple.fields().get(f));
        }
        to.endStruct();
      }
      case DataType.Enumeration labels -> {
        long number = signed(labels.bits() / 8);
        if (labels.textOf(number) == null) {
          throw new VarveException(
              ErrorCode.INCORRECT_DATA, number + " is not a value of " + labels.name());
        }
        to.appendLong(number);
      }
      case DataType.Bool _,
          DataType.Date _,
          DataType.Date32 _,
          DataType.DateTime _,
          DataType.DateTime64 _,
          DataType.Time _,
          DataType.Time64 _,
          DataType.Ipv4 _,
          DataType.Nothing _ ->
          to.appendLong(littleEndian(type.width()));
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    }
  }

  private void wide(VectorBuilder to, int width, boolean signed) throws IOException {
    if (width <= 8) {
      to.appendLong(signed ? signed(width) : littleEndian(width));
      return;
    }
    input.require(width, "a number");
    byte[] bigEndian = new byte[width];
    for (int i = 0; i < width; i++) {
      bigEndian[width - 1 - i] = input.bytes[input.from + i];
    }
    input.from += width;
    to.appendInteger(signed ? new BigInteger(bigEndian) : new BigInteger(1, bigEndian));
  }

  private void bytes(VectorBuilder to, int length) throws IOException {
    input.require(length, "a string");
    to.appendBytes(input.bytes, input.from, length);
    input.from += length;
  }

  private void uuid(VectorBuilder to) throws IOException {
    input.require(16, "a UUID");
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[7 - i] = input.bytes[input.from + i];
      bytes[15 - i] = input.bytes[input.from + 8 + i];
    }
    input.from += 16;
    to.appendBytes(bytes);
  }

  private long littleEndian(int width) throws IOException {
    input.require(width, "a number");
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (input.bytes[input.from + i] & 0xFFL) << (8 * i);
    }
    input.from += width;
    return value;
  }

  private long signed(int width) throws IOException {
    int unused = 64 - 8 * width;
    return littleEndian(width) << unused >> unused;
  }

  private int length(String what) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      input.require(1, "the length of " + what);
      byte b = input.bytes[input.from++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        if (value > Integer.MAX_VALUE) {
          break;
        }
        return (int) value;
      }
    }
    throw new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT,
        "the length of " + what + " is beyond 2 GiB, so these bytes are not RowBinary");
  }

  private String text() throws IOException {
    int length = length("a name");
    input.require(length, "a name");
    String text = new String(input.bytes, input.from, length, StandardCharsets.UTF_8);
    input.from += length;
    return text;
  }
}
