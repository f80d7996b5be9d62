// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Rows in a box. Numbers stand to the right; what is longer than [#WIDEST] is cut, with a mark.
final class TextTable {
  private static final int WIDEST = 120;

  private final List<String> names;
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  TextTable(List<String> names, boolean[] right) {
    this.names = names;
    this.right = right.clone();
  }

  void add(String[] cells) {
    for (int i = 0; i < cells.length; i++) {
      String line = cells[i].replace("\n", "⏎").replace("\r", "").replace("\t", " ");
      boolean tooLong = line.codePointCount(0, line.length()) > WIDEST;
      cells[i] = tooLong ? line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)) + "…" : line;
    }
    rows.add(cells);
  }

  void clear() {
    rows.clear();
  }

  void print(PrintWriter out) {
    int[] widths = new int[names.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(names.get(i));
      for (String[] row : rows) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    out.println(rule(widths, "┌", "┬", "┐"));
    out.println(line(names.toArray(String[]::new), widths));
    out.println(rule(widths, "├", "┼", "┤"));
    for (String[] row : rows) {
      out.println(line(row, widths));
    }
    out.println(rule(widths, "└", "┴", "┘"));
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String rule(int[] widths, String left, String middle, String end) {
    StringBuilder line = new StringBuilder(left);
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? "" : middle).append("─".repeat(widths[i] + 2));
    }
    return line.append(end).toString();
  }

  private String line(String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder("│");
    for (int i = 0; i < cells.length; i++) {
      String fill = " ".repeat(widths[i] - width(cells[i]));
      line.append(' ').append(right[i] ? fill + cells[i] : cells[i] + fill).append(" │");
    }
    return line.toString();
  }
}
