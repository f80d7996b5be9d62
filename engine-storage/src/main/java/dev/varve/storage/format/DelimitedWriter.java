// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Rows of text with something between the values: tab-separated, CSV, VALUES lists, and whatever
/// CustomSeparated is told.
final class DelimitedWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  /// How rows are put together.
  ///
  /// @param totals whether a row of totals follows, behind an empty line
  record Shape(
      TextOutput.Style style,
      String contentType,
      String before,
      String open,
      String between,
      String close,
      String betweenRows,
      String behind,
      boolean totals) {
    static Shape tabs(boolean raw, FormatSettings settings) {
      return lines(
          raw ? TextOutput.Style.PLAIN : TextOutput.Style.ESCAPED,
          "text/tab-separated-values; charset=UTF-8",
          "\t",
          settings);
    }

    static Shape commas(FormatSettings settings) {
      String delimiter = String.valueOf(settings.csvDelimiter());
      String type = "text/csv; charset=UTF-8; header=absent";
      return lines(TextOutput.Style.CSV, type, delimiter, settings);
    }

    private static Shape lines(
        TextOutput.Style style, String contentType, String between, FormatSettings settings) {
      String end = settings.crlf() ? "\r\n" : "\n";
      return new Shape(style, contentType, "", "", between, end, "", "", true);
    }

    static Shape values() {
      String type = "text/plain; charset=UTF-8";
      return new Shape(TextOutput.Style.QUOTED, type, "", "(", ",", ")", ",", "", false);
    }

    static Shape custom(FormatSettings settings) {
      FormatSettings.Custom custom = settings.custom();
      return new Shape(
          TextOutput.Style.of(custom.escaping()),
          "text/plain; charset=UTF-8",
          custom.before(),
          custom.beforeRow(),
          custom.betweenFields(),
          custom.behindRow(),
          custom.betweenRows(),
          custom.behind(),
          false);
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
  private final boolean flattens;
  private boolean first = true;

  /// @param headers 1: a row of names first; 2: a row of types too
  DelimitedWriter(
      OutputStream out,
      Shape shape,
      List<String> names,
      List<DataType> types,
      int headers,
      FormatSettings settings) {
    this.out = out;
    this.shape = shape;
    this.text = new TextOutput(shape.style(), sink, settings);
    boolean isCsv = shape.style() == TextOutput.Style.CSV;
    this.flattens = isCsv && settings.tupleColumns() && types.stream().anyMatch(Tuples::isTuple);
    this.names = flattens ? Tuples.names(names, types) : names;
    this.types = flattens ? Tuples.types(types) : types;
    this.withNames = headers >= 1;
    this.withTypes = headers >= 2;
  }

  @Override
  public String contentType() {
    return withNames ? shape.contentType().replace("absent", "present") : shape.contentType();
  }

  @Override
  public void begin() {
    sink.put(shape.before());
    if (withNames) {
      header(names);
    }
    if (withTypes) {
      header(types.stream().map(DataType::name).toList());
    }
  }

  private void header(List<String> words) {
    open();
    for (int i = 0; i < words.size(); i++) {
      if (i > 0) {
        sink.put(shape.between());
      }
      text.writeString(words.get(i));
    }
    sink.put(shape.close());
  }

  private void open() {
    if (!first) {
      sink.put(shape.betweenRows());
    }
    first = false;
    sink.put(shape.open());
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      row(batch, row);
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void row(Batch batch, int row) {
    open();
    for (int c = 0; c < batch.columns().size(); c++) {
      if (c > 0) {
        sink.put(shape.between());
      }
      if (flattens) {
        fields(batch.column(c), row);
      } else {
        text.write(batch.column(c), row);
      }
    }
    sink.put(shape.close());
  }

  @Override
  public void totals(Batch totals) {
    if (shape.totals()) {
      sink.put(shape.close());
      row(totals, 0);
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
        sink.put(shape.between());
      }
      fields(vector.base().children().get(f), at);
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.put(shape.behind());
    sink.drainTo(out);
    out.flush();
  }
}
