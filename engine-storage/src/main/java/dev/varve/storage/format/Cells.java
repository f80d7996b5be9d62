// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The first rows of separated values as texts, before anything is known of the columns.
final class Cells {
  private static final int END = -1;

  private final BufferedReader text;
  private final char delimiter;

  Cells(BufferedReader text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
  }

  /// @param quoted whether it stood in quotes, which make a text of it
  record Cell(String text, boolean quoted) {}

  List<List<Cell>> rows(int most) throws IOException {
    List<List<Cell>> rows = new ArrayList<>();
    while (rows.size() < most) {
      List<Cell> row = row();
      if (row == null) {
        break;
      }
      if (row.size() > 1 || !row.getFirst().text().isEmpty()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private List<Cell> row() throws IOException {
    int c = text.read();
    if (c == END) {
      return null;
    }
    List<Cell> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    boolean inside = false;
    for (; ; c = text.read()) {
      if (inside) {
        if (c == END) {
          break;
        }
        if (c != '"') {
          cell.append((char) c);
          continue;
        }
        text.mark(1);
        if (text.read() == '"') {
          cell.append('"');
        } else {
          text.reset();
          inside = false;
        }
      } else if (c == '"' && delimiter == ',' && cell.isEmpty()) {
        inside = true;
        quoted = true;
      } else if (c == delimiter) {
        row.add(new Cell(cell.toString(), quoted));
        cell.setLength(0);
        quoted = false;
      } else if (c == '\n' || c == END) {
        break;
      } else if (c != '\r') {
        cell.append((char) c);
      }
    }
    row.add(new Cell(cell.toString(), quoted));
    return row;
  }
}
