// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.tagged;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowsReader;
import dev.varve.storage.format.TypedValues;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Rows of MessagePack: as many values as there are columns make a row. Numbers of decimals and
/// moments are taken as they are stored, as [MsgPackWriter] writes them.
public final class MsgPackReader implements RowsReader {
  private static final int MOST_BYTES = 256 << 20;

  private final BufferedInputStream bytes;
  private final DataInputStream in;
  private final List<ColumnDefinition> columns;
  private final TypedValues typed = new TypedValues();
  private long row;

  public MsgPackReader(InputStream in, List<ColumnDefinition> columns) {
    this.bytes = new BufferedInputStream(in, 1 << 16);
    this.in = new DataInputStream(bytes);
    this.columns = columns;
  }

  @Override
  public int read(RowBuilders rows, int maxRows) throws IOException {
    int count = 0;
    while (count < maxRows && !atEnd()) {
      row++;
      for (int c = 0; c < columns.size(); c++) {
        try {
          value(rows.builder(c));
        } catch (VarveException e) {
          throw TypedValues.inField(row, columns.get(c).name(), e);
        }
      }
      rows.endRow();
      count++;
    }
    return count;
  }

  private boolean atEnd() throws IOException {
    bytes.mark(1);
    if (bytes.read() < 0) {
      return true;
    }
    bytes.reset();
    return false;
  }

  private void value(VectorBuilder to) throws IOException {
    int tag = in.readUnsignedByte();
    if (tag < 0x80) {
      whole(to, tag, false);
    } else if (tag < 0x90) {
      map(to, tag & 15);
    } else if (tag < 0xa0) {
      list(to, tag & 15);
    } else if (tag < 0xc0) {
      bytes(to, tag & 31);
    } else if (tag >= 0xe0) {
      whole(to, (byte) tag, false);
    } else {
      tagged(to, tag);
    }
  }

  private void tagged(VectorBuilder to, int tag) throws IOException {
    switch (tag) {
      case 0xc0 -> none(to);
      case 0xc2 -> typed.truth(to, false);
      case 0xc3 -> typed.truth(to, true);
      case 0xc4, 0xd9 -> bytes(to, in.readUnsignedByte());
      case 0xc5, 0xda -> bytes(to, in.readUnsignedShort());
      case 0xc6, 0xdb -> bytes(to, in.readInt());
      case 0xc7 -> extension(to, in.readUnsignedByte());
      case 0xca -> typed.real(to, in.readFloat());
      case 0xcb -> typed.real(to, in.readDouble());
      case 0xcc -> whole(to, in.readUnsignedByte(), false);
      case 0xcd -> whole(to, in.readUnsignedShort(), false);
      case 0xce -> whole(to, in.readInt() & 0xFFFF_FFFFL, false);
      case 0xcf -> whole(to, in.readLong(), true);
      case 0xd0 -> whole(to, in.readByte(), false);
      case 0xd1 -> whole(to, in.readShort(), false);
      case 0xd2 -> whole(to, in.readInt(), false);
      case 0xd3 -> whole(to, in.readLong(), false);
      case 0xd8 -> extension(to, 16);
      case 0xdc -> list(to, in.readUnsignedShort());
      case 0xdd -> list(to, in.readInt());
      case 0xde -> map(to, in.readUnsignedShort());
      case 0xdf -> map(to, in.readInt());
      default ->
          throw new VarveException(
              ErrorCode.CANNOT_PARSE_INPUT,
              "tag 0x" + Integer.toHexString(tag) + " is none that is read here");
    }
  }

  private static void none(VectorBuilder to) {
    if (to.type().isNullable()) {
      to.appendNull();
    } else {
      to.appendDefault();
    }
  }

  private void whole(VectorBuilder to, long value, boolean unsigned) {
    if (StoredNumbers.takesStored(to.type().unwrapped())) {
      StoredNumbers.append(to, value);
    } else if (unsigned) {
      typed.unsigned(to, value);
    } else {
      typed.number(to, value);
    }
  }

  private void bytes(VectorBuilder to, int length) throws IOException {
    byte[] value = taken(length);
    DataType type = to.type().unwrapped();
    if (StoredNumbers.wideBytes(type) == length && length > 0) {
      to.appendInteger(StoredNumbers.number(value, type));
    } else if (type instanceof DataType.Text
        || type instanceof DataType.FixedText
        || type instanceof DataType.Ipv6 && length == 16) {
      typed.bytes(to, value, 0, length);
    } else {
      typed.text(to, value, 0, length);
    }
  }

  private byte[] taken(int length) throws IOException {
    if (length < 0 || length > MOST_BYTES) {
      throw new VarveException(
          ErrorCode.TOO_LARGE_RECORD, "a value is larger than " + (MOST_BYTES >> 20) + " MiB");
    }
    byte[] value = in.readNBytes(length);
    if (value.length < length) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT, "the input ends in the middle of a value");
    }
    return value;
  }

  private void extension(VectorBuilder to, int length) throws IOException {
    int kind = in.readByte();
    byte[] value = taken(length);
    if (kind != MsgPackWriter.UUID_KIND || length != 16) {
      throw TypedValues.mismatch(to, "an extension of kind " + kind);
    }
    typed.bytes(to, value, 0, length);
  }

  private void list(VectorBuilder to, int count) throws IOException {
    switch (to.type().unwrapped()) {
      case DataType.Array _ -> {
        for (int i = 0; i < count; i++) {
          value(to.child(0));
        }
        to.endList();
      }
      case DataType.Tuple tuple when tuple.fields().size() == count -> {
        for (int f = 0; f < count; f++) {
          value(to.child(f));
        }
        to.endStruct();
      }
      default -> throw TypedValues.mismatch(to, "a list of " + count);
    }
  }

  private void map(VectorBuilder to, int count) throws IOException {
    if (!(to.type().unwrapped() instanceof DataType.MapOf)) {
      throw TypedValues.mismatch(to, "a map of " + count);
    }
    for (int i = 0; i < count; i++) {
      value(to.child(0).child(0));
      value(to.child(0).child(1));
      to.child(0).endStruct();
    }
    to.endList();
  }
}
