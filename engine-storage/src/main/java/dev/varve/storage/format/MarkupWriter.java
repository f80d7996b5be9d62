// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Rows of text with the names of their columns in each row, in a heading, or in the statement
/// around them: TSKV, Markdown, SQLInsert.
final class MarkupWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  /// How rows are put together.
  enum Shape {
    KEY_VALUES(TextOutput.Style.ESCAPED, "\t", "\n"),
    MARKDOWN(TextOutput.Style.ESCAPED, " | ", " |\n"),
    INSERT(TextOutput.Style.QUOTED, ", ", ")");

    private final TextOutput.Style style;
    private final String between;
    private final String close;

    Shape(TextOutput.Style style, String between, String close) {
      this.style = style;
      this.between = between;
      this.close = close;
    }
  }

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final Shape shape;
  private final TextOutput text;
  private final List<String> names;
  private final List<DataType> types;
  private final FormatSettings settings;
  private int rows;

  MarkupWriter(
      OutputStream out,
      Shape shape,
      List<String> names,
      List<DataType> types,
      FormatSettings settings) {
    this.out = out;
    this.shape = shape;
    this.text = new TextOutput(shape.style, sink, settings);
    this.settings = settings;
    this.names = names;
    this.types = types;
  }

  @Override
  public String contentType() {
    return switch (shape) {
      case MARKDOWN -> "text/markdown; charset=UTF-8";
      case KEY_VALUES, INSERT -> "text/plain; charset=UTF-8";
    };
  }

  @Override
  public void begin() {
    if (shape == Shape.MARKDOWN) {
      for (String name : names) {
        sink.put("| ");
        text.writeString(name.replace("|", "\\|"));
        sink.put(' ');
      }
      sink.put("|\n");
      for (DataType type : types) {
        sink.put(PrettyText.isRight(type) ? "|-:" : "|:-");
      }
      sink.put("|\n");
    }
  }

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++) {
      open();
      for (int c = 0; c < names.size(); c++) {
        sink.put(c > 0 ? shape.between : "");
        if (shape == Shape.KEY_VALUES) {
          text.writeString(names.get(c));
          sink.put('=');
        }
        text.write(batch.column(c), row);
      }
      sink.put(shape.close);
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void open() {
    switch (shape) {
      case MARKDOWN -> sink.put("| ");
      case INSERT -> {
        if (rows == settings.insert().rows()) {
          sink.put(";\n");
          rows = 0;
        }
        sink.put(rows == 0 ? head() : ", (");
        rows++;
      }
      case KEY_VALUES -> {}
    }
  }

  private String head() {
    FormatSettings.Insert insert = settings.insert();
    String list =
        String.join(
            ", ",
            names.stream()
                .map(name -> insert.quotesNames() ? "`" + name.replace("`", "\\`") + "`" : name)
                .toList());
    return (insert.replaces() ? "REPLACE" : "INSERT")
        + " INTO "
        + insert.table()
        + (insert.namesColumns() ? " (" + list + ")" : "")
        + " VALUES (";
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.put(shape == Shape.INSERT ? ";\n" : "");
    sink.drainTo(out);
    out.flush();
  }
}
