// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.doors;

import dev.varve.bench.Machine;
import dev.varve.server.demo.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What do many clients at once do to each other? Each has a connection of its own and asks small
/// questions, one after the other, without a pause.
///
/// The aim: no error, and a 99th percentile of at most ten times the median.
@Command(
    name = "connections",
    description = "latency of small queries over many connections at once",
    mixinStandardHelpOptions = true)
public final class ConnectionsScenario implements Callable<Integer> {
  private static final int ROWS = 100_000;

  @Option(names = "--connections", description = "at once (default: ${DEFAULT-VALUE})")
  int connections = 500;

  @Option(names = "--seconds", description = "that count (default: ${DEFAULT-VALUE})")
  double seconds = 20;

  @Option(names = "--warmup", description = "seconds before that (default: ${DEFAULT-VALUE})")
  double warmup = 10;

  private final AtomicLong failures = new AtomicLong();

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Path directory = Files.createTempDirectory("varve-connections");
    try (ServerProcess server = ServerProcess.start(directory)) {
      String url = "jdbc:varve://" + server.http() + "/default";
      load(url);
      long[] times = measure(url);
      Arrays.sort(times);
      double p50 = times[times.length / 2] / 1e6;
      double p99 = times[(int) (times.length * 0.99)] / 1e6;
      System.out.printf(
          Locale.ROOT,
          "%d connections: %d queries, %.0f/s, %d errors, p50 %.1f ms, p99 %.1f ms, max %.1f ms,"
              + " p99/p50 %.1f%n",
          connections,
          times.length,
          times.length / seconds,
          failures.get(),
          p50,
          p99,
          times[times.length - 1] / 1e6,
          p99 / p50);
    } finally {
      Trees.delete(directory);
    }
    return failures.get() == 0 ? 0 : 1;
  }

  private static void load(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (k UInt64, v Int64) ENGINE = MergeTree ORDER BY k");
      statement.execute("INSERT INTO t SELECT number, number * 3 FROM numbers(" + ROWS + ")");
    }
  }

  private long[] measure(String url) throws InterruptedException {
    long[][] times = new long[connections][];
    CountDownLatch ready = new CountDownLatch(connections);
    Thread[] clients = new Thread[connections];
    for (int c = 0; c < connections; c++) {
      int client = c;
      clients[c] = Thread.ofVirtual().start(() -> times[client] = client(url, client, ready));
    }
    for (Thread client : clients) {
      client.join();
    }
    return Arrays.stream(times).flatMapToLong(Arrays::stream).toArray();
  }

  private long[] client(String url, int number, CountDownLatch ready) {
    long[] times = new long[1024];
    int count = 0;
    boolean counted = false;
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement lookup = connection.prepareStatement("SELECT v FROM t WHERE k = ?")) {
      ready.countDown();
      counted = true;
      ready.await();
      long begin = System.nanoTime() + (long) (warmup * 1e9);
      long end = begin + (long) (seconds * 1e9);
      for (long now = System.nanoTime(); now < end; ) {
        ask(lookup, (number * 7919L + count) % ROWS);
        long after = System.nanoTime();
        if (now >= begin) {
          times = count == times.length ? Arrays.copyOf(times, 2 * count) : times;
          times[count++] = after - now;
        }
        now = after;
      }
    } catch (SQLException | IllegalStateException e) {
      failures.incrementAndGet();
      System.err.println(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!counted) {
        ready.countDown();
      }
    }
    return Arrays.copyOf(times, count);
  }

  private static void ask(PreparedStatement lookup, long key) throws SQLException {
    lookup.setLong(1, key);
    try (ResultSet rows = lookup.executeQuery()) {
      if (!rows.next() || rows.getLong(1) != key * 3) {
        throw new IllegalStateException("a wrong answer for " + key);
      }
    }
  }
}
