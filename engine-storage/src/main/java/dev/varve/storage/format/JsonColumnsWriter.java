// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// JSON column by column: each column is one array. The text of all columns is held until the end,
/// as the first cannot end before the last row is known.
final class JsonColumnsWriter implements RowsWriter {
  /// How columns are put together.
  enum Shape {
    OBJECT,
    WITH_METADATA,
    ARRAYS
  }

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final Shape shape;
  private final FormatSettings settings;
  private final JsonCells head;
  private final ByteSink[] texts;
  private final JsonCells[] cells;
  private final List<String> names;
  private final List<DataType> types;
  private final ByteSink totals = new ByteSink();
  private long rows;

  JsonColumnsWriter(
      OutputStream out,
      Shape shape,
      List<String> names,
      List<DataType> types,
      FormatSettings settings) {
    this.out = out;
    this.shape = shape;
    this.settings = settings;
    this.names = names;
    this.types = types;
    this.head = new JsonCells(sink, names, types, false, settings);
    this.texts = new ByteSink[names.size()];
    this.cells = new JsonCells[names.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = new ByteSink();
      cells[i] =
          new JsonCells(
              texts[i], names.subList(i, i + 1), types.subList(i, i + 1), false, settings);
    }
  }

  @Override
  public String contentType() {
    return "application/json; charset=UTF-8";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) {
    for (int c = 0; c < texts.length; c++) {
      for (int row = 0; row < batch.rows(); row++) {
        texts[c].put(rows + row > 0 ? ", " : "");
        cells[c].value(batch.column(c), row);
      }
    }
    rows += batch.rows();
  }

  @Override
  public void totals(Batch row) {
    if (shape == Shape.WITH_METADATA) {
      new JsonCells(totals, names, types, false, settings).totals(row, false);
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    boolean isDocument = shape == Shape.WITH_METADATA;
    String indent = isDocument ? "\t\t" : "\t";
    if (isDocument) {
      sink.put("{\n");
      head.meta();
      sink.put("\t\"data\":\n\t{\n");
    } else {
      sink.put(shape == Shape.ARRAYS ? "[\n" : "{\n");
    }
    // Without a row only the plain object names its columns, as readers of these forms have seen.
    int shown = rows > 0 || shape == Shape.OBJECT ? texts.length : 0;
    for (int c = 0; c < shown; c++) {
      sink.put(c > 0 ? ",\n" : "").put(indent);
      if (shape != Shape.ARRAYS) {
        head.key(c);
        sink.put(": ");
      }
      sink.put('[').put(texts[c].array(), 0, texts[c].size()).put(']');
      sink.drainTo(out);
    }
    if (isDocument) {
      sink.put("\n\t},\n");
      sink.put(totals.array(), 0, totals.size());
      head.ending(rows, settings.statistics() ? statistics : null);
      sink.put("}\n");
    } else {
      sink.put(shape == Shape.ARRAYS ? "\n]\n" : "\n}\n");
    }
    sink.drainTo(out);
    out.flush();
  }
}
