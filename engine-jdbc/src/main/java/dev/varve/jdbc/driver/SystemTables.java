// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Column;
import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the engine's system tables for metadata. All columns are asked for and looked up by name,
/// so that an engine that is older or newer than the driver, with a column less or more, still
/// answers.
final class SystemTables {
  private final VarveConnection connection;

  SystemTables(VarveConnection connection) {
    this.connection = connection;
  }

  /// Rows of a system table, each as texts by column name.
  List<Map<String, String>> rows(String table, Map<String, String> equal) throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT * FROM system.").append(table);
    String separator = " WHERE ";
    for (Map.Entry<String, String> condition : equal.entrySet()) {
      sql.append(separator)
          .append(SqlText.identifier(condition.getKey()))
          .append(" = ")
          .append(SqlText.literal(condition.getValue()));
      separator = " AND ";
    }
    List<Map<String, String>> rows = new ArrayList<>();
    try (Answer answer = connection.send(sql.toString(), List.of(), 0, "")) {
      List<ColumnHeader> headers = answer.begin();
      for (ColumnBatch batch = answer.next(); batch != null; batch = answer.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          rows.add(row(headers, batch, row));
        }
      }
    }
    return rows;
  }

  private static Map<String, String> row(List<ColumnHeader> headers, ColumnBatch batch, int row) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < headers.size(); i++) {
      Column column = batch.columns().get(i);
      Object value = column.get(row);
      texts.put(
          headers.get(i).name(), value == null ? null : Conversions.toText(value, column.type()));
    }
    return texts;
  }

  /// Conditions that the engine can check for the driver: names that are known exactly.
  static Map<String, String> exactly(Object... namesAndPatterns) {
    Map<String, String> equal = new LinkedHashMap<>();
    for (int i = 0; i < namesAndPatterns.length; i += 2) {
      String exact = ((NamePattern) namesAndPatterns[i + 1]).exact();
      if (exact != null) {
        equal.put((String) namesAndPatterns[i], exact);
      }
    }
    return equal;
  }
}
