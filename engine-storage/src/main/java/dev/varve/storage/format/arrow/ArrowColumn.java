// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Type;

/// A column of an Arrow batch over the bytes that hold it. Every access is checked by the buffers.
///
/// @param validity a bit for each row, or empty where none is NULL
/// @param offsets of values of their own length, or null
/// @param data the values, or null for lists and structs
/// @param dictionary what the values are numbers of rows in, or null
record ArrowColumn(
    Field field,
    int type,
    ByteBuffer validity,
    ByteBuffer offsets,
    ByteBuffer data,
    List<ArrowColumn> children,
    ArrowColumn dictionary) {
  static final int MAX_DEPTH = 32;
  static final int MAX_FIELDS = 10_000;

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  /// Bytes that are no Arrow, or some that is not read.
  static VarveException malformed(String what) {
    return new VarveException(ErrorCode.INCORRECT_DATA, what);
  }

  boolean isNull(int row) {
    return type == Type.Null
        || validity.capacity() > 0 && (validity.get(row >>> 3) >>> (row & 7) & 1) == 0;
  }

  /// Where a value begins in what offsets point into; that of the row behind it is its end.
  int offset(int row) {
    return type == Type.LargeUtf8 || type == Type.LargeBinary || type == Type.LargeList
        ? Math.toIntExact(offsets.getLong(Math.multiplyExact(row, 8)))
        : offsets.getInt(Math.multiplyExact(row, 4));
  }

  int listFrom(int row) {
    return type == Type.FixedSizeList ? Math.multiplyExact(row, listSize()) : offset(row);
  }

  int listTo(int row) {
    return type == Type.FixedSizeList ? Math.multiplyExact(row + 1, listSize()) : offset(row + 1);
  }

  private int listSize() {
    return ((FixedSizeList) field.type(new FixedSizeList())).listSize();
  }

  /// Hands out the nodes and buffers of a batch in the order of the schema's fields.
  static final class Source {
    private final RecordBatch batch;
    private final ByteBuffer body;
    private final Map<Long, ArrowColumn> dictionaries;
    private int node;
    private int buffer;
    private long nulls;

    /// @param packed whether buffers may be compressed, so that they take more than the body
    Source(
        RecordBatch batch, ByteBuffer body, Map<Long, ArrowColumn> dictionaries, boolean packed) {
      this.batch = batch;
      this.body = body;
      this.dictionaries = dictionaries;
      if (batch.compression() != null && !packed) {
        throw malformed("compressed Arrow buffers are not read; write without");
      }
    }

    /// A column, or the numbers into its dictionary.
    ArrowColumn column(Field field) {
      return field.dictionary() == null ? values(field) : indexes(field);
    }

    private ArrowColumn indexes(Field field) {
      ArrowColumn dictionary = dictionaries.get(field.dictionary().id());
      if (dictionary == null) {
        throw malformed("an Arrow dictionary is missing");
      }
      node();
      ByteBuffer validity = validity();
      return new ArrowColumn(field, Type.Int, validity, null, next(), List.of(), dictionary);
    }

    /// The values themselves of a field.
    ArrowColumn values(Field field) {
      return values(field, 0);
    }

    private ArrowColumn values(Field field, int depth) {
      if (depth > MAX_DEPTH) {
        throw malformed("Arrow columns nested too deep");
      }
      node();
      int type = field.typeType();
      return switch (type) {
        case Type.Null -> new ArrowColumn(field, type, NONE, null, null, List.of(), null);
        case Type.Utf8, Type.Binary, Type.LargeUtf8, Type.LargeBinary -> {
          ByteBuffer validity = validity();
          ByteBuffer offsets = next();
          yield new ArrowColumn(field, type, validity, offsets, next(), List.of(), null);
        }
        case Type.List, Type.LargeList, Type.Map -> {
          ByteBuffer validity = validity();
          ByteBuffer offsets = next();
          yield new ArrowColumn(field, type, validity, offsets, null, children(field, depth), null);
        }
        case Type.Struct_, Type.FixedSizeList -> {
          ByteBuffer validity = validity();
          yield new ArrowColumn(field, type, validity, null, null, children(field, depth), null);
        }
        case Type.Int,
            Type.FloatingPoint,
            Type.Bool,
            Type.Decimal,
            Type.Date,
            Type.Time,
            Type.Timestamp,
            Type.Duration,
            Type.FixedSizeBinary -> {
          ByteBuffer validity = validity();
          yield new ArrowColumn(field, type, validity, null, next(), List.of(), null);
        }
        default ->
            throw malformed("column \"" + field.name() + "\" has Arrow's type " + Type.name(type));
      };
    }

    private List<ArrowColumn> children(Field field, int depth) {
      List<ArrowColumn> children = new ArrayList<>();
      for (int i = 0; i < field.childrenLength(); i++) {
        Field child = field.children(i);
        children.add(child.dictionary() == null ? values(child, depth + 1) : indexes(child));
      }
      return children;
    }

    private void node() {
      FieldNode next = batch.nodes(node++);
      nulls = next.nullCount();
    }

    /// The validity of the node just taken; a column without NULL may leave it out.
    private ByteBuffer validity() {
      ByteBuffer bits = next();
      return nulls == 0 ? NONE : bits;
    }

    private ByteBuffer next() {
      Buffer place = batch.buffers(buffer++);
      int offset = Math.toIntExact(place.offset());
      int length = Math.toIntExact(place.length());
      ByteBuffer bytes = body.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
      return batch.compression() == null || length == 0
          ? bytes
          : ArrowPacking.unpacked(bytes, batch.compression().codec());
    }
  }
}
