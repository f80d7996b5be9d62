// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the orders over and over while records stream in. Each count must lie between the orders
/// acknowledged before it was asked and those sent before it was answered; a count below says that
/// an acknowledged row was not visible, a count above that one was counted twice.
final class LiveQueries implements AutoCloseable {
  private static final int KEPT = 1 << 16;

  private final AtomicLong acknowledged;
  private final AtomicLong sent;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile SQLException failure;
  private final long[] nanos = new long[KEPT];
  private int count;
  private long outside;
  private String firstOutside = "";

  /// @param acknowledged orders placed whose record was acknowledged
  /// @param sent orders placed whose record was handed to the producer
  LiveQueries(String url, AtomicLong acknowledged, AtomicLong sent) {
    this.acknowledged = acknowledged;
    this.sent = sent;
    this.thread = Thread.ofPlatform().name("live-queries").start(() -> run(url));
  }

  private void run(String url) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      while (!stopping && count < KEPT) {
        long least = acknowledged.get();
        long started = System.nanoTime();
        long found;
        try (ResultSet result = statement.executeQuery("SELECT count(*) FROM orders")) {
          result.next();
          found = result.getLong(1);
        }
        nanos[count++] = System.nanoTime() - started;
        long most = sent.get();
        if (found < least || found > most) {
          outside++;
          if (firstOutside.isEmpty()) {
            firstOutside = found + " not in " + least + " to " + most;
          }
        }
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  @Override
  public void close() throws SQLException {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }

  int count() {
    return count;
  }

  long outside() {
    return outside;
  }

  String firstOutside() {
    return firstOutside;
  }

  /// A percentile of the times, in milliseconds.
  double percentileMillis(double fraction) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, (long) (fraction * count))] / 1e6;
  }
}
