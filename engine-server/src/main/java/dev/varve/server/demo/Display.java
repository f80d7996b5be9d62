// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/// The one line that moves while records stream: rows, rows/s, lag, parts, merges. On a terminal it
/// is drawn over itself; elsewhere a line is printed now and then.
final class Display {
  private static final long TERMINAL_NANOS = 250_000_000L;
  private static final long PIPE_NANOS = 3_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final Connection connection;
  private final long started = System.nanoTime();
  private long lastShown;
  private long lastRecords;
  private long lastNanos = started;

  Display(PrintStream out, boolean terminal, Connection connection) {
    this.out = out;
    this.terminal = terminal;
    this.connection = connection;
  }

  /// Shows where the stream is, unless it did a moment ago.
  void show(long records, long checked, long exact) throws SQLException {
    long now = System.nanoTime();
    if (now - lastShown < (terminal ? TERMINAL_NANOS : PIPE_NANOS)) {
      return;
    }
    lastShown = now;
    double rate = (records - lastRecords) / Math.max(1e-9, (now - lastNanos) / 1e9);
    lastRecords = records;
    lastNanos = now;
    String line =
        String.format(
            Locale.ROOT,
            "  %5.1f s  %,10d records  %,9.0f/s  lag %,d  parts %d  merges %d  exact %d of %d",
            (now - started) / 1e9,
            records,
            rate,
            number("SELECT sum(lag) FROM system.ingest"),
            number("SELECT count(*) FROM system.parts WHERE active"),
            number("SELECT count(*) FROM system.merges"),
            exact,
            checked);
    if (terminal) {
      out.print("\r\033[K" + line);
    } else {
      out.println(line);
    }
    out.flush();
  }

  void done() {
    if (terminal) {
      out.print("\r\033[K");
    }
  }

  private long number(String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(question)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
