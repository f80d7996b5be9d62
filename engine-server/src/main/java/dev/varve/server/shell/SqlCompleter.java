// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/// Completes keywords, and the tables and columns of the current database. Names are read again
/// when they are older than a few seconds, so that a table just made is known.
final class SqlCompleter implements Completer {
  private static final long FRESH_NANOS = 5_000_000_000L;

  private static final List<String> KEYWORDS =
      List.of(
          "ALTER TABLE",
          "AND",
          "AS",
          "BETWEEN",
          "BY",
          "CASE",
          "CAST",
          "COUNT",
          "CREATE DATABASE",
          "CREATE TABLE",
          "CREATE VIEW",
          "DELETE FROM",
          "DESC",
          "DESCRIBE TABLE",
          "DISTINCT",
          "DROP TABLE",
          "ELSE",
          "END",
          "ENGINE",
          "EXISTS",
          "EXPLAIN",
          "FINAL",
          "FORMAT",
          "FROM",
          "GROUP BY",
          "HAVING",
          "IN",
          "INNER JOIN",
          "INSERT INTO",
          "IS NOT NULL",
          "IS NULL",
          "JOIN",
          "LEFT JOIN",
          "LIKE",
          "LIMIT",
          "NOT",
          "NULL",
          "ON",
          "OPTIMIZE TABLE",
          "OR",
          "ORDER BY",
          "PARTITION BY",
          "PRIMARY KEY",
          "SELECT",
          "SET",
          "SETTINGS",
          "SHOW DATABASES",
          "SHOW TABLES",
          "THEN",
          "TRUNCATE TABLE",
          "UNION ALL",
          "USE",
          "USING",
          "VALUES",
          "WHEN",
          "WHERE",
          "WITH");

  private final Connection connection;
  private TreeSet<String> names = new TreeSet<>();
  private long readAt = System.nanoTime() - FRESH_NANOS;

  SqlCompleter(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String word = line.word();
    String upper = word.toUpperCase(Locale.ROOT);
    boolean small = !word.isEmpty() && !word.equals(upper);
    for (String keyword : KEYWORDS) {
      if (keyword.startsWith(upper)) {
        candidates.add(new Candidate(small ? keyword.toLowerCase(Locale.ROOT) : keyword));
      }
    }
    for (String name : names()) {
      if (name.startsWith(word)) {
        candidates.add(new Candidate(name));
      }
    }
  }

  private TreeSet<String> names() {
    if (System.nanoTime() - readAt < FRESH_NANOS) {
      return names;
    }
    readAt = System.nanoTime();
    try (ResultSet columns =
        connection.getMetaData().getColumns(null, connection.getSchema(), "%", "%")) {
      TreeSet<String> read = new TreeSet<>();
      while (columns.next()) {
        read.add(columns.getString("TABLE_NAME"));
        read.add(columns.getString("COLUMN_NAME"));
      }
      names = read;
    } catch (SQLException e) {
      // No completion is better than an error in the middle of typing; the statement will tell.
      names = new TreeSet<>();
    }
    return names;
  }
}
