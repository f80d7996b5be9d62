// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import dev.varve.jdbc.driver.WatchedStatement;
import dev.varve.jdbc.wire.Progress;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/// Runs statements and prints what they give. Rows go to one writer, errors and timings to another,
/// so that a pipe gets rows alone. One thread runs; another may [#cancel()].
final class Runner {
  private final Connection connection;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private boolean timing;
  private OutputFormat format;
  private volatile Statement running;

  /// @param terminal whether a person watches: then long statements show how far they are, and each
  ///   tells its time
  Runner(
      Connection connection,
      OutputFormat format,
      boolean terminal,
      PrintWriter out,
      PrintWriter err) {
    this.connection = connection;
    this.format = format;
    this.terminal = terminal;
    this.timing = terminal;
    this.out = out;
    this.err = err;
  }

  void format(OutputFormat wanted) {
    format = wanted;
  }

  OutputFormat format() {
    return format;
  }

  void timing(boolean wanted) {
    timing = wanted;
  }

  boolean timing() {
    return timing;
  }

  /// Runs one statement; whether it went well.
  boolean run(String sql) {
    long start = System.nanoTime();
    try (Statement statement = connection.createStatement();
        Meter meter = meter(statement.unwrap(WatchedStatement.class))) {
      running = statement;
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          long count = new RowsPrinter(out, format).print(rows, meter::close);
          out.flush();
          report(count + (count == 1 ? " row" : " rows"), statement, start);
        }
      } else {
        meter.close();
        report(written(statement.getLargeUpdateCount()), statement, start);
      }
      return true;
    } catch (SQLException e) {
      out.flush();
      explain(e);
      err.flush();
      return false;
    } finally {
      running = null;
    }
  }

  /// Of the rows that will be read, those that are.
  private Meter meter(WatchedStatement statement) {
    return new Meter(
        err,
        terminal,
        () -> {
          Progress now = statement.progress();
          return now.totalRows() == 0
              ? Double.NaN
              : Math.min(1, now.readRows() / (double) now.totalRows());
        },
        () -> statement.progress().readRows());
  }

  private static String written(long rows) {
    return rows == 0 ? "Done" : rows + (rows == 1 ? " row written" : " rows written");
  }

  void explain(SQLException e) {
    // Behind its first line a message shows the place in the statement.
    String[] message = String.valueOf(e.getMessage()).split("\n", 2);
    err.println("Error: " + message[0] + " [SQLState " + e.getSQLState() + "]");
    if (message.length > 1) {
      err.println(message[1]);
    }
    err.flush();
  }

  private void report(String what, Statement statement, long start) throws SQLException {
    if (!timing) {
      return;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Progress progress = statement.unwrap(WatchedStatement.class).progress();
    StringBuilder line = new StringBuilder(what);
    line.append(String.format(Locale.ROOT, " in %.3f s", seconds));
    if (progress.readRows() > 0) {
      line.append("; read ").append(number(progress.readRows())).append(" rows");
      line.append(", ").append(number((long) (progress.readRows() / seconds))).append(" rows/s");
      if (progress.readBytes() > 0) {
        line.append(", ").append(number((long) (progress.readBytes() / seconds))).append("B/s");
      }
    }
    err.println(line);
    err.flush();
  }

  /// A number with three digits and a unit: 1.53 M.
  static String number(long value) {
    if (value < 10_000) {
      return Long.toString(value);
    }
    String units = "kMGTPE";
    double rest = value / 1000.0;
    int unit = 0;
    while (rest >= 999.5) {
      rest /= 1000;
      unit++;
    }
    int digits = rest < 10 ? 2 : rest < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + digits + "f %c", rest, units.charAt(unit));
  }

  /// Stops the statement that runs, if one does.
  void cancel() {
    Statement statement = running;
    if (statement == null) {
      return;
    }
    try {
      statement.cancel();
    } catch (SQLException e) {
      explain(e);
    }
  }
}
