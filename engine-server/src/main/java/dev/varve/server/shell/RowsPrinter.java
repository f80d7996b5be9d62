// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/// Prints a result while it streams. The table form holds back at most [#TABLE_ROWS] rows to find
/// how wide its columns must be; what is longer is printed in pieces of that many.
final class RowsPrinter {
  private static final int TABLE_ROWS = 1000;

  private final PrintWriter out;
  private final OutputFormat format;

  RowsPrinter(PrintWriter out, OutputFormat format) {
    this.out = out;
    this.format = format;
  }

  /// Prints all rows; returns how many there were.
  ///
  /// @param begins called once, when the first row or the end is there and before anything is
  ///   printed
  long print(ResultSet rows, Runnable begins) throws SQLException {
    ResultSetMetaData metadata = rows.getMetaData();
    String[] names = new String[metadata.getColumnCount()];
    for (int i = 0; i < names.length; i++) {
      names[i] = metadata.getColumnLabel(i + 1);
    }
    boolean more = rows.next();
    begins.run();
    return switch (format) {
      case table -> table(rows, more, names);
      case vertical -> vertical(rows, more, names);
      case csv -> separated(rows, more, names, ',');
      case tsv -> separated(rows, more, names, '\t');
      case json -> json(rows, more, names);
    };
  }

  private static boolean isNumber(ResultSet rows, int column) throws SQLException {
    String type = rows.getMetaData().getColumnClassName(column);
    try {
      return Number.class.isAssignableFrom(Class.forName(type));
    } catch (ClassNotFoundException e) {
      // A class that this JVM does not have is surely not one of its numbers.
      return false;
    }
  }

  private long table(ResultSet rows, boolean first, String[] names) throws SQLException {
    boolean[] right = new boolean[names.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = isNumber(rows, i + 1);
    }
    TextTable table = new TextTable(List.of(names), right);
    long count = 0;
    for (boolean more = first; more; more = rows.next()) {
      String[] cells = new String[names.length];
      for (int i = 0; i < cells.length; i++) {
        String text = rows.getString(i + 1);
        cells[i] = text == null ? "NULL" : text;
      }
      table.add(cells);
      if (++count % TABLE_ROWS == 0) {
        table.print(out);
        table.clear();
      }
    }
    if (count == 0 || count % TABLE_ROWS != 0) {
      table.print(out);
    }
    return count;
  }

  private long vertical(ResultSet rows, boolean first, String[] names) throws SQLException {
    int width = 0;
    for (String name : names) {
      width = Math.max(width, name.length());
    }
    long count = 0;
    for (boolean more = first; more; more = rows.next()) {
      out.println("Row " + ++count + ":");
      for (int i = 0; i < names.length; i++) {
        String text = rows.getString(i + 1);
        out.println(
            names[i]
                + ":"
                + " ".repeat(width - names[i].length() + 1)
                + (text == null ? "NULL" : text));
      }
      out.println();
    }
    return count;
  }

  private long separated(ResultSet rows, boolean first, String[] names, char separator)
      throws SQLException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      line.append(i == 0 ? "" : separator).append(cell(names[i], separator));
    }
    out.println(line);
    long count = 0;
    for (boolean more = first; more; more = rows.next()) {
      line.setLength(0);
      for (int i = 0; i < names.length; i++) {
        String text = rows.getString(i + 1);
        line.append(i == 0 ? "" : separator);
        line.append(text == null ? "\\N" : cell(text, separator));
      }
      out.println(line);
      count++;
    }
    return count;
  }

  private static String cell(String text, char separator) {
    if (separator == '\t') {
      return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }
    boolean plain =
        text.indexOf(',') < 0
            && text.indexOf('"') < 0
            && text.indexOf('\n') < 0
            && text.indexOf('\r') < 0;
    return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }

  private long json(ResultSet rows, boolean first, String[] names) throws SQLException {
    long count = 0;
    for (boolean more = first; more; more = rows.next()) {
      StringBuilder line = new StringBuilder("{");
      for (int i = 0; i < names.length; i++) {
        line.append(i == 0 ? "" : ",");
        Json.text(line, names[i]);
        line.append(':');
        jsonValue(line, rows, i + 1);
      }
      out.println(line.append('}'));
      count++;
    }
    return count;
  }

  private static void jsonValue(StringBuilder line, ResultSet rows, int column)
      throws SQLException {
    Object value = rows.getObject(column);
    if (value == null) {
      line.append("null");
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      line.append(Double.isFinite(number) ? value.toString() : "null");
    } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
      line.append(value);
    } else if (value instanceof BigDecimal || value instanceof BigInteger) {
      line.append(rows.getString(column));
    } else {
      Json.text(line, rows.getString(column));
    }
  }
}
