// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/// JSON in three shapes: one object a line, or one document of objects or of arrays.
///
/// Integers of 64 bits and more are numbers, not strings, as is ClickHouse's default.
final class JsonWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  enum Shape {
    EACH_ROW,
    DOCUMENT,
    COMPACT,
    COMPACT_EACH_ROW
  }

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final TextOutput text = new TextOutput(TextOutput.Style.JSON, sink);
  private final Shape shape;
  private final List<String> names;
  private final List<DataType> types;
  private final byte[][] keys;
  private long rows;

  JsonWriter(OutputStream out, Shape shape, List<String> names, List<DataType> types) {
    this.out = out;
    this.shape = shape;
    this.names = names;
    this.types = types;
    this.keys = new byte[names.size()][];
    ByteSink key = new ByteSink();
    TextOutput quoting = new TextOutput(TextOutput.Style.JSON, key);
    for (int i = 0; i < keys.length; i++) {
      key.clear();
      quoting.jsonString(names.get(i));
      keys[i] = Arrays.copyOf(key.array(), key.size());
    }
  }

  @Override
  public String contentType() {
    return isDocument() ? "application/json; charset=UTF-8" : "application/x-ndjson; charset=UTF-8";
  }

  private boolean isDocument() {
    return shape == Shape.DOCUMENT || shape == Shape.COMPACT;
  }

  @Override
  public void begin() {
    if (!isDocument()) {
      return;
    }
    sink.put("{\n\t\"meta\":\n\t[\n");
    for (int i = 0; i < names.size(); i++) {
      sink.put("\t\t{\n\t\t\t\"name\": ").put(keys[i]).put(",\n\t\t\t\"type\": ");
      text.jsonString(types.get(i).name());
      sink.put("\n\t\t}").put(i + 1 < names.size() ? ",\n" : "\n");
    }
    sink.put("\t],\n\n\t\"data\":\n\t[\n");
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++, rows++) {
      if (isDocument() && rows > 0) {
        sink.put(",\n");
      }
      switch (shape) {
        case EACH_ROW -> {
          object(batch, row, "{", ":", ",", "}\n");
        }
        case DOCUMENT -> object(batch, row, "\t\t{\n\t\t\t", ": ", ",\n\t\t\t", "\n\t\t}");
        case COMPACT -> array(batch, row, "\t\t[", "]");
        case COMPACT_EACH_ROW -> array(batch, row, "[", "]\n");
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void object(
      Batch batch, int row, String open, String colon, String between, String close) {
    sink.put(open);
    for (int c = 0; c < keys.length; c++) {
      sink.put(c > 0 ? between : "").put(keys[c]).put(colon);
      text.write(batch.column(c), row);
    }
    sink.put(close);
  }

  private void array(Batch batch, int row, String open, String close) {
    sink.put(open);
    for (int c = 0; c < keys.length; c++) {
      sink.put(c > 0 ? ", " : "");
      text.write(batch.column(c), row);
    }
    sink.put(close);
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    if (isDocument()) {
      sink.put(rows > 0 ? "\n" : "").put("\t],\n\n\t\"rows\": ").putNumber(rows);
      sink.put(",\n\n\t\"statistics\":\n\t{\n\t\t\"elapsed\": ")
          .put(NumberText.of(statistics.elapsedSeconds()))
          .put(",\n\t\t\"rows_read\": ")
          .putNumber(statistics.rowsRead())
          .put(",\n\t\t\"bytes_read\": ")
          .putNumber(statistics.bytesRead())
          .put("\n\t}\n}\n");
    }
    sink.drainTo(out);
    out.flush();
  }
}
