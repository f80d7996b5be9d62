// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Columns of Native blocks as vectors over arrays. One thread.
///
/// Bytes come from outside: memory is taken as they come, never because a length says so.
final class NativeColumns {
  private static final int PIECE_BYTES = 1 << 16;
  private static final int DICTIONARY_VERSION = 1;
  private static final int KEY_WIDTH_MASK = 0xFF;
  private static final long HAS_KEYS = 1 << 9;

  private final ByteInput input;

  NativeColumns(ByteInput input) {
    this.input = input;
  }

  /// A number that counts something.
  int count(String what, int most) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      input.require(1, what);
      byte b = input.bytes[input.from++];
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        break;
      }
    }
    if (value < 0 || value > most) {
      throw malformed(what + " is " + value + ", so these bytes are not Native");
    }
    return (int) value;
  }

  String text() throws IOException {
    return new String(bytes(count("the length of a name", PIECE_BYTES)), StandardCharsets.UTF_8);
  }

  private static VarveException malformed(String what) {
    return new VarveException(ErrorCode.CANNOT_PARSE_INPUT, what);
  }

  private byte[] bytes(long count) throws IOException {
    byte[] bytes = new byte[(int) Math.min(count, PIECE_BYTES)];
    int filled = 0;
    while (filled < count) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(count, bytes.length * 2L));
      }
      input.require(1, "a column");
      int piece = Math.min(bytes.length - filled, input.to - input.from);
      System.arraycopy(input.bytes, input.from, bytes, filled, piece);
      input.from += piece;
      filled += piece;
    }
    return bytes;
  }

  private MemorySegment segment(long count) throws IOException {
    if (count > Integer.MAX_VALUE - 16) {
      throw malformed("a column of " + count + " bytes is more than a block can hold");
    }
    return MemorySegment.ofArray(bytes(count));
  }

  private long number() throws IOException {
    input.require(8, "a number");
    long value = MemorySegment.ofArray(input.bytes).get(Vector.I64, input.from);
    input.from += 8;
    return value;
  }

  /// The values of so many rows.
  Vector column(DataType type, int rows) throws IOException {
    return switch (type) {
      case DataType.LowCardinality(DataType inner) -> dictionary(inner, rows);
      case DataType.SimpleAggregate(String _, DataType inner) -> column(inner, rows).as(type);
      case DataType.Nullable(DataType inner) -> {
        MemorySegment validity = validity(rows);
        yield column(inner, rows).withValidity(validity).as(type);
      }
      case DataType.Array(DataType element) -> {
        MemorySegment offsets = offsets(rows);
        Vector elements = column(element, offsets.get(Vector.I32, rows * 4L));
        yield Vector.list(type, rows, offsets, elements, null);
      }
      case DataType.MapOf map -> {
        MemorySegment offsets = offsets(rows);
        int entries = offsets.get(Vector.I32, rows * 4L);
        List<Vector> pair = List.of(column(map.key(), entries), column(map.value(), entries));
        Vector pairs = Vector.struct(DataTypes.entries(map), entries, pair, null);
        yield Vector.list(type, rows, offsets, pairs, null);
      }
      case DataType.Tuple(List<String> _, List<DataType> fields) -> {
        List<Vector> children = new ArrayList<>();
        for (DataType field : fields) {
          children.add(column(field, rows));
        }
        yield Vector.struct(type, rows, children, null);
      }
      case DataType.Text _, DataType.AggregateState _ -> texts(type, rows);
      default -> fixed(type, rows);
    };
  }

  private MemorySegment validity(int rows) throws IOException {
    byte[] flags = bytes(rows);
    MemorySegment validity = MemorySegment.ofArray(new byte[(int) Validity.bytes(rows)]);
    for (int i = 0; i < rows; i++) {
      if (flags[i] == 0) {
        Validity.set(validity, i);
      }
    }
    return validity;
  }

  private MemorySegment offsets(int rows) throws IOException {
    MemorySegment ends = segment(rows * 8L);
    MemorySegment offsets = MemorySegment.ofArray(new byte[rows * 4 + 4]);
    long last = 0;
    for (int i = 0; i < rows; i++) {
      long end = ends.get(Vector.I64, i * 8L);
      if (end < last || end > Integer.MAX_VALUE) {
        throw malformed("a list ends at element " + end + ", the one before it at " + last);
      }
      offsets.set(Vector.I32, i * 4L + 4, (int) end);
      last = end;
    }
    return offsets;
  }

  private Vector texts(DataType type, int rows) throws IOException {
    ByteSink values = new ByteSink();
    MemorySegment offsets = MemorySegment.ofArray(new byte[rows * 4 + 4]);
    for (int i = 0; i < rows; i++) {
      values.put(bytes(count("the length of a string", Integer.MAX_VALUE - 16)));
      offsets.set(Vector.I32, i * 4L + 4, values.size());
    }
    MemorySegment bytes = MemorySegment.ofArray(values.array()).asSlice(0, values.size());
    return Vector.bytes(type, rows, offsets, bytes, null);
  }

  private Vector fixed(DataType type, int rows) throws IOException {
    if (type instanceof DataType.Decimal(int precision, int _) && precision <= 9) {
      MemorySegment narrow = segment(rows * 4L);
      MemorySegment wide = MemorySegment.ofArray(new byte[rows * 8]);
      for (int i = 0; i < rows; i++) {
        wide.set(Vector.I64, i * 8L, narrow.get(Vector.I32, i * 4L));
      }
      return Vector.fixed(type, Physical.INT64, rows, wide, null);
    }
    MemorySegment values = segment((long) rows * type.width());
    if (type instanceof DataType.Uuid) {
      // Two halves, each little-endian; with us the bytes stand as they are read aloud.
      for (int half = 0; half < rows * 2; half++) {
        long swapped = Long.reverseBytes(values.get(Vector.I64, half * 8L));
        values.set(Vector.I64, half * 8L, swapped);
      }
    } else if (type instanceof DataType.Enumeration labels) {
      check(labels, Vector.fixed(type, rows, values, null));
    }
    return Vector.fixed(type, rows, values, null);
  }

  private static void check(DataType.Enumeration labels, Vector values) {
    for (int i = 0; i < values.rows(); i++) {
      long number = values.getLong(i);
      // Zero also stands where a value is NULL.
      if (number != 0 && labels.textOf(number) == null) {
        throw malformed(number + " is not a value of " + labels.name());
      }
    }
  }

  /// Keys, then a number of a key for each row. A nullable type keeps NULL as its first key.
  private Vector dictionary(DataType inner, int rows) throws IOException {
    DataType type = new DataType.LowCardinality(inner);
    if (rows == 0) {
      return column(inner, 0).as(type);
    }
    long version = number();
    long kind = number();
    if (version != DICTIONARY_VERSION || (kind & HAS_KEYS) == 0) {
      throw malformed("LowCardinality of version " + version + " and kind " + kind + " is unknown");
    }
    DataType plain = inner instanceof DataType.Nullable(DataType value) ? value : inner;
    int keys = (int) Math.clamp(number(), 0, Integer.MAX_VALUE);
    Vector dictionary = column(plain, keys);
    if (number() != rows) {
      throw malformed("LowCardinality has not as many rows as its block");
    }
    int width = 1 << (kind & KEY_WIDTH_MASK);
    MemorySegment indexes = segment((long) rows * width);
    MemorySegment codes = MemorySegment.ofArray(new byte[rows * 4]);
    MemorySegment validity = MemorySegment.ofArray(new byte[(int) Validity.bytes(rows)]);
    for (int i = 0; i < rows; i++) {
      long code = key(indexes, i, width);
      if (code < 0 || code >= keys) {
        throw malformed("LowCardinality names key " + code + " of " + keys);
      }
      codes.set(Vector.I32, i * 4L, (int) code);
      if (!inner.isNullable() || code != 0) {
        Validity.set(validity, i);
      }
    }
    return Vector.dictionary(type, rows, codes, dictionary, inner.isNullable() ? validity : null);
  }

  private static long key(MemorySegment indexes, int row, int width) {
    return switch (width) {
      case 1 -> indexes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, row) & 0xFFL;
      case 2 -> indexes.get(Vector.I16, row * 2L) & 0xFFFFL;
      case 4 -> indexes.get(Vector.I32, row * 4L) & 0xFFFFFFFFL;
      case 8 -> indexes.get(Vector.I64, row * 8L);
      default -> -1;
    };
  }
}
