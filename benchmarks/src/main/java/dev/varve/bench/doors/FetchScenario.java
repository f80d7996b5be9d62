// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.doors;

import dev.varve.bench.Machine;
import dev.varve.server.demo.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How fast do rows reach a Java program? Our driver and ClickHouse's official one read the same
/// table of the same server, in turns, each in a process of its own with a small heap.
///
/// The aim: twice the official driver's rows per second, in 64 MB.
@Command(
    name = "fetch",
    description = "rows through our driver and through ClickHouse's, from the same server",
    mixinStandardHelpOptions = true)
public final class FetchScenario implements Callable<Integer> {
  @Option(names = "--rows", description = "of the table (default: ${DEFAULT-VALUE})")
  long rows = 10_000_000;

  @Option(names = "--rounds", description = "of both drivers (default: ${DEFAULT-VALUE})")
  int rounds = 3;

  @Option(names = "--heap", description = "of each client, in MB (default: ${DEFAULT-VALUE})")
  int heap = 64;

  private static final String COLUMNS = "SELECT id, n, v, s, at, price FROM fetched";

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Path directory = Files.createTempDirectory("varve-fetch");
    try (ServerProcess server = ServerProcess.start(directory)) {
      String ours = "jdbc:varve://" + server.http() + "/default";
      String theirs = "jdbc:ch://" + server.http() + "/default";
      load(ours);
      System.out.println("one round that does not count, for the server's compiler:");
      run("varve-jdbc", ours);
      run("clickhouse-jdbc", theirs);
      long[] own = new long[rounds];
      long[] official = new long[rounds];
      for (int round = 0; round < rounds; round++) {
        own[round] = run("varve-jdbc", ours);
        official[round] = run("clickhouse-jdbc", theirs);
      }
      double ratio = (double) median(official) / median(own);
      System.out.printf(
          Locale.ROOT,
          "median: varve-jdbc %.2f M rows/s, clickhouse-jdbc %.2f M rows/s, ratio %.2f%n",
          rows / 1e3 / median(own),
          rows / 1e3 / median(official),
          ratio);
    } finally {
      Trees.delete(directory);
    }
    return 0;
  }

  private void load(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE fetched (id Int64, n Int32, v Float64, s String, at DateTime64(3),"
              + " price Decimal(15, 2)) ENGINE = MergeTree ORDER BY id");
      statement.execute(
          "INSERT INTO fetched SELECT toInt64(number), toInt32(number % 100000), number / 7.0,"
              + " concat('customer-', toString(number % 9000000)),"
              + " toDateTime64(1700000000 + number % 10000000, 3),"
              + " toDecimal64(number % 1000000, 2) FROM numbers("
              + rows
              + ")");
    }
  }

  private long run(String name, String url) throws IOException, InterruptedException {
    Process client =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap + "m",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FetchClient.class.getName(),
                    url,
                    COLUMNS + " LIMIT " + Math.max(1, rows / 10),
                    COLUMNS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = "";
    try (BufferedReader lines = client.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answer = line.startsWith("fetched ") ? line : answer;
      }
    }
    String[] words = answer.split(" ");
    if (client.waitFor() != 0 || words.length != 4 || Long.parseLong(words[1]) != rows) {
      throw new IllegalStateException(name + " did not read all rows: \"" + answer + "\"");
    }
    long millis = Long.parseLong(words[2]);
    System.out.printf(
        Locale.ROOT,
        "%-16s %6d ms %6.2f M rows/s, checksum %s%n",
        name,
        millis,
        rows / 1e3 / millis,
        words[3]);
    return millis;
  }

  private static long median(long[] millis) {
    long[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
