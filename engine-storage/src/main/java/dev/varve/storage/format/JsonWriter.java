// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// JSON row by row: a line for each row, or one document around all of them; rows are objects or
/// arrays, values are JSON's own or all strings.
final class JsonWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;
  private static final String INDENT = "    ";

  /// What stands around the rows.
  enum Frame {
    LINES,
    /// `meta`, `data`, `rows`, `statistics`.
    DOCUMENT,
    /// One object with a field `row_1`, `row_2`, … for each row.
    NUMBERED,
    /// An object for each row, laid out over lines.
    LAID_OUT,
    /// A line for each row, others for names and types, totals, and what was read.
    WITH_PROGRESS
  }

  /// @param arrays whether a row is an array, without the names of columns
  /// @param strings whether all values are strings
  /// @param headers 1: a line of names first; 2: a line of types too
  record Shape(Frame frame, boolean arrays, boolean strings, int headers) {}

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final Shape shape;
  private final FormatSettings settings;
  private final JsonCells cells;
  private final boolean inArray;
  private long rows;
  private boolean totalled;

  JsonWriter(
      OutputStream out,
      Shape shape,
      List<String> names,
      List<DataType> types,
      FormatSettings settings) {
    this.out = out;
    this.shape = shape;
    this.settings = settings;
    this.cells = new JsonCells(sink, names, types, shape.strings(), settings);
    boolean isLines = shape.frame() == Frame.LINES && !shape.arrays();
    this.inArray = isLines && settings.json().rowsInArray();
    if (shape.frame() == Frame.LAID_OUT) {
      cells.laidOut(INDENT, 1);
    } else if (shape.frame() == Frame.DOCUMENT && !shape.arrays()) {
      cells.laidOut("\t", 3);
    }
  }

  @Override
  public String contentType() {
    return switch (shape.frame()) {
      case LINES, LAID_OUT, WITH_PROGRESS -> "application/x-ndjson; charset=UTF-8";
      case DOCUMENT, NUMBERED -> "application/json; charset=UTF-8";
    };
  }

  @Override
  public void begin() {
    switch (shape.frame()) {
      case DOCUMENT -> {
        sink.put("{\n");
        cells.meta();
        sink.put("\t\"data\":\n\t[\n");
      }
      case NUMBERED -> sink.put("{\n");
      case LAID_OUT -> {}
      case WITH_PROGRESS -> cells.metaLine();
      case LINES -> {
        sink.put(inArray ? "[\n" : "");
        if (shape.headers() >= 1) {
          cells.namesRow();
        }
        if (shape.headers() >= 2) {
          cells.typesRow();
        }
      }
    }
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++, rows++) {
      boolean isLater = rows > 0;
      switch (shape.frame()) {
        case LINES -> {
          sink.put(inArray && isLater ? ",\n" : "");
          if (shape.arrays()) {
            cells.array(batch, row, "[", "]");
          } else {
            cells.object(batch, row, "{", ":", ",", "}");
          }
          sink.put(inArray ? "" : "\n");
        }
        case DOCUMENT -> {
          sink.put(isLater ? ",\n" : "");
          if (shape.arrays()) {
            cells.array(batch, row, "\t\t[", "]");
          } else {
            cells.object(batch, row, "\t\t{\n\t\t\t", ": ", ",\n\t\t\t", "\n\t\t}");
          }
        }
        case NUMBERED -> {
          sink.put(isLater ? ",\n" : "").put("\t\"row_").putNumber(rows + 1).put("\": ");
          cells.object(batch, row, "{", ":", ",", "}");
        }
        case LAID_OUT -> cells.object(batch, row, "{\n" + INDENT, ": ", ",\n" + INDENT, "\n}\n");
        case WITH_PROGRESS -> line("row", batch, row);
      }
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void line(String what, Batch batch, int row) {
    sink.put("{\"").put(what).put("\":");
    if (shape.arrays()) {
      cells.array(batch, row, "[", "]}\n");
    } else {
      cells.object(batch, row, "{", ":", ",", "}}\n");
    }
  }

  @Override
  public void totals(Batch totals) {
    switch (shape.frame()) {
      case DOCUMENT -> {
        sink.put("\n\t],\n");
        cells.totals(totals, shape.arrays());
        totalled = true;
      }
      case WITH_PROGRESS -> line("totals", totals, 0);
      case LINES, NUMBERED, LAID_OUT -> {}
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    switch (shape.frame()) {
      case LINES -> sink.put(inArray ? "\n]\n" : "");
      case NUMBERED -> sink.put("\n}\n");
      case LAID_OUT -> {}
      case WITH_PROGRESS ->
          sink.put("{\"progress\":{\"read_rows\":\"")
              .putNumber(statistics.rowsRead())
              .put("\",\"read_bytes\":\"")
              .putNumber(statistics.bytesRead())
              .put("\",\"elapsed_ns\":\"")
              .putNumber((long) (statistics.elapsedSeconds() * 1e9))
              .put("\"}}\n");
      case DOCUMENT -> {
        sink.put(totalled ? "" : "\n\t],\n");
        cells.ending(rows, settings.statistics() ? statistics : null);
        sink.put("}\n");
      }
    }
    sink.drainTo(out);
    out.flush();
  }
}
