// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Rows of text with something between the values: tab-separated, CSV, and VALUES lists.
final class DelimitedWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;

  /// How rows are put together.
  enum Shape {
    TAB(TextOutput.Style.ESCAPED, "\t", "", "\n", "text/tab-separated-values; charset=UTF-8"),
    TAB_RAW(TextOutput.Style.RAW, "\t", "", "\n", "text/tab-separated-values; charset=UTF-8"),
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
  private boolean first = true;

  DelimitedWriter(
      OutputStream out,
      Shape shape,
      List<String> names,
      List<DataType> types,
      boolean withNames,
      boolean withTypes) {
    this.out = out;
    this.shape = shape;
    this.text = new TextOutput(shape.style, sink);
    this.names = names;
    this.types = types;
    this.withNames = withNames;
    this.withTypes = withTypes;
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
        sink.put(shape.between);
      }
      text.writeString(words.get(i));
    }
    sink.put('\n');
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
          sink.put(shape.between);
        }
        text.write(batch.column(c), row);
      }
      sink.put(shape.close);
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    sink.drainTo(out);
    out.flush();
  }
}
