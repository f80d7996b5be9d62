// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.adapter.jdbc.JdbcSchema;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.schema.SchemaPlus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Calcite federating over us: it reads the metadata, writes SQL of its own and fetches rows.
final class CalciteAdapterTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  @Test
  void aJoinIsHandedDownAndAnswered() throws SQLException {
    VARVE.createShop();
    Properties properties = new Properties();
    properties.setProperty("caseSensitive", "false");
    properties.setProperty("unquotedCasing", "UNCHANGED");
    try (Connection connection = DriverManager.getConnection("jdbc:calcite:", properties)) {
      CalciteConnection calcite = connection.unwrap(CalciteConnection.class);
      SchemaPlus root = calcite.getRootSchema();
      root.add("shop", JdbcSchema.create(root, "shop", VARVE.dataSource(), null, "default"));
      String sql =
          "SELECT c.name, count(*) AS n, sum(o.price) AS total, max(o.\"day\") AS last_day"
              + " FROM shop.orders AS o JOIN shop.customers AS c ON c.id = o.customer"
              + " WHERE o.price > 1 GROUP BY c.name ORDER BY c.name";
      assertThat(rows(connection, sql))
          .containsExactly("Ada|2|12.50|2026-01-03", "Bob|1|4.25|2026-01-02");
      assertThat(rows(connection, "EXPLAIN PLAN FOR " + sql).get(0))
          .contains("JdbcToEnumerableConverter");
    }
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(rows.getString(i));
        }
        lines.add(String.join("|", values));
      }
    }
    return lines;
  }
}
