// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import dev.varve.bench.peer.ClickHousePeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How many rows a second does `OPTIMIZE TABLE ... FINAL` merge, 20 parts into one, under each rule
/// and for rows that come in the order of the key, beside ClickHouse?
///
/// Arithmetic says for the rules: 20 ns a row to find the order, and for each of five columns 4 ns
/// to decode, gather and encode, so about 40 ns on one core: 25 million rows/s, twice that on two.
/// Rows that arrive in order move as blocks: two copies of a few bytes each.
@Command(
    name = "merge",
    description = "OPTIMIZE FINAL of 20 parts under each rule, beside ClickHouse",
    mixinStandardHelpOptions = true)
final class MergeScenario implements Callable<Integer> {
  @Option(names = "--only", split = ",", description = "these of ${COMPLETION-CANDIDATES}")
  Set<MergeFiles> only = EnumSet.allOf(MergeFiles.class);

  @Option(names = "--rows", description = "rows of a batch (default: ${DEFAULT-VALUE})")
  int rows = 500_000;

  @Option(names = "--runs", description = "runs, in turns (default: ${DEFAULT-VALUE})")
  int runs = 3;

  @Option(names = "--no-peer", description = "without ClickHouse")
  boolean noPeer;

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  /// Times of one engine.
  ///
  /// @param insertNanos all batches, a number for each run
  /// @param mergeNanos the merge, a number for each run
  /// @param mergeCpuNanos CPU time of the merge, a number for each run
  private record Side(
      String name, long[] insertNanos, long[] mergeNanos, long[] mergeCpuNanos, String[] answer) {
    static Side of(String name, int runs) {
      return new Side(name, new long[runs], new long[runs], new long[runs], new String[1]);
    }
  }

  /// Runs statements; the answer as text.
  private interface Engine {
    String run(String sql) throws IOException, SQLException;

    /// CPU time of its process so far.
    long cpuNanos();
  }

  private record Varve(Statement statement) implements Engine {
    @Override
    public String run(String sql) throws SQLException {
      return answer(statement, sql);
    }

    @Override
    public long cpuNanos() {
      return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
  }

  private record ClickHouse(ClickHousePeer peer) implements Engine {
    @Override
    public String run(String sql) throws IOException {
      return peer.run(sql);
    }

    @Override
    public long cpuNanos() {
      return peer.cpuNanos();
    }
  }

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    int threads = Runtime.getRuntime().availableProcessors();
    Path home = directory.toAbsolutePath();
    Files.createDirectories(home);
    Path data = Files.createTempDirectory(home, "merge");
    List<String> json = new ArrayList<>();
    boolean agree = true;
    try (Connection connection = DriverManager.getConnection("jdbc:varve:" + data);
        Statement statement = connection.createStatement();
        ClickHousePeer peer = noPeer ? null : ClickHousePeer.start(data, threads).orElse(null)) {
      System.out.println(peer == null ? "no ClickHouse here" : "ClickHouse " + peer.version());
      for (MergeFiles files : only) {
        List<Path> batches = files.make(home.resolve("merge-batches"), rows);
        Side ours = Side.of("varve", runs);
        Side theirs = Side.of("clickhouse", runs);
        for (int run = 0; run < runs; run++) {
          if (peer != null) {
            measure(new ClickHouse(peer), files, batches, "file('%s', 'Parquet')", theirs, run);
          }
          measure(new Varve(statement), files, batches, "read_parquet('%s')", ours, run);
        }
        agree &= report(files, ours, peer == null ? null : theirs, json);
      }
    }
    Path result = home.resolve("merge.json");
    Files.writeString(result, "[\n" + String.join(",\n", json) + "\n]\n", StandardCharsets.UTF_8);
    System.out.println(result);
    return agree ? 0 : 1;
  }

  private static void measure(
      Engine engine, MergeFiles files, List<Path> batches, String source, Side side, int run)
      throws IOException, SQLException {
    engine.run(files.create());
    engine.run("SYSTEM STOP MERGES " + files.table());
    long started = System.nanoTime();
    for (Path batch : batches) {
      engine.run(files.insert(source.formatted(batch)));
    }
    side.insertNanos[run] = System.nanoTime() - started;
    engine.run("SYSTEM START MERGES " + files.table());
    long cpu = engine.cpuNanos();
    started = System.nanoTime();
    engine.run("OPTIMIZE TABLE " + files.table() + " FINAL");
    side.mergeNanos[run] = System.nanoTime() - started;
    side.mergeCpuNanos[run] = engine.cpuNanos() - cpu;
    side.answer[0] = engine.run(files.check());
    engine.run("DROP TABLE " + files.table());
  }

  private boolean report(MergeFiles files, Side ours, Side theirs, List<String> json) {
    long all = (long) rows * MergeFiles.BATCHES;
    double mergeRate = line(files, ours, all, json);
    if (theirs == null) {
      return true;
    }
    double peerRate = line(files, theirs, all, json);
    System.out.printf(
        Locale.ROOT, "%-12s merges at %.2f of ClickHouse%n", files.table(), mergeRate / peerRate);
    if (!ours.answer[0].equals(theirs.answer[0])) {
      System.out.println("  the answers differ: " + ours.answer[0] + " / " + theirs.answer[0]);
      return false;
    }
    return true;
  }

  /// Prints the medians; the rate of the merge in rows a second.
  private static double line(MergeFiles files, Side side, long all, List<String> json) {
    Runs merges = new Runs(side.name, side.mergeNanos);
    Runs inserts = new Runs(side.name, side.insertNanos);
    double rate = all / merges.medianMillis() * 1000;
    double insertRate = all / inserts.medianMillis() * 1000;
    System.out.printf(
        Locale.ROOT,
        "%-12s %-10s merge %,11.0f rows/s (%.0f to %.0f ms; CPU %.0f ms)   insert %,11.0f rows/s%n",
        files.table(),
        side.name,
        rate,
        merges.minMillis(),
        merges.maxMillis(),
        new Runs(side.name, side.mergeCpuNanos).medianMillis(),
        insertRate);
    json.add(
        String.format(
            Locale.ROOT,
            "{\"case\": \"%s\", \"engine\": \"%s\", \"rows\": %d, \"mergeNanos\": %s,"
                + " \"mergeCpuNanos\": %s, \"insertNanos\": %s}",
            files.table(),
            side.name,
            all,
            Arrays.toString(side.mergeNanos),
            Arrays.toString(side.mergeCpuNanos),
            Arrays.toString(side.insertNanos)));
    return rate;
  }

  private static String answer(Statement statement, String sql) throws SQLException {
    if (!statement.execute(sql)) {
      return "";
    }
    try (ResultSet result = statement.getResultSet()) {
      int columns = result.getMetaData().getColumnCount();
      StringBuilder text = new StringBuilder();
      while (result.next()) {
        for (int c = 1; c <= columns; c++) {
          text.append(c == 1 ? "" : "\t").append(result.getObject(c));
        }
      }
      return text.toString();
    }
  }
}
