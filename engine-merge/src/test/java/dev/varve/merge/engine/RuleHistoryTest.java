// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Random histories under every rule, through the whole engine: INSERTs and log records in any
/// order of versions and signs, folds, flushes, merges of any parts in the background and on
/// demand, kills and restarts. An exact read always shows what the plainest code makes of the rows
/// in the order of acknowledgement. For a soak: `-Dvarve.times=5000`.
class RuleHistoryTest {
  private static final TableName NAME = new TableName("default", "t");

  private final FaultyDisk disk = new FaultyDisk();
  private final Path data = disk.root().resolve("data");
  private final Map<Long, List<Row>> rowsOfKeys = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private MergeSettings settings;
  private BufferAllocator allocator;
  private MergeEngine engine;

  /// A row in the order of the table's columns.
  private record Row(long key, long version, long sign, long gone, long value) {
    String text() {
      return key + " " + version + " " + sign + " " + gone + " " + value;
    }
  }

  /// A rule and what it shows of the rows of one key, in insert order.
  private enum Rule {
    LATEST("ReplacingMergeTree") {
      @Override
      List<String> shown(List<Row> rows) {
        return List.of(rows.getLast().text());
      }
    },
    VERSIONED("ReplacingMergeTree(version, gone)") {
      @Override
      List<String> shown(List<Row> rows) {
        Row winner = rows.getFirst();
        for (Row row : rows) {
          winner = row.version >= winner.version ? row : winner;
        }
        return winner.gone != 0 ? List.of() : List.of(winner.text());
      }
    },
    COLLAPSING("CollapsingMergeTree(sign)") {
      @Override
      List<String> shown(List<Row> rows) {
        return collapsed(rows, true);
      }
    },
    VERSIONED_COLLAPSING("VersionedCollapsingMergeTree(sign, version)") {
      @Override
      List<String> shown(List<Row> rows) {
        List<String> shown = new ArrayList<>();
        for (long version = 0; version < 4; version++) {
          long wanted = version;
          shown.addAll(collapsed(rows.stream().filter(r -> r.version == wanted).toList(), false));
        }
        return shown;
      }
    },
    SUMMING("SummingMergeTree(value)") {
      @Override
      List<String> shown(List<Row> rows) {
        Row last = rows.getLast();
        long sum = rows.stream().mapToLong(Row::value).sum();
        Row shown = new Row(last.key, last.version, last.sign, last.gone, sum);
        return sum == 0 ? List.of() : List.of(shown.text());
      }
    };

    private final String engine;

    Rule(String engine) {
      this.engine = engine;
    }

    abstract List<String> shown(List<Row> rows);

    private static List<String> collapsed(List<Row> rows, boolean inOrder) {
      long net = rows.stream().mapToLong(Row::sign).sum();
      Optional<Row> plus = rows.stream().filter(r -> r.sign > 0).reduce((_, b) -> b);
      boolean counts =
          plus.isPresent() && (net > 0 || (inOrder && net == 0 && rows.getLast().sign > 0));
      return counts ? List.of(plus.get().text()) : List.of();
    }
  }

  @Randomized(times = 60)
  void everyReadShowsTheModelsAnswer(RandomGenerator random) {
    Rule rule = Rule.values()[random.nextInt(Rule.values().length)];
    boolean background = random.nextInt(3) == 0;
    settings = new MergeSettings(0, 1L << 40, 4, 3, 1 << 20, 1L << 40, 300, 3000);
    settings = settings.withMergeThreads(background ? 1 : 0);
    open();
    engine.create(
        TableRows.table(
            "t",
            "k Int64, version UInt32, sign Int8, gone UInt8, value Int64",
            rule.engine,
            "k",
            random.nextInt(3) == 0 ? "gone" : ""));
    for (int step = 0; step < 40; step++) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> TableRows.insert(table(), allocator, random.nextBoolean(), rows(random));
        case 3, 4, 5 -> produce(random);
        case 6 -> table().flush();
        case 7, 8 -> table().optimize(Optional.empty(), random.nextBoolean());
        default -> restart(random.nextBoolean());
      }
      if (random.nextInt(3) > 0) {
        assertThat(TableRows.rows(table(), allocator))
            .as("%s after step %d", rule, step)
            .isEqualTo(expected(rule));
      }
    }
    close();
  }

  private List<String> expected(Rule rule) {
    List<String> expected = new ArrayList<>();
    rowsOfKeys.values().forEach(rows -> expected.addAll(rule.shown(rows)));
    expected.sort(Comparator.naturalOrder());
    return expected;
  }

  private String[] rows(RandomGenerator random) {
    String[] texts = new String[1 + random.nextInt(random.nextInt(6) == 0 ? 30 : 5)];
    for (int i = 0; i < texts.length; i++) {
      Row row =
          new Row(
              random.nextInt(10),
              random.nextInt(4),
              random.nextInt(5) < 3 ? 1 : -1,
              random.nextInt(4) == 0 ? 1 : 0,
              random.nextInt(7) - 3L);
      rowsOfKeys.computeIfAbsent(row.key, _ -> new ArrayList<>()).add(row);
      texts[i] = row.text();
    }
    return texts;
  }

  private void produce(RandomGenerator random) {
    String[] rows = rows(random);
    TableRows.apply(table(), allocator, log.size(), rows);
    log.addAll(List.of(rows));
  }

  private MergeTable table() {
    return engine.table(NAME).orElseThrow();
  }

  private void open() {
    allocator = new RootAllocator();
    engine = MergeEngine.open(data, settings, allocator);
  }

  private void close() {
    engine.close();
    allocator.close();
  }

  /// The log keeps its records; they are replayed from where the table says.
  ///
  /// @param kill without the flush of a clean end
  private void restart(boolean kill) {
    if (kill && settings.mergeThreads() == 0) {
      disk.killProcess();
      try {
        engine.close();
      } catch (VarveException diskIsGone) {
        assertThat(diskIsGone).hasMessageContaining("data");
      }
      allocator.close();
    } else {
      close();
    }
    open();
    int durable = Math.toIntExact(table().durableOffsets().getOrDefault(0, 0L));
    if (durable < log.size()) {
      String[] rest = log.subList(durable, log.size()).toArray(String[]::new);
      TableRows.apply(table(), allocator, durable, rest);
    }
  }
}
