// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Tables drawn for a reader at a terminal. Holds as many rows as it shows, to find the widths;
/// what comes after is counted, not shown.
final class PrettyWriter implements RowsWriter {
  private static final int MAX_VALUE_WIDTH = 10_000;
  private static final int MAX_PAD = 250;
  private static final int FOOTER_ROWS = 50;

  /// How the table is drawn.
  enum Shape {
    /// A box with heavy lines around the names and a line between rows.
    GRID,
    /// A box with the names in its upper line.
    COMPACT,
    /// No lines.
    SPACE
  }

  private final OutputStream out;
  private final ByteSink sink = new ByteSink();
  private final Shape shape;
  private final List<String> names;
  private final boolean[] right;
  private final FormatSettings settings;
  private final List<String[]> shown = new ArrayList<>();
  private int[] widths;
  private String indent = "";
  private long rows;

  PrettyWriter(
      OutputStream out,
      Shape shape,
      List<String> names,
      List<DataType> types,
      FormatSettings settings) {
    this.out = out;
    this.shape = shape;
    this.names = names;
    this.settings = settings;
    this.right = new boolean[types.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = PrettyText.isRight(types.get(i));
    }
  }

  @Override
  public String contentType() {
    return "text/plain; charset=UTF-8";
  }

  @Override
  public void begin() {}

  @Override
  public void write(Batch batch) {
    show(batch);
  }

  @Override
  public void totals(Batch totals) {
    draw();
    sink.put("\nTotals:\n");
    shown.clear();
    rows = 0;
    show(totals);
  }

  private void show(Batch batch) {
    ByteSink cell = new ByteSink();
    TextOutput text = new TextOutput(TextOutput.Style.RAW, cell, settings);
    for (int row = 0; row < batch.rows(); row++, rows++) {
      if (rows < settings.prettyRows()) {
        String[] cells = new String[names.size()];
        for (int c = 0; c < cells.length; c++) {
          cell.clear();
          text.write(batch.column(c), row);
          String value = cell.text();
          cells[c] =
              value.length() > MAX_VALUE_WIDTH ? value.substring(0, MAX_VALUE_WIDTH) + "⋯" : value;
        }
        shown.add(cells);
      }
    }
  }

  private void draw() {
    if (!shown.isEmpty()) {
      measure();
      switch (shape) {
        case GRID -> grid();
        case COMPACT -> compact();
        case SPACE -> space();
      }
      if (rows > shown.size()) {
        sink.put("Showed ").putNumber(shown.size()).put(" out of ").putNumber(rows).put(" rows.\n");
      }
    }
  }

  @Override
  public void end(Statistics statistics) throws IOException {
    draw();
    sink.drainTo(out);
    out.flush();
  }

  private void measure() {
    widths = new int[names.size()];
    for (int c = 0; c < widths.length; c++) {
      int widest = 0;
      for (String[] cells : shown) {
        for (String line : cells[c].split("\n", -1)) {
          widest = Math.max(widest, PrettyText.width(line));
        }
      }
      widths[c] = Math.max(Math.min(widest, MAX_PAD), PrettyText.width(names.get(c)));
    }
    if (settings.prettyNumbers()) {
      indent = " ".repeat(Integer.toString(shown.size()).length() + 2);
    }
  }

  private boolean hasFooter() {
    return shown.size() > FOOTER_ROWS;
  }

  private void grid() {
    rule("┏━", "━", "━┳━", "━┓\n");
    heading("┃ ", " ┃ ", " ┃\n");
    rule("┡━", "━", "━╇━", "━┩\n");
    for (int r = 0; r < shown.size(); r++) {
      if (r > 0) {
        rule("├─", "─", "─┼─", "─┤\n");
      }
      row(r);
    }
    if (hasFooter()) {
      rule("┢━", "━", "━╈━", "━┪\n");
      heading("┃ ", " ┃ ", " ┃\n");
      rule("┗━", "━", "━┻━", "━┛\n");
    } else {
      rule("└─", "─", "─┴─", "─┘\n");
    }
  }

  private void compact() {
    named("┌─", "─┬─", "─┐\n");
    for (int r = 0; r < shown.size(); r++) {
      row(r);
    }
    if (hasFooter()) {
      named("└─", "─┴─", "─┘\n");
    } else {
      rule("└─", "─", "─┴─", "─┘\n");
    }
  }

  private void space() {
    heading(" ", "   ", "\n");
    sink.put('\n');
    for (int r = 0; r < shown.size(); r++) {
      row(r);
    }
    if (hasFooter()) {
      sink.put('\n');
      heading(" ", "   ", "\n\n");
    }
  }

  private void rule(String open, String line, String between, String close) {
    sink.put(indent).put(open);
    for (int c = 0; c < widths.length; c++) {
      sink.put(c > 0 ? between : "").put(line.repeat(widths[c]));
    }
    sink.put(close);
  }

  private void heading(String open, String between, String close) {
    sink.put(indent).put(open);
    for (int c = 0; c < widths.length; c++) {
      sink.put(c > 0 ? between : "").put(padded(names.get(c), c, " "));
    }
    sink.put(close);
  }

  private void named(String open, String between, String close) {
    sink.put(indent).put(open);
    for (int c = 0; c < widths.length; c++) {
      sink.put(c > 0 ? between : "").put(padded(names.get(c), c, "─"));
    }
    sink.put(close);
  }

  private String padded(String text, int column, String fill) {
    String space = fill.repeat(Math.max(0, widths[column] - PrettyText.width(text)));
    return right[column] ? space + text : text + space;
  }

  /// A row, which takes more lines than one where a value has line breaks.
  private void row(int index) {
    String[] cells = shown.get(index);
    String[][] lines = new String[cells.length][];
    int height = 1;
    for (int c = 0; c < cells.length; c++) {
      lines[c] = cells[c].split("\n", -1);
      height = Math.max(height, lines[c].length);
    }
    for (int line = 0; line < height; line++) {
      number(line == 0 ? index + 1 : 0);
      line(lines, line);
      sink.put(right[right.length - 1] ? tip(cells[cells.length - 1]) : "").put('\n');
    }
  }

  private void number(int number) {
    if (settings.prettyNumbers()) {
      String text = number > 0 ? number + ". " : " ";
      sink.put(" ".repeat(indent.length() - text.length())).put(text);
    }
  }

  private void line(String[][] lines, int line) {
    boolean drawn = shape != Shape.SPACE;
    for (int c = 0; c < lines.length; c++) {
      boolean continues = line > 0 && line < lines[c].length;
      boolean goesOn = line + 1 < lines[c].length;
      sink.put(drawn ? "│" : c > 0 ? " " : "").put(continues ? "↳" : " ");
      sink.put(padded(line < lines[c].length ? lines[c][line] : "", c, " "));
      sink.put(goesOn ? "↴" : " ");
    }
    sink.put(drawn ? "│" : "");
  }

  /// A large number at the end of a row, in words.
  private String tip(String cell) {
    boolean isNumber = cell.matches("-?[0-9.]+(e[0-9]+)?");
    return isNumber ? QuantityText.tip(Double.parseDouble(cell), settings.tip()) : "";
  }
}
