// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Walks the nodes and buffers of one record batch in Arrow's order: parent before children, for
/// each the validity, then offsets, then values.
final class BatchCursor {
  private static final int STRUCT_BYTES = 16;

  private final ByteBuffer frame;
  private final int body;
  private final int nodes;
  private final int nodeCount;
  private final int buffers;
  private final int bufferCount;
  private int node;
  private int buffer;

  BatchCursor(ByteBuffer frame, FlatTable batch, int body) {
    this.frame = frame;
    this.body = body;
    this.nodes = batch.vectorStart(1);
    this.nodeCount = batch.vectorLength(1);
    this.buffers = batch.vectorStart(2);
    this.bufferCount = batch.vectorLength(2);
  }

  Column column(SqlType type, int rows) {
    boolean hasNulls = nullsOfNextNode(rows);
    int validity = nextBuffer(hasNulls ? (rows + 7) >>> 3 : 0);
    switch (type.kind()) {
      case STRING:
      case AGGREGATE_STATE:
        int offsets = nextBuffer(offsetBytes(rows));
        return new TextColumn(type, frame, hasNulls ? validity : -1, offsets, nextBuffer(0));
      case ARRAY:
        int lists = nextBuffer(offsetBytes(rows));
        List<Column> elements = List.of(column(type.children().get(0), last(lists, rows)));
        return new NestedColumn(type, frame, hasNulls ? validity : -1, lists, elements);
      case MAP:
        int maps = nextBuffer(offsetBytes(rows));
        int entries = last(maps, rows);
        nullsOfNextNode(entries);
        nextBuffer(0);
        return new NestedColumn(
            type, frame, hasNulls ? validity : -1, maps, columns(type.children(), entries));
      case TUPLE:
        return new NestedColumn(
            type, frame, hasNulls ? validity : -1, 0, columns(type.children(), rows));
      default:
        int values = nextBuffer((long) rows * type.width());
        return fixed(type, hasNulls ? validity : -1, values);
    }
  }

  private List<Column> columns(List<SqlType> types, int rows) {
    List<Column> columns = new ArrayList<>(types.size());
    for (SqlType type : types) {
      columns.add(column(type, rows));
    }
    return columns;
  }

  private Column fixed(SqlType type, int validity, int values) {
    switch (type.kind()) {
      case FLOAT32:
      case FLOAT64:
        return new FloatColumn(type, frame, validity, values);
      case UINT64:
      case INT128:
      case INT256:
      case UINT128:
      case UINT256:
      case DECIMAL:
        return new WideIntColumn(type, frame, validity, values);
      case FIXED_STRING:
      case UUID:
      case IPV6:
        return new FixedColumn(type, frame, validity, values);
      case DATE:
      case DATE32:
      case DATETIME:
      case DATETIME64:
      case TIME:
      case TIME64:
        return new TimeColumn(type, frame, validity, values);
      case BOOL:
      case ENUM8:
      case ENUM16:
      case IPV4:
      case NOTHING:
        return new SmallColumn(type, frame, validity, values);
      default:
        return new IntColumn(type, frame, validity, values);
    }
  }

  private static long offsetBytes(int rows) {
    return (rows + 1L) * 4;
  }

  private int last(int offsets, int rows) {
    return frame.getInt(offsets + rows * 4);
  }

  private boolean nullsOfNextNode(int rows) {
    if (node == nodeCount) {
      throw new IndexOutOfBoundsException("a batch has fewer columns than its schema");
    }
    int at = nodes + STRUCT_BYTES * node++;
    if (frame.getLong(at) != rows) {
      throw new IllegalArgumentException(
          "a column of " + frame.getLong(at) + " rows where " + rows + " were expected");
    }
    return frame.getLong(at + 8) != 0;
  }

  /// Position of the next buffer, which must have at least this many bytes.
  private int nextBuffer(long bytes) {
    if (buffer == bufferCount) {
      throw new IndexOutOfBoundsException("a batch has fewer buffers than its schema");
    }
    int at = buffers + STRUCT_BYTES * buffer++;
    long offset = frame.getLong(at);
    long length = frame.getLong(at + 8);
    if (length < bytes || offset < 0 || body + offset + length > frame.limit()) {
      throw new IndexOutOfBoundsException(
          "a buffer of " + length + " bytes where " + bytes + " were expected");
    }
    return (int) (body + offset);
  }
}
