// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

/// Rows of an answer as text, in an order of their own, so that answers of two engines can be laid
/// side by side. Numbers are equal to within 1e-7 of their size: averages differ in how they are
/// rounded.
record Answer(List<List<String>> rows) {
  static Answer of(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int c = 1; c <= columns; c++) {
          row.add(text(result.getObject(c)));
        }
        rows.add(row);
      }
      rows.sort(Answer::compare);
      return new Answer(rows);
    }
  }

  /// @param text names, types, then rows, in ClickHouse's `TabSeparatedWithNamesAndTypes`
  static Answer ofTabSeparated(String text) throws IOException {
    String[] lines = text.split("\n", -1);
    String[] types = lines[1].split("\t", -1);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 2; i < lines.length; i++) {
      String[] fields = lines[i].split("\t", -1);
      List<String> row = new ArrayList<>(types.length);
      for (int c = 0; c < types.length; c++) {
        row.add(value(types[c], fields[c]));
      }
      rows.add(row);
    }
    rows.sort(Answer::compare);
    return new Answer(rows);
  }

  private static String value(String type, String field) throws IOException {
    if (field.equals("\\N")) {
      return "NULL";
    }
    if (type.contains("DateTime")) {
      return Timestamp.valueOf(field).toString();
    }
    if (type.contains("String") || type.contains("Date") || field.matches(".*(nan|inf)")) {
      return field.translateEscapes();
    }
    try {
      return number(new BigDecimal(field));
    } catch (NumberFormatException e) {
      throw new IOException("a value of type " + type + " is \"" + field + "\"", e);
    }
  }

  private static int compare(List<String> a, List<String> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "NULL";
      case Double d when d.isNaN() || d.isInfinite() -> d.toString();
      case Float f when f.isNaN() || f.isInfinite() -> f.toString();
      case Number number -> number(new BigDecimal(number.toString()));
      default -> String.valueOf(value);
    };
  }

  private static String number(BigDecimal number) {
    BigDecimal rounded = number.round(new MathContext(9));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /// What is different from another answer, or an empty text.
  String difference(Answer other) {
    if (rows.size() != other.rows.size()) {
      return rows.size() + " rows, not " + other.rows.size();
    }
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < rows.get(r).size(); c++) {
        if (c >= other.rows.get(r).size()
            || !isSame(rows.get(r).get(c), other.rows.get(r).get(c))) {
          return "row " + r + " is " + rows.get(r) + ", not " + other.rows.get(r);
        }
      }
    }
    return "";
  }

  private static boolean isSame(String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    try {
      BigDecimal one = new BigDecimal(a);
      BigDecimal two = new BigDecimal(b);
      BigDecimal size = one.abs().max(two.abs());
      return one.subtract(two).abs().compareTo(size.movePointLeft(7)) <= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
