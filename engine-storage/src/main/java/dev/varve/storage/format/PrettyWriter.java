// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Tables drawn for a reader at a terminal, and rows written downwards. Holds up to [#MAX_ROWS]
/// rows to find the widths; what comes after is counted, not shown.
final class PrettyWriter implements RowsWriter {
  private static final int MAX_ROWS = 10_000;
  private static final int MAX_VALUE_WIDTH = 10_000;

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final List<String> names;
  private final List<DataType> types;
  private final boolean vertical;
  private final List<String[]> shown = new ArrayList<>();
  private long rows;

  PrettyWriter(OutputStream out, List<String> names, List<DataType> types, boolean vertical) {
    this.out = out;
    this.names = names;
    this.types = types;
    this.vertical = vertical;
  }

  @Override
  public String contentType() {
    return "text/plain; charset=UTF-8";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) {
    for (int row = 0; row < batch.rows(); row++, rows++) {
      if (rows < MAX_ROWS) {
        String[] cells = new String[names.size()];
        for (int c = 0; c < cells.length; c++) {
          String text = TextOutput.text(batch.column(c), row);
          cells[c] =
              text.length() > MAX_VALUE_WIDTH ? text.substring(0, MAX_VALUE_WIDTH) + "⋯" : text;
        }
        shown.add(cells);
      }
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    if (vertical) {
      downwards();
    } else if (!shown.isEmpty()) {
      table();
    }
    if (rows > shown.size()) {
      sink.put("  Showed first " + shown.size() + " of " + rows + " rows.\n");
    }
    sink.drainTo(out);
    out.flush();
  }

  private void downwards() {
    int widest = names.stream().mapToInt(String::length).max().orElse(0);
    for (int r = 0; r < shown.size(); r++) {
      String title = "Row " + (r + 1) + ":";
      sink.put(r > 0 ? "\n" : "").put(title).put("\n").put("─".repeat(title.length())).put("\n");
      for (int c = 0; c < names.size(); c++) {
        String name = names.get(c) + ":";
        sink.put(name).put(" ".repeat(widest + 2 - name.length())).put(shown.get(r)[c]).put("\n");
      }
    }
  }

  private void table() {
    int[] widths = new int[names.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = width(names.get(c));
      for (String[] cells : shown) {
        widths[c] = Math.max(widths[c], width(cells[c]));
      }
    }
    int numbering = Integer.toString(shown.size()).length() + 2;
    String indent = " ".repeat(numbering);
    sink.put(indent).put("┌");
    for (int c = 0; c < widths.length; c++) {
      String rule = "─".repeat(widths[c] - width(names.get(c)));
      sink.put(c > 0 ? "┬─" : "─");
      sink.put(isNumber(types.get(c)) ? rule + names.get(c) : names.get(c) + rule).put("─");
    }
    sink.put("┐\n");
    for (int r = 0; r < shown.size(); r++) {
      String number = (r + 1) + ".";
      sink.put(" ".repeat(numbering - 1 - number.length())).put(number).put(" │");
      for (int c = 0; c < widths.length; c++) {
        String cell = shown.get(r)[c];
        String space = " ".repeat(widths[c] - width(cell));
        sink.put(c > 0 ? "│ " : " ");
        sink.put(isNumber(types.get(c)) ? space + cell : cell + space).put(" ");
      }
      sink.put("│\n");
    }
    sink.put(indent).put("└");
    for (int c = 0; c < widths.length; c++) {
      sink.put(c > 0 ? "┴─" : "─").put("─".repeat(widths[c])).put("─");
    }
    sink.put("┘\n");
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isNumber(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int _, DataType.Float _, DataType.Decimal _ -> true;
      default -> false;
    };
  }
}
