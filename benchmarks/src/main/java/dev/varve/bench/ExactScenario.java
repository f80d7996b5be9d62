// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import dev.varve.bench.peer.ClickHousePeer;
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

/// What does an exact read cost over a raw one, before any merge: 20 overlapping parts, of whose
/// rows 30 % share their key with others? And what does one changed row cost? Beside ClickHouse
/// with and without `FINAL`.
///
/// Arithmetic says for 10 million rows: to find the shared keys once, 15 ns a row; after that a
/// mask of one bit a row, which is nothing beside decoding the row's values, and 30 % fewer rows to
/// add.
@Command(
    name = "exact",
    description = "exact reads against raw reads of 20 overlapping parts, beside ClickHouse FINAL",
    mixinStandardHelpOptions = true)
final class ExactScenario implements Callable<Integer> {
  private static final Set<MergeFiles> RULES = EnumSet.complementOf(EnumSet.of(MergeFiles.APPEND));

  @Option(names = "--only", split = ",", description = "these of ${COMPLETION-CANDIDATES}")
  Set<MergeFiles> only = RULES;

  @Option(names = "--rows", description = "rows of a batch (default: ${DEFAULT-VALUE})")
  int rows = 500_000;

  @Option(names = "--runs", description = "hot runs, in turns (default: ${DEFAULT-VALUE})")
  int runs = 15;

  @Option(names = "--at-once", description = "the first exact query comes before it is prepared")
  boolean atOnce;

  @Option(names = "--no-peer", description = "without ClickHouse")
  boolean noPeer;

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  private final List<String> json = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    int threads = Runtime.getRuntime().availableProcessors();
    Path home = directory.toAbsolutePath();
    Files.createDirectories(home);
    Path data = Files.createTempDirectory(home, "exact");
    boolean agree = true;
    try (Connection connection = DriverManager.getConnection("jdbc:varve:" + data);
        Statement statement = connection.createStatement();
        ClickHousePeer peer = noPeer ? null : ClickHousePeer.start(data, threads).orElse(null)) {
      System.out.println(peer == null ? "no ClickHouse here" : "ClickHouse " + peer.version());
      for (MergeFiles files : RULES) {
        if (only.contains(files)) {
          agree &= rule(statement, peer, files, files.make(home.resolve("merge-batches"), rows));
        }
      }
    }
    Path result = home.resolve("exact.json");
    Files.writeString(result, "[\n" + String.join(",\n", json) + "\n]\n", StandardCharsets.UTF_8);
    System.out.println(result);
    return agree ? 0 : 1;
  }

  /// Questions that have to read rows.
  private static String question(MergeFiles files) {
    return switch (files) {
      case REPLACING, COLLAPSING, VERSIONED -> "SELECT count(*), sum(v + 1), max(v % 1000) FROM ";
      case SUMMING -> "SELECT count(*), sum(amount + 1), max(hits) FROM ";
      case AGGREGATING -> "SELECT count(*), sum(total + 1), max(most) FROM ";
      case APPEND -> throw new IllegalArgumentException("rows of " + files + " share no keys");
    };
  }

  private boolean rule(
      Statement statement, ClickHousePeer peer, MergeFiles files, List<Path> batches)
      throws Exception {
    String table = files.table();
    fill(statement, peer, files, batches);
    String raw = question(files) + table + (" SETTINGS final = 0");
    String exact = question(files) + table;
    run(statement, raw);
    run(statement, raw);
    long aheadCpu = atOnce ? 0 : awaitQuiet();
    long rawCpu = cpu(statement, raw);
    long firstNanos = System.nanoTime();
    long firstCpu = cpu(statement, exact);
    firstNanos = System.nanoTime() - firstNanos;
    Runs rawRuns = new Runs("raw", new long[runs]);
    Runs exactRuns = new Runs("exact", new long[runs]);
    Runs peerRaw = new Runs("peer raw", new long[runs]);
    Runs peerFinal = new Runs("FINAL", new long[runs]);
    String answer = "";
    String peerAnswer = "";
    // The system counts CPU time in steps of 10 ms, so that of all runs is compared.
    long rawCpus = 0;
    long exactCpus = 0;
    for (int i = 0; i < runs; i++) {
      long before = cpuNanos();
      rawRuns.nanos()[i] = nanos(() -> run(statement, raw));
      long between = cpuNanos();
      exactRuns.nanos()[i] = nanos(() -> run(statement, exact));
      rawCpus += between - before;
      exactCpus += cpuNanos() - between;
      if (peer != null) {
        peerRaw.nanos()[i] = nanos(() -> peer.run(question(files) + table));
        peerFinal.nanos()[i] = nanos(() -> peer.run(question(files) + table + " FINAL"));
      }
    }
    answer = run(statement, exact);
    System.out.printf(
        Locale.ROOT,
        "%-12s raw %6.1f ms  exact %6.1f ms (%.2f; CPU %.1f and %.1f ms, %.2f)  first %6.1f ms, CPU"
            + " %.0f ms above raw, %.0f ms in the background before%n",
        table,
        rawRuns.medianMillis(),
        exactRuns.medianMillis(),
        exactRuns.medianMillis() / rawRuns.medianMillis(),
        rawCpus / 1e6 / runs,
        exactCpus / 1e6 / runs,
        (double) exactCpus / rawCpus,
        firstNanos / 1e6,
        (firstCpu - rawCpu) / 1e6,
        aheadCpu / 1e6);
    json.add(line(table, "varve", rawRuns, exactRuns, firstNanos, firstCpu - rawCpu));
    boolean agree = true;
    if (peer != null) {
      peerAnswer = peer.run(question(files) + table + " FINAL");
      agree = answer.equals(peerAnswer.strip());
      System.out.printf(
          Locale.ROOT,
          "%-12s ClickHouse raw %6.1f ms  FINAL %6.1f ms (%.2f); exact is %.1f x faster%n",
          "",
          peerRaw.medianMillis(),
          peerFinal.medianMillis(),
          peerFinal.medianMillis() / peerRaw.medianMillis(),
          peerFinal.medianMillis() / exactRuns.medianMillis());
      if (!agree) {
        System.out.println("  the answers differ: " + answer + " / " + peerAnswer);
      }
      json.add(line(table, "clickhouse", peerRaw, peerFinal, 0, 0));
      peer.run("DROP TABLE " + table);
    }
    oneChangedRow(statement, files);
    run(statement, "DROP TABLE " + table);
    return agree;
  }

  /// Merges everything into one part, measures, changes one row and measures again.
  private void oneChangedRow(Statement statement, MergeFiles files) throws Exception {
    String table = files.table();
    String exact = question(files) + table;
    run(statement, "SYSTEM START MERGES " + table);
    run(statement, "OPTIMIZE TABLE " + table + " FINAL");
    run(statement, "SYSTEM STOP MERGES " + table);
    Runs before = new Runs("one part", new long[runs]);
    Runs after = new Runs("one changed row", new long[runs]);
    String insert =
        switch (files) {
          case REPLACING -> "SELECT k, version + 1, v, price, name";
          case COLLAPSING, VERSIONED -> "SELECT k, toInt8(-1), version, v, name";
          case SUMMING, AGGREGATING, APPEND -> "SELECT *";
        };
    for (int i = -3; i < runs; i++) {
      long time = nanos(() -> run(statement, exact + " SETTINGS final = 0"));
      before.nanos()[Math.max(0, i)] = time;
    }
    run(statement, "INSERT INTO " + table + " " + insert + " FROM " + table + " LIMIT 1");
    long beforeCpus = 0;
    long afterCpus = 0;
    for (int i = -3; i < runs; i++) {
      long started = cpuNanos();
      long time = nanos(() -> run(statement, exact));
      after.nanos()[Math.max(0, i)] = time;
      long between = cpuNanos();
      time = nanos(() -> run(statement, exact + " SETTINGS final = 0"));
      before.nanos()[Math.max(0, i)] = time;
      afterCpus += i < 0 ? 0 : between - started;
      beforeCpus += i < 0 ? 0 : cpuNanos() - between;
    }
    System.out.printf(
        Locale.ROOT,
        "%-12s one part %6.1f ms, one changed row %6.1f ms (%.2f; by CPU %.2f)%n",
        "",
        before.medianMillis(),
        after.medianMillis(),
        after.medianMillis() / before.medianMillis(),
        (double) afterCpus / beforeCpus);
    json.add(line(table + ", one changed row", "varve", before, after, 0, 0));
  }

  private static void fill(
      Statement statement, ClickHousePeer peer, MergeFiles files, List<Path> batches)
      throws Exception {
    run(statement, files.create());
    run(statement, "SYSTEM STOP MERGES " + files.table());
    for (Path batch : batches) {
      run(statement, files.insert("read_parquet('" + batch + "')"));
    }
    if (peer != null) {
      peer.run(files.create());
      peer.run("SYSTEM STOP MERGES " + files.table());
      for (Path batch : batches) {
        peer.run(files.insert("file('" + batch + "', 'Parquet')"));
      }
    }
  }

  private static String line(
      String table, String engine, Runs raw, Runs exact, long firstNanos, long firstCpuNanos) {
    return String.format(
        Locale.ROOT,
        "{\"case\": \"%s\", \"engine\": \"%s\", \"rawNanos\": %s, \"exactNanos\": %s,"
            + " \"firstNanos\": %d, \"firstCpuAboveRawNanos\": %d}",
        table,
        engine,
        Arrays.toString(raw.nanos()),
        Arrays.toString(exact.nanos()),
        firstNanos,
        firstCpuNanos);
  }

  /// Something to be timed.
  private interface Work {
    void run() throws Exception;
  }

  private static long nanos(Work work) throws Exception {
    long started = System.nanoTime();
    work.run();
    return System.nanoTime() - started;
  }

  /// Lets the background finish what it does after inserts.
  ///
  /// @return the CPU time that took
  private static long awaitQuiet() throws InterruptedException {
    long before = cpuNanos();
    long last = before;
    int idle = 0;
    for (int i = 0; i < 100 && idle < 4; i++) {
      Thread.sleep(100);
      long now = cpuNanos();
      idle = now - last <= 10_000_000 ? idle + 1 : 0;
      last = now;
    }
    return last - before;
  }

  private static long cpu(Statement statement, String sql) throws SQLException {
    long before = cpuNanos();
    run(statement, sql);
    return cpuNanos() - before;
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static String run(Statement statement, String sql) throws SQLException {
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
