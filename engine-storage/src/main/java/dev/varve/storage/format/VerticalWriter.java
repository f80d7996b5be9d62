// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;

/// Each value on a line of its own, for rows too wide for a table.
final class VerticalWriter implements RowsWriter {
  private static final int FLUSH_BYTES = 1 << 16;
  private static final int TOTALS_LINE = 7;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final TextOutput text;
  private final List<String> labels;
  private final FormatSettings settings;
  private final int limit;
  private long rows;

  VerticalWriter(OutputStream out, List<String> names, FormatSettings settings) {
    this.out = out;
    this.text = new TextOutput(TextOutput.Style.RAW, sink, settings);
    this.settings = settings;
    this.limit = settings.prettyRows();
    int widest = names.stream().mapToInt(PrettyText::width).max().orElse(0);
    this.labels =
        names.stream()
            .map(name -> name + ":" + " ".repeat(widest + 1 - PrettyText.width(name)))
            .toList();
  }

  @Override
  public String contentType() {
    return "text/plain; charset=UTF-8";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) throws IOException {
    for (int row = 0; row < batch.rows(); row++, rows++) {
      if (rows >= limit) {
        continue;
      }
      sink.put(rows > 0 ? "\n" : "").put("Row ").putNumber(rows + 1).put(":\n");
      // As long as the next row's title, which is what readers of this format have always seen.
      sink.put("─".repeat(5 + Long.toString(rows + 2).length())).put("\n");
      values(batch, row);
      if (sink.size() >= FLUSH_BYTES) {
        sink.drainTo(out);
      }
    }
  }

  private void values(Batch batch, int row) {
    for (int c = 0; c < labels.size(); c++) {
      Vector column = batch.column(c);
      sink.put(labels.get(c));
      text.write(column, row);
      if (!column.isNull(row)) {
        sink.put(QuantityText.tip(number(column, row), settings.tip()));
      }
      sink.put('\n');
    }
  }

  private static double number(Vector column, int row) {
    Vector base = column.base();
    int at = column.valueRow(row);
    return switch (column.type().unwrapped()) {
      case DataType.Int _ -> base.getInteger(at).doubleValue();
      case DataType.Float _ -> base.getDouble(at);
      case DataType.Decimal(int _, int scale) ->
          new BigDecimal(base.getInteger(at), scale).doubleValue();
      default -> 0;
    };
  }

  @Override
  public void totals(Batch totals) {
    sink.put("\n\nTotals:\n").put("─".repeat(TOTALS_LINE)).put("\n");
    values(totals, 0);
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    if (rows > limit) {
      sink.put("\nShowed first ").putNumber(limit).put(".\n");
    }
    sink.drainTo(out);
    out.flush();
  }
}
