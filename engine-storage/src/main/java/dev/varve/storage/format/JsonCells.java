// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.util.Arrays;
import java.util.List;

/// What the JSON formats put together: values, rows, the names and types of columns. Appends to the
/// sink given; one thread.
final class JsonCells {
  private final ByteSink sink;
  private final List<DataType> types;
  private final boolean strings;
  private final byte[][] keys;
  private final TextOutput json;
  private final ByteSink plain = new ByteSink();
  private final TextOutput raw;

  JsonCells(
      ByteSink sink,
      List<String> names,
      List<DataType> types,
      boolean strings,
      FormatSettings settings) {
    this.sink = sink;
    this.types = types;
    this.strings = strings;
    this.json = new TextOutput(TextOutput.Style.JSON, sink, settings);
    this.raw = new TextOutput(TextOutput.Style.RAW, plain, settings);
    this.keys = new byte[names.size()][];
    ByteSink key = new ByteSink();
    TextOutput quoting = new TextOutput(TextOutput.Style.JSON, key, settings);
    for (int i = 0; i < keys.length; i++) {
      key.clear();
      quoting.jsonString(names.get(i));
      keys[i] = Arrays.copyOf(key.array(), key.size());
    }
  }

  /// Lays nested values out over lines; see [TextOutput#laidOut].
  JsonCells laidOut(String step, int steps) {
    json.laidOut(step, steps);
    return this;
  }

  int columns() {
    return keys.length;
  }

  /// The name of a column, in quotes.
  void key(int column) {
    sink.put(keys[column]);
  }

  void value(Vector column, int row) {
    if (!strings) {
      json.write(column, row);
      return;
    }
    plain.clear();
    raw.write(column, row);
    json.jsonString(plain.array(), plain.size());
  }

  void object(Batch batch, int row, String open, String colon, String between, String close) {
    sink.put(open);
    for (int c = 0; c < keys.length; c++) {
      sink.put(c > 0 ? between : "").put(keys[c]).put(colon);
      value(batch.column(c), row);
    }
    sink.put(close);
  }

  void array(Batch batch, int row, String open, String close) {
    sink.put(open);
    for (int c = 0; c < keys.length; c++) {
      sink.put(c > 0 ? ", " : "");
      value(batch.column(c), row);
    }
    sink.put(close);
  }

  void namesRow() {
    sink.put('[');
    for (int c = 0; c < keys.length; c++) {
      sink.put(c > 0 ? ", " : "").put(keys[c]);
    }
    sink.put("]\n");
  }

  void typesRow() {
    sink.put('[');
    for (int c = 0; c < keys.length; c++) {
      sink.put(c > 0 ? ", " : "");
      json.jsonString(types.get(c).name());
    }
    sink.put("]\n");
  }

  /// The field `meta` of a document.
  void meta() {
    sink.put("\t\"meta\":\n\t[\n");
    for (int i = 0; i < keys.length; i++) {
      sink.put("\t\t{\n\t\t\t\"name\": ").put(keys[i]).put(",\n\t\t\t\"type\": ");
      json.jsonString(types.get(i).name());
      sink.put("\n\t\t}").put(i + 1 < keys.length ? ",\n" : "\n");
    }
    sink.put("\t],\n\n");
  }

  /// Names and types in one line.
  void metaLine() {
    sink.put("{\"meta\":[");
    for (int i = 0; i < keys.length; i++) {
      sink.put(i > 0 ? "," : "").put("{\"name\":").put(keys[i]).put(",\"type\":");
      json.jsonString(types.get(i).name());
      sink.put('}');
    }
    sink.put("]}\n");
  }

  /// The field `totals` of a document, as an object or as an array.
  void totals(Batch totals, boolean asArray) {
    if (asArray) {
      array(totals, 0, "\n\t\"totals\": [", "],\n");
    } else {
      json.laidOut("\t", 2);
      object(totals, 0, "\n\t\"totals\":\n\t{\n\t\t", ": ", ",\n\t\t", "\n\t},\n");
    }
  }

  /// The fields `rows` and `statistics` of a document.
  ///
  /// @param statistics null leaves them out
  void ending(long rows, RowsWriter.Statistics statistics) {
    sink.put("\n\t\"rows\": ").putNumber(rows);
    if (statistics != null) {
      sink.put(",\n\n\t\"statistics\":\n\t{\n\t\t\"elapsed\": ")
          .put(NumberText.of(statistics.elapsedSeconds()))
          .put(",\n\t\t\"rows_read\": ")
          .putNumber(statistics.rowsRead())
          .put(",\n\t\t\"bytes_read\": ")
          .putNumber(statistics.bytesRead())
          .put("\n\t}");
    }
    sink.put("\n");
  }
}
