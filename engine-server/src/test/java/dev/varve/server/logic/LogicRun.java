// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.logic;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// Runs one script on an engine of its own, in memory, through JDBC.
///
/// The scripts speak standard SQL, so the session says what that asks for: columns may be NULL
/// unless they say otherwise, and aggregates of no rows are NULL.
final class LogicRun {
  private static final List<String> SETTINGS =
      List.of(
          "SET data_type_default_nullable = 1",
          "SET aggregate_functions_null_for_empty = 1",
          "SET transform_null_in = 0");

  private final String file;
  private final LogicTally tally;
  private final int every;
  private int seen;

  /// Runs every statement, and each `every`-th query.
  LogicRun(String file, LogicTally tally, int every) {
    this.file = file;
    this.tally = tally;
    this.every = every;
  }

  void run(List<LogicRecord> records) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:varve:mem:");
        Statement statement = connection.createStatement()) {
      for (String setting : SETTINGS) {
        statement.execute(setting);
      }
      for (LogicRecord record : records) {
        switch (record) {
          case LogicRecord.Command command -> command(statement, command);
          case LogicRecord.Query query -> {
            if (seen++ % every == 0) {
              query(statement, query);
            }
          }
        }
      }
    }
  }

  private void command(Statement statement, LogicRecord.Command command) {
    if (speaksOfIndexes(command.sql())) {
      return;
    }
    tally.ran(command);
    try {
      statement.execute(command.sql());
      if (!command.succeeds()) {
        tally.failed(file, command, "statement should fail", "it succeeded");
      }
    } catch (SQLException e) {
      if (command.succeeds()) {
        tally.failed(file, command, cause(e), e.getMessage());
      }
    }
  }

  /// Indexes by value are no part of a columnar engine and change no answer.
  private static boolean speaksOfIndexes(String sql) {
    return sql.matches("(?is)\\s*(create\\s+(unique\\s+)?index|drop\\s+index|reindex)\\b.*");
  }

  private void query(Statement statement, LogicRecord.Query query) {
    tally.ran(query);
    try (ResultSet rows = statement.executeQuery(query.sql())) {
      List<String> values = LogicAnswer.of(rows, query);
      if (!LogicAnswer.matches(values, query.expected())) {
        String few = String.join(", ", values.subList(0, Math.min(values.size(), 12)));
        String want = String.join(", ", query.expected());
        tally.failed(file, query, "other values", "expected " + want + "\n  got " + few);
      }
    } catch (SQLException e) {
      tally.failed(file, query, cause(e), e.getMessage());
    }
  }

  /// The message without what differs from query to query.
  private static String cause(SQLException e) {
    String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    String known = text.replaceAll("\"[^\"]*\"", "…").replaceAll("(line|column) \\d+", "$1");
    return known.replaceAll("(?<=[ ,(-])\\d+", "N");
  }
}
