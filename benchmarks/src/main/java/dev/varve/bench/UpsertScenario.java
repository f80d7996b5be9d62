// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What do upserts of random keys cost those who query? And what do the files of pairs take, when a
/// tenth of a table's rows has been updated?
///
/// Arithmetic says for 50,000 upserts a second in batches of 5,000 into 20 million rows: every key
/// hits another granule, 150 ns each to find it, so 0.8 ms a batch and 1 % of a core; sorting,
/// writing and merging the new rows take about 2 us a row, 10 % of a core, which two cores take
/// from a query that uses both. A dead row costs two bytes at most in a file.
///
/// The same stream into another table of the same rows tells what the queries lose to it only
/// because they share cores, cache and disk with it.
@Command(
    name = "upserts",
    description = "queries beside a stream of upserts, against the same queries without",
    mixinStandardHelpOptions = true)
final class UpsertScenario implements Callable<Integer> {
  private static final String TABLE = "upserts";
  private static final String ELSEWHERE = "elsewhere";
  private static final String QUESTION = "SELECT count(*), sum(v + 1), max(v % 1000) FROM " + TABLE;

  /// Coprime to what the number of keys may be, so that keys are hit in no order.
  private static final long SPREAD = 2_654_435_761L;

  @Option(names = "--rows", description = "rows of the table (default: ${DEFAULT-VALUE})")
  long rows = 20_000_000;

  @Option(names = "--rate", description = "upserts a second (default: ${DEFAULT-VALUE})")
  int rate = 50_000;

  @Option(names = "--batch", description = "rows of an INSERT (default: ${DEFAULT-VALUE})")
  int batch = 5_000;

  @Option(names = "--seconds", description = "of each measurement (default: ${DEFAULT-VALUE})")
  int seconds = 20;

  @Option(
      names = "--warm-up",
      description = "seconds of the stream before the queries count (default: ${DEFAULT-VALUE})")
  int warmUpSeconds = 5;

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  private final AtomicLong nextRow = new AtomicLong();

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    Path home = directory.toAbsolutePath();
    Files.createDirectories(home);
    Path data = Files.createTempDirectory(home, "upserts");
    try (Connection connection = DriverManager.getConnection("jdbc:varve:" + data);
        Statement statement = connection.createStatement();
        Connection other = DriverManager.getConnection("jdbc:varve:" + data);
        Statement writer = other.createStatement()) {
      fill(statement, TABLE);
      fill(statement, ELSEWHERE);
      for (int i = 0; i < 20; i++) {
        run(statement, QUESTION);
      }
      Runs alone = queries(statement, "without upserts");
      Runs elsewhere = besideUpserts(statement, writer, ELSEWHERE, "upserts elsewhere");
      Runs beside = besideUpserts(statement, writer, TABLE, "beside upserts");
      printRatio("elsewhere/without upserts", elsewhere, alone);
      printRatio("with/without upserts", beside, alone);
      printRatio("with upserts/elsewhere", beside, elsewhere);
      pairs(statement, data);
      Path result = home.resolve("upserts.json");
      Files.writeString(
          result,
          "[" + json(alone) + ",\n" + json(elsewhere) + ",\n" + json(beside) + "]\n",
          StandardCharsets.UTF_8);
      System.out.println(result);
    }
    return 0;
  }

  private static void printRatio(String name, Runs runs, Runs to) {
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.2f, p99 %.2f%n",
        name,
        runs.percentileMillis(50) / to.percentileMillis(50),
        runs.percentileMillis(99) / to.percentileMillis(99));
  }

  private void fill(Statement statement, String table) throws SQLException {
    run(
        statement,
        "CREATE TABLE "
            + table
            + " (k UInt64, version UInt64, v Int64, name String)"
            + " ENGINE = ReplacingMergeTree(version) ORDER BY k");
    run(
        statement,
        "INSERT INTO "
            + table
            + " SELECT number, 0, (number * 7919) % 1000003, concat('name ', toString(number %"
            + " 999)) FROM numbers("
            + rows
            + ")");
    run(statement, "OPTIMIZE TABLE " + table + " FINAL");
  }

  /// New versions of the next keys.
  private String upserts(String table, long count) {
    return "INSERT INTO "
        + table
        + " SELECT (number * "
        + SPREAD
        + ") % "
        + rows
        + ", number + 1, number % 1000003, 'updated' FROM numbers("
        + nextRow.getAndAdd(count)
        + ", "
        + count
        + ")";
  }

  /// The first upserts decode all keys of the large part and have their loops compiled.
  private void warmUp(Statement statement) throws SQLException {
    long end = System.nanoTime() + warmUpSeconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      run(statement, QUESTION);
    }
  }

  private Runs queries(Statement statement, String name) throws SQLException {
    long[] nanos = new long[1 << 16];
    int count = 0;
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end && count < nanos.length) {
      long started = System.nanoTime();
      run(statement, QUESTION);
      nanos[count++] = System.nanoTime() - started;
    }
    Runs runs = new Runs(name, Arrays.copyOf(nanos, count));
    System.out.printf(
        Locale.ROOT,
        "%-16s p50 %6.1f ms  p99 %6.1f ms  max %6.1f ms  (%d queries)%n",
        name,
        runs.percentileMillis(50),
        runs.percentileMillis(99),
        runs.maxMillis(),
        count);
    return runs;
  }

  private Runs besideUpserts(Statement statement, Statement writer, String table, String name)
      throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    long before;
    long started;
    Runs runs;
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      Future<?> stream = pool.submit(() -> stream(writer, table, stop));
      try {
        warmUp(statement);
        before = nextRow.get();
        started = System.nanoTime();
        runs = queries(statement, name);
      } finally {
        stop.set(true);
      }
      try {
        stream.get();
      } catch (ExecutionException failed) {
        throw new IllegalStateException("the stream of upserts broke off", failed.getCause());
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%.0f upserts a second; %s parts at the end%n",
        (nextRow.get() - before) / ((System.nanoTime() - started) / 1e9),
        run(
            statement,
            "SELECT count(*) FROM system.parts WHERE active AND table = '" + table + "'"));
    return runs;
  }

  /// A batch at its time, or at once where the one before took too long.
  private Void stream(Statement writer, String table, AtomicBoolean stop)
      throws SQLException, InterruptedException {
    long interval = batch * 1_000_000_000L / rate;
    long next = System.nanoTime();
    while (!stop.get()) {
      run(writer, upserts(table, batch));
      next = Math.max(next + interval, System.nanoTime() - interval);
      long wait = next - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
      }
    }
    return null;
  }

  /// Updates a tenth of the rows in one INSERT and weighs what is kept of the pair of parts.
  private void pairs(Statement statement, Path data) throws Exception {
    run(statement, "OPTIMIZE TABLE " + TABLE + " FINAL");
    run(statement, "SYSTEM STOP MERGES " + TABLE);
    run(statement, upserts(TABLE, rows / 10));
    String parts = "FROM system.parts WHERE active AND table = '" + TABLE + "'";
    long pairs = 0;
    for (int i = 0; i < 100 && pairs == 0; i++) {
      run(statement, QUESTION);
      Thread.sleep(100); // the file is written in the background
      pairs = pairBytes(data);
    }
    long bytes = Long.parseLong(run(statement, "SELECT sum(bytes_on_disk) " + parts));
    System.out.printf(
        Locale.ROOT,
        "pairs of %s parts at 10 %% updates: %d bytes, %.2f %% of %d%n",
        run(statement, "SELECT count(*) " + parts),
        pairs,
        100.0 * pairs / bytes,
        bytes);
  }

  private static long pairBytes(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      List<Path> pairs = files.filter(f -> f.getFileName().toString().contains(".pair-")).toList();
      long bytes = 0;
      for (Path pair : pairs) {
        bytes += Files.size(pair);
      }
      return bytes;
    }
  }

  private static String json(Runs runs) {
    return "{\"case\": \"" + runs.name() + "\", \"nanos\": " + Arrays.toString(runs.nanos()) + "}";
  }

  private static String run(Statement statement, String sql) throws SQLException {
    if (!statement.execute(sql)) {
      return "";
    }
    try (ResultSet result = statement.getResultSet()) {
      StringBuilder text = new StringBuilder();
      while (result.next()) {
        text.append(result.getObject(1));
      }
      return text.toString();
    }
  }
}
