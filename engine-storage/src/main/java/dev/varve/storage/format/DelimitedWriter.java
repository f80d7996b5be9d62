// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Rows of text with something between the values: tab-separated, CSV, and VALUES lists.
final class DelimitedWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  /// How rows are put together.
  enum Shape {
    TAB(TextOutput.Style.ESCAPED, "\t", "", "\n", "text/tab-separated-values; charset=UTF-8"),
    TAB_RAW(TextOutput.Style.PLAIN, "\t", "", "\n", "text/tab-separated-values; charset=UTF-8"),
    COMMA(TextOutput.Style.CSV, ",", "", "\n", "text/csv; charset=UTF-8; header=absent"),
    VALUES(TextOutput.Style.QUOTED, ",", "(", ")", "text/plain; charset=UTF-8");

    private final TextOutput.Style style;
    private final String between;
    private final String open;
    private final String close;
    private final String contentType;

    Shape(TextOutput.Style style, String between, String open, String close, String contentType) {
      this.style = style;
      this.between = between;
      this.open = open;
      this.close = close;
      this.contentType = contentType;
    }
  }

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final Shape shape;
  private final TextOutput text;
  private final List<String> names;
  private final List<DataType> types;
  private final boolean withNames;
  private final boolean withTypes;
  private final String between;
  private final String close;
  private final boolean flattens;
  private boolean first = true;

  DelimitedWriter(
      OutputStream out,
      Shape shape,
      List<String> names,
      List<DataType> types,
      int headers,
      FormatSettings settings) {
    this.out = out;
    this.shape = shape;
    this.text = new TextOutput(shape.style, sink, settings);
    boolean isCsv = shape == Shape.COMMA;
    this.flattens = isCsv && settings.tupleColumns() && types.stream().anyMatch(Tuples::isTuple);
    this.names = flattens ? Tuples.names(names, types) : names;
    this.types = flattens ? Tuples.types(types) : types;
    this.withNames = headers >= 1;
    this.withTypes = headers >= 2;
    this.between = isCsv ? String.valueOf(settings.csvDelimiter()) : shape.between;
    this.close = settings.crlf() && shape != Shape.VALUES ? "\r\n" : shape.close;
  }

  @Override
  public String contentType() {
    return withNames ? shape.contentType.replace("absent", "present") : shape.contentType;
  }

  @Override
  public void begin() {
    if (withNames) {
      header(names);
    }
    if (withTypes) {
      header(types.stream().map(DataType::name).toList());
    }
  }

  private void header(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (i > 0) {
        sink.put(between);
      }
      text.writeString(words.get(i));
    }
    sink.put(close);
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      if (shape == Shape.VALUES && !first) {
        sink.put(',');
      }
      first = false;
      sink.put(shape.open);
      for (int c = 0; c < batch.columns().size(); c++) {
        if (c > 0) {
          sink.put(between);
        }
        if (flattens) {
          fields(batch.column(c), row);
        } else {
          text.write(batch.column(c), row);
        }
      }
      sink.put(close);
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  /// A tuple as a column for each of its fields.
  private void fields(Vector vector, int row) {
    if (!Tuples.isTuple(vector.type()) || vector.isNull(row)) {
      text.write(vector, row);
      return;
    }
    int at = vector.valueRow(row);
    for (int f = 0; f < vector.base().children().size(); f++) {
      if (f > 0) {
        sink.put(between);
      }
      fields(vector.base().children().get(f), at);
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.drainTo(out);
    out.flush();
  }
}
