// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.TableName;
import dev.varve.test.FaultyDisk;
import dev.varve.test.FaultyDisk.Fault;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// A short life of a table, broken off at each of its operations on files: whatever was
/// acknowledged is there, what was under way is there whole or not at all, and no file is left
/// over. The same with a disk that is full for one operation, where nothing may need a restart.
class EngineFaultTest {
  private static final MergeSettings SETTINGS =
      new MergeSettings(0, 1L << 40, 4, 2, 1 << 20, 1L << 40, 300, 3000);

  /// A table with one history, and what its user may rely on.
  private static final class Life {
    final FaultyDisk disk = new FaultyDisk();
    final Path data = disk.root().resolve("data");
    final List<String> log = new ArrayList<>();
    Map<Long, String> acknowledged = new TreeMap<>();
    Map<Long, String> attempted = new TreeMap<>();
    MergeSettings settings = SETTINGS;
    BufferAllocator allocator;
    MergeEngine engine;

    void open() {
      allocator = new RootAllocator();
      try {
        engine = MergeEngine.open(data, settings, allocator);
      } catch (RuntimeException failed) {
        allocator.close();
        throw failed;
      }
    }

    void create() {
      if (engine.table(new TableName("default", "t")).isEmpty()) {
        engine.create(
            TableRows.table("t", "k Int64, v Int64, p Int64", "ReplacingMergeTree", "k", "p"));
      }
    }

    MergeTable table() {
      return engine.table(new TableName("default", "t")).orElseThrow();
    }

    void insert(String... rows) {
      attempt(rows);
      TableRows.insert(table(), allocator, rows);
      acknowledged = new TreeMap<>(attempted);
    }

    /// The log holds the records before they are applied.
    void produce(String... rows) {
      int from = log.size();
      log.addAll(List.of(rows));
      attempt(rows);
      acknowledged = new TreeMap<>(attempted);
      TableRows.apply(table(), allocator, from, rows);
    }

    private void attempt(String... rows) {
      attempted = new TreeMap<>(acknowledged);
      for (String row : rows) {
        attempted.put(Long.parseLong(row.substring(0, row.indexOf(' '))), row);
      }
    }

    void truncate() {
      attempted = new TreeMap<>();
      table().truncate();
      acknowledged = new TreeMap<>();
    }

    void replay() {
      long durable = table().durableOffsets().getOrDefault(0, 0L);
      if (durable < log.size()) {
        TableRows.apply(
            table(),
            allocator,
            durable,
            log.subList((int) durable, log.size()).toArray(String[]::new));
      }
    }

    List<String> rows() {
      return TableRows.rows(table(), allocator);
    }

    static List<String> sorted(Map<Long, String> model) {
      return model.values().stream().sorted().toList();
    }

    void close() {
      try {
        engine.close();
      } catch (VarveException diskIsGone) {
        assertThat(diskIsGone).hasMessageContaining("data");
      }
      allocator.close(); // whatever happened, no memory is left behind
    }

    /// After a crash: the state, every byte of it, and no file that nobody names.
    void recover(String when) {
      open();
      create();
      replay();
      assertThat(table().quarantined()).as(when).isEmpty();
      List<String> rows = rows();
      assertThat(rows).as(when).isIn(sorted(acknowledged), sorted(attempted));
      acknowledged = rows.equals(sorted(acknowledged)) ? acknowledged : attempted;
      List<String> named = new ArrayList<>();
      for (Part part : table().parts()) {
        Path directory = data.resolve("parts").resolve(part.info().name());
        if (part.info().bytes() > 0) {
          named.add(part.info().name());
          assertThat(
                  PartVerifier.verify(
                          directory, new PartVerifier.Expected(Optional.of(part.info()), true))
                      .problems())
              .as(when)
              .isEmpty();
        }
      }
      assertThat(partDirectories()).as(when).containsExactlyInAnyOrderElementsOf(named);
    }

    List<String> partDirectories() {
      try (Stream<Path> entries = Files.list(data.resolve("parts"))) {
        return entries.map(path -> path.getFileName().toString()).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// One thing that is done to a table.
  private record Step(String name, Consumer<Life> act) {}

  private static final List<Step> SCRIPT =
      List.of(
          new Step("create", Life::create),
          new Step("insert", life -> life.insert("1 10 0", "2 20 0", "3 30 1")),
          new Step("produce", life -> life.produce("1 11 0", "4 40 0")),
          new Step("flush", life -> life.table().flush()),
          new Step("insert again", life -> life.insert("2 21 0", "5 50 1")),
          new Step("merge", life -> life.table().optimize(Optional.empty(), true)),
          new Step("truncate", Life::truncate),
          new Step("produce again", life -> life.produce("3 31 1", "1 12 0")),
          new Step("insert at last", life -> life.insert("2 22 0")),
          new Step("merge at last", life -> life.table().optimize(Optional.empty(), true)));

  /// How many operations on files the whole script takes.
  private static long operations() {
    Life life = new Life();
    life.open();
    SCRIPT.forEach(step -> step.act().accept(life));
    long operations = life.disk.operations();
    life.close();
    return operations;
  }

  /// Runs the script until the disk fails.
  ///
  /// @return the step that failed, or the number of steps
  private static int runUntilFault(Life life) {
    try {
      life.open();
    } catch (VarveException diskIsGone) {
      return 0;
    }
    for (int step = 0; step < SCRIPT.size(); step++) {
      try {
        SCRIPT.get(step).act().accept(life);
      } catch (VarveException | IllegalStateException refused) {
        return step;
      }
    }
    return SCRIPT.size();
  }

  @Test
  void aCrashAtAnyOperationLosesNothingAcknowledged() {
    long operations = operations();
    assertThat(operations).isGreaterThan(100);
    for (long at = 0; at < operations; at++) {
      RandomGenerator random = new java.util.Random(at);
      for (boolean powerCut : new boolean[] {true, false}) {
        crashAt(at, powerCut, random);
      }
    }
  }

  private static void crashAt(long at, boolean powerCut, RandomGenerator random) {
    Life life = new Life();
    life.disk.failOperation(at, Fault.GONE);
    int failed = runUntilFault(life);
    if (powerCut) {
      life.disk.powerCut(random);
    } else {
      life.disk.killProcess();
    }
    if (life.engine != null) {
      life.close();
    }
    String step = failed < SCRIPT.size() ? SCRIPT.get(failed).name() : "the end";
    String when = "operation " + at + ", in " + step + (powerCut ? ", power cut" : ", kill");
    life.recover(when);
    for (int again = Math.max(1, failed); again < SCRIPT.size(); again++) {
      SCRIPT.get(again).act().accept(life);
    }
    assertThat(life.rows()).as(when).isEqualTo(Life.sorted(life.acknowledged));
    life.close();
  }

  @Test
  void aDiskThatIsFullForOnceNeedsNoRestart() {
    long operations = operations();
    for (long at = 0; at < operations; at++) {
      Life life = new Life();
      life.disk.failOperation(at, Fault.NO_SPACE);
      try {
        life.open();
      } catch (VarveException full) {
        assertThat(full.code()).as("operation " + at).isEqualTo(ErrorCode.NOT_ENOUGH_SPACE);
        life.open();
      }
      for (Step step : SCRIPT) {
        runTwiceIfRefused(life, step, "operation " + at + ", in " + step.name());
      }
      assertThat(life.rows()).isEqualTo(Life.sorted(life.acknowledged));
      life.disk.failOperation(Long.MAX_VALUE, Fault.NO_SPACE);
      life.close();
      life.recover("operation " + at + ", after all");
      life.close();
    }
  }

  private static void runTwiceIfRefused(Life life, Step step, String when) {
    int logged = life.log.size();
    try {
      step.act().accept(life);
    } catch (VarveException full) {
      assertThat(full.code()).as(when).isEqualTo(ErrorCode.NOT_ENOUGH_SPACE);
      if (!step.name().equals("create")) {
        assertThat(life.rows()).as(when).isEqualTo(Life.sorted(life.acknowledged));
      }
      if (life.log.size() > logged) {
        life.replay();
      } else {
        step.act().accept(life);
      }
    }
  }

  @Randomized(times = 60)
  void anErrorOfTheSystemLeavesTheTableWholeAfterARestart(RandomGenerator random) {
    Life life = new Life();
    life.disk.failOperation(random.nextLong(operations()), Fault.ERROR);
    int failed = runUntilFault(life);
    life.disk.killProcess();
    if (life.engine != null) {
      life.close();
    }
    life.recover("in step " + failed);
    life.close();
  }

  @Randomized(times = 40)
  void aLongLifeWithManyFaultsKeepsWhatWasAcknowledged(RandomGenerator random) {
    Life life = new Life();
    life.settings = SETTINGS.withMergeThreads(random.nextInt(2));
    life.open();
    life.create();
    Fault fault = Fault.ERROR;
    for (int number = 0; number < 60; number++) {
      Step step = randomStep(random, number);
      String when = "step " + number + ", " + step.name();
      if (life.disk.hasFailed() && fault != Fault.NO_SPACE) {
        restart(life, random, when + ", after a merge in the background met the fault");
      }
      if (!life.disk.willFail() && random.nextInt(4) == 0) {
        fault = Fault.values()[random.nextInt(3)];
        life.disk.failOperation(life.disk.operations() + random.nextInt(50), fault);
      }
      try {
        step.act().accept(life);
      } catch (VarveException | IllegalStateException refused) {
        assertThat(life.disk.hasFailed()).as(when + ": " + refused).isTrue();
        recoverFrom(life, refused, random, when);
      }
      if (!life.disk.hasFailed()) {
        assertThat(life.rows()).as(when).isEqualTo(Life.sorted(life.acknowledged));
      }
    }
    life.disk.failOperation(Long.MAX_VALUE, Fault.ERROR);
    restart(life, random, "the end");
    life.close();
  }

  private static Step randomStep(RandomGenerator random, int number) {
    String[] rows = new String[1 + random.nextInt(4)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextInt(12) + " " + (number * 10 + i) + " " + random.nextInt(2);
    }
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> new Step("insert", life -> life.insert(rows));
      case 4, 5, 6 -> new Step("produce", life -> life.produce(rows));
      case 7, 8 -> new Step("flush", life -> life.table().flush());
      case 9, 10 -> new Step("merge", life -> life.table().optimize(Optional.empty(), true));
      default -> new Step("truncate", Life::truncate);
    };
  }

  /// A full disk leaves everything as it was and needs no restart; after anything else the disk is
  /// read again.
  private static void recoverFrom(
      Life life, RuntimeException refused, RandomGenerator random, String when) {
    boolean full =
        refused instanceof VarveException error && error.code() == ErrorCode.NOT_ENOUGH_SPACE;
    if (!full) {
      restart(life, random, when);
    } else {
      life.replay();
      assertThat(life.rows()).as(when).isEqualTo(Life.sorted(life.acknowledged));
      life.attempted = life.acknowledged;
    }
  }

  private static void restart(Life life, RandomGenerator random, String when) {
    if (random.nextBoolean()) {
      life.disk.powerCut(random);
    } else {
      life.disk.killProcess();
    }
    life.close();
    life.recover(when);
    life.attempted = life.acknowledged;
  }
}
