// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads the Arrow IPC messages of one answer: the schema, then record batches in its layout.
///
/// A column's Arrow type says how its values lie; the field's metadata `varve.type` says what they
/// mean. Values lie as the engine holds them (a Date is two bytes, a Decimal of up to 18 digits
/// eight), so neither side converts; an Arrow type that does not fit its `varve.type` is refused.
public final class ArrowDecoder {
  public static final String TYPE_KEY = "varve.type";

  private static final int CONTINUATION = -1;
  private static final int SCHEMA = 1;
  private static final int RECORD_BATCH = 3;

  private List<ColumnHeader> headers;

  /// Columns, or null before the schema was read.
  public List<ColumnHeader> headers() {
    return headers;
  }

  /// Reads one message.
  ///
  /// @return the rows, or null where the message was the schema
  public ColumnBatch read(ByteBuffer frame) throws IOException {
    try {
      return message(frame);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("malformed answer: " + e.getMessage(), e);
    }
  }

  private ColumnBatch message(ByteBuffer frame) throws IOException {
    int start = frame.position();
    if (frame.remaining() < 16 || frame.getInt(start) != CONTINUATION) {
      throw new IOException("malformed answer: a data frame is not an Arrow message");
    }
    int metadata = frame.getInt(start + 4);
    FlatTable message = FlatTable.root(frame, start + 8);
    int body = start + 8 + metadata;
    switch (message.u8(1)) {
      case SCHEMA:
        headers = schema(message.table(2));
        return null;
      case RECORD_BATCH:
        if (headers == null) {
          throw new IOException("malformed answer: rows came before their schema");
        }
        return batch(frame, message.table(2), body);
      default:
        throw new IOException("malformed answer: an Arrow message of kind " + message.u8(1));
    }
  }

  private static List<ColumnHeader> schema(FlatTable schema) throws IOException {
    if (schema.i16(0) != 0) {
      throw new IOException("malformed answer: only little-endian data can be read");
    }
    List<ColumnHeader> headers = new ArrayList<>();
    for (int i = 0; i < schema.vectorLength(1); i++) {
      FlatTable field = schema.vectorTable(1, i);
      headers.add(new ColumnHeader(field.text(0), SqlType.parse(typeName(field))));
    }
    return headers;
  }

  private static String typeName(FlatTable field) throws IOException {
    for (int i = 0; i < field.vectorLength(6); i++) {
      FlatTable entry = field.vectorTable(6, i);
      if (entry.text(0).equals(TYPE_KEY)) {
        return entry.text(1);
      }
    }
    throw new IOException("malformed answer: column \"" + field.text(0) + "\" has no type");
  }

  private ColumnBatch batch(ByteBuffer frame, FlatTable batch, int body) throws IOException {
    if (batch.has(3)) {
      throw new IOException("malformed answer: compressed batches were not asked for");
    }
    long rows = batch.i64(0);
    if (rows < 0 || rows > Integer.MAX_VALUE) {
      throw new IOException("malformed answer: a batch of " + rows + " rows");
    }
    BatchCursor cursor = new BatchCursor(frame, batch, body);
    List<Column> columns = new ArrayList<>(headers.size());
    for (ColumnHeader header : headers) {
      columns.add(cursor.column(header.type(), (int) rows));
    }
    return new ColumnBatch((int) rows, columns);
  }
}
