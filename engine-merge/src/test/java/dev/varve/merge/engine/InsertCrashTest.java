// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Scratch;
import dev.varve.test.Randomized;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;

/// A process that inserts, flushes and merges is killed with `kill -9` at random points: what it
/// acknowledged is there, whole and once.
class InsertCrashTest {
  private static final int ROWS = 7;
  private static final MergeSettings SETTINGS =
      new MergeSettings(1, 1L << 40, 4, 3, 50, 5, 300, 3000);

  @TempDir Path directory;

  /// The process to be killed: prints a line for each insert and each log record it acknowledged.
  static final class Victim {
    public static void main(String[] arguments) {
      int first = Integer.parseInt(arguments[1]);
      try (BufferAllocator allocator = new RootAllocator();
          MergeEngine engine = MergeEngine.open(Path.of(arguments[0]), SETTINGS, allocator)) {
        MergeTable table = engine.table(new TableName("default", "t")).orElseThrow();
        MergeTable log = engine.table(new TableName("default", "log")).orElseThrow();
        MergeTable small = engine.table(new TableName("default", "small")).orElseThrow();
        System.out.println("ready");
        for (int i = first; ; i++) {
          insertOnce(small, allocator, i);
          TableRows.insert(table, allocator, rows(i));
          System.out.println("insert " + i);
          long next = log.appliedOffsets().getOrDefault(0, 0L);
          TableRows.apply(log, allocator, next, next % 100 + " " + next);
        }
      }
    }
  }

  /// A row that the journal takes, unless it is there.
  private static void insertOnce(MergeTable table, BufferAllocator allocator, int number) {
    String token = "token " + number;
    try (Scratch scratch = new Scratch(allocator);
        InsertClaim claim = table.claim(token, () -> {});
        TableInsert insert = table.insert(true)) {
      if (!claim.isKnown()) {
        insert.write(TableRows.batch(table, scratch, number + " 0"));
        insert.commit(CommitNotes.token(token));
      }
    }
  }

  private static String[] rows(int insert) {
    String[] rows = new String[ROWS];
    for (int r = 0; r < ROWS; r++) {
      rows[r] = insert + " " + r;
    }
    return rows;
  }

  @Randomized(times = 3)
  void everyAcknowledgedInsertIsThereWholeAndOnceAfterKill(RandomGenerator random)
      throws Exception {
    Path data = Files.createTempDirectory(directory, "data");
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine = MergeEngine.open(data, SETTINGS.withMergeThreads(0), allocator)) {
      engine.create(TableRows.table("t", "k Int64, v Int64", "MergeTree", "k", "v"));
      engine.create(TableRows.table("small", "k Int64, v Int64", "MergeTree", "k", ""));
      engine.create(TableRows.table("log", "k Int64, v Int64", "ReplacingMergeTree", "k", ""));
    }
    int acknowledged = 0;
    for (int life = 0; life < 2; life++) {
      acknowledged = liveAndDie(data, acknowledged, random.nextInt(60));
      acknowledged = check(data, acknowledged);
    }
  }

  /// @return the last insert that was acknowledged
  private static int liveAndDie(Path data, int before, int inserts) throws IOException {
    Process victim =
        new ProcessBuilder(command(data, before + 1))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int last = before;
    try (BufferedReader out = victim.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");
      for (int i = 0; i < inserts; i++) {
        last = Integer.parseInt(out.readLine().substring("insert ".length()));
      }
      victim.toHandle().destroyForcibly(); // unlike Process, it leaves the output readable
      // What it had printed before it died was acknowledged too.
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.matches("insert \\d+")) {
          last = Math.max(last, Integer.parseInt(line.substring("insert ".length())));
        }
      }
    } finally {
      victim.destroyForcibly().onExit().join();
    }
    return last;
  }

  private static List<String> command(Path data, int first) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-ea",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            data.toString(),
            String.valueOf(first)));
    return command;
  }

  /// The insert under way may be there, whole, or not. Returns the last one that is.
  private static int check(Path data, int acknowledged) {
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine = MergeEngine.open(data, SETTINGS.withMergeThreads(0), allocator)) {
      MergeTable table = engine.table(new TableName("default", "t")).orElseThrow();
      assertThat(table.quarantined()).isEmpty();
      List<String> rows = TableRows.rows(table, allocator);
      int last = rows.size() / ROWS;
      assertThat(last).isBetween(acknowledged, acknowledged + 1);
      List<String> expected = new ArrayList<>();
      for (int i = 1; i <= last; i++) {
        expected.addAll(List.of(rows(i)));
      }
      expected.sort(null);
      assertThat(rows).isEqualTo(expected);
      checkSmall(
          TableRows.rows(engine.table(new TableName("default", "small")).orElseThrow(), allocator),
          last);
      checkLog(engine.table(new TableName("default", "log")).orElseThrow(), allocator);
      return last;
    }
  }

  /// Each row is inserted before the large INSERT of its number.
  private static void checkSmall(List<String> rows, int last) {
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= Math.max(last, Math.min(rows.size(), last + 1)); i++) {
      expected.add(i + " 0");
    }
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
  }

  /// The rows are those below the offset that was committed with them.
  private static void checkLog(MergeTable log, BufferAllocator allocator) {
    long durable = log.durableOffsets().getOrDefault(0, 0L);
    List<String> expected = new ArrayList<>();
    for (long k = 0; k < Math.min(100, durable); k++) {
      long last = k + (durable - 1 - k) / 100 * 100;
      expected.add(k + " " + last);
    }
    expected.sort(null);
    assertThat(TableRows.rows(log, allocator)).isEqualTo(expected);
  }
}
