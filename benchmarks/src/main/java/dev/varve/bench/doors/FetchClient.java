// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.doors;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/// One client in a process of its own, whose heap is what the scenario says: reads a query's six
/// columns by their typed getters and prints rows, milliseconds and a sum of what it saw.
final class FetchClient {
  private FetchClient() {}

  /// @param arguments URL, a query to warm up with, the query that counts
  public static void main(String[] arguments) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "default");
    properties.setProperty("password", "");
    try (Connection connection = DriverManager.getConnection(arguments[0], properties)) {
      read(connection, arguments[1]);
      long begin = System.nanoTime();
      long[] seen = read(connection, arguments[2]);
      long millis = (System.nanoTime() - begin) / 1_000_000;
      System.out.println("fetched " + seen[0] + " " + millis + " " + seen[1]);
    }
  }

  private static long[] read(Connection connection, String sql) throws SQLException {
    long count = 0;
    long sum = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        count++;
        sum += rows.getLong(1) + rows.getInt(2) + (long) rows.getDouble(3);
        sum += rows.getString(4).length() + rows.getTimestamp(5).getNanos();
        sum += rows.getBigDecimal(6).scale();
      }
    }
    return new long[] {count, sum};
  }
}
