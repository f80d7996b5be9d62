// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Asks the tables over JDBC what the generator knows, and compares.
final class Checks {
  static final String ORDERS =
      "SELECT status, count(*), sum(cents) FROM orders GROUP BY status ORDER BY status";
  static final String LINES = "SELECT count(*), sum(quantity), sum(cents) FROM lineitem";
  static final String REVENUE =
      "SELECT priority, sum(orders), sum(cents) FROM revenue GROUP BY priority ORDER BY priority";
  static final String REVENUE_KEYS = "SELECT count(*) FROM revenue";

  /// One question: what was expected, what was found, how long it took.
  record Answer(String table, String question, String expected, String found, long nanos) {
    boolean isExact() {
      return expected.equals(found);
    }
  }

  private final Connection connection;
  private final List<Answer> answers = new ArrayList<>();

  Checks(Connection connection) {
    this.connection = connection;
  }

  List<Answer> answers() {
    return answers;
  }

  long inexact() {
    return answers.stream().filter(a -> !a.isExact()).count();
  }

  /// Compares all three tables with the truth as of now: every record sent was acknowledged.
  void compare(Truth truth) throws SQLException {
    ask("orders (Replacing)", ORDERS, truth.orders(), true);
    ask("lineitem (Collapsing)", LINES, truth.lines(), false);
    ask("revenue (Summing)", REVENUE, truth.revenue(), true);
    ask("revenue (Summing)", REVENUE_KEYS, Long.toString(truth.revenueKeys()), false);
  }

  private void ask(String table, String question, String expected, boolean keyed)
      throws SQLException {
    long started = System.nanoTime();
    String found = keyed ? keyedRows(question) : onlyRow(question);
    answers.add(new Answer(table, question, expected, found, System.nanoTime() - started));
  }

  private String keyedRows(String question) throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      while (result.next()) {
        rows.put(result.getString(1), result.getString(2) + " " + result.getString(3));
      }
    }
    return rows.toString();
  }

  private String onlyRow(String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      result.next();
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        row.append(i > 1 ? " " : "").append(result.getString(i));
      }
      return row.toString();
    }
  }
}
