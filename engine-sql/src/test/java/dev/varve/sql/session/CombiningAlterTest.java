// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.arrow.memory.RootAllocator;

/// Columns that are summed come, go and change their type, and no merge before or after changes
/// what a Summing table then shows: a DEFAULT counts once for each row that was shown.
final class CombiningAlterTest {
  private static final List<String> NUMBERS = List.of("Int8", "Int16", "Int32", "Int64");

  private final List<String> done = new ArrayList<>();

  /// Of each key the sums, or the last text, by column.
  private final Map<Long, Map<String, Long>> shown = new TreeMap<>();

  private final Map<String, String> types = new TreeMap<>();

  /// Columns that a DEFAULT names.
  private final Set<String> named = new HashSet<>();

  private RandomGenerator random;
  private Session session;
  private int made;

  @Randomized(times = 30)
  void everyStateOfTheTableShowsTheSums(RandomGenerator random) {
    this.random = random;
    FaultyDisk disk = new FaultyDisk();
    MergeSettings settings =
        new MergeSettings(0, 1L << 40, 4, 3, 1 << 20, 1L << 40, 300, 3000)
            .withMergeThreads(random.nextInt(4) == 0 ? 1 : 0);
    try (RootAllocator allocator = new RootAllocator();
        MergeEngine tables = MergeEngine.open(disk.root().resolve("data"), settings, allocator);
        SqlEngine sql = new SqlEngine(tables, allocator, 1, List.of());
        Session opened = sql.open("tester", "")) {
      session = opened;
      types.put("c" + made++, "Int64");
      run(
          "CREATE TABLE t (k Int64, c0 Int64) ENGINE = SummingMergeTree"
              + (random.nextBoolean() ? "" : " PARTITION BY k % 2")
              + " ORDER BY k");
      for (int step = 0; step < 40; step++) {
        change();
        check();
      }
    } catch (RuntimeException | AssertionError failed) {
      failed.addSuppressed(new AssertionError("history: " + String.join(";\n", done)));
      throw failed;
    }
  }

  private void change() {
    switch (random.nextInt(9)) {
      case 0, 1, 2, 3 -> insert();
      case 4 -> run("OPTIMIZE TABLE t" + (random.nextBoolean() ? " FINAL" : ""));
      case 5 -> add();
      case 6 -> drop();
      default -> retype();
    }
    // What is all zero is hidden, and comes back as what is added to it.
    shown
        .values()
        .removeIf(row ->
            types.values().stream().anyMatch(type -> !isText(type))
                && types.keySet().stream().allMatch(c -> isText(types.get(c)) || row.get(c) == 0));
  }

  private static boolean isText(String type) {
    return type.equals("String");
  }

  private static long wrapped(long value, String type) {
    return switch (type) {
      case "Int8" -> (byte) value;
      case "Int16" -> (short) value;
      case "Int32" -> (int) value;
      default -> value;
    };
  }

  private void insert() {
    List<String> rows = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      long key = random.nextInt(5);
      Map<String, Long> row = new TreeMap<>();
      types.keySet().forEach(c -> row.put(c, (random.nextInt(5) - 2) * 60L));
      String values = row.values().stream().map(v -> ", " + v).collect(Collectors.joining());
      rows.add("(" + key + values + ")");
      shown.merge(key, row, this::sum);
    }
    run("INSERT INTO t (" + columns() + ") VALUES " + String.join(", ", rows));
  }

  private Map<String, Long> sum(Map<String, Long> old, Map<String, Long> row) {
    Map<String, Long> sums = new TreeMap<>();
    types.forEach((c, type) ->
        sums.put(c, isText(type) ? row.get(c) : wrapped(old.get(c) + row.get(c), type)));
    return sums;
  }

  private void add() {
    String name = "c" + made++;
    String other = types.keySet().iterator().next();
    int way = random.nextInt(3);
    String type = way == 2 ? "Int64" : NUMBERS.get(random.nextInt(NUMBERS.size()));
    String value = way == 0 ? "" : way == 1 ? " DEFAULT 7" : " DEFAULT " + other;
    run("ALTER TABLE t ADD COLUMN " + name + " " + type + value);
    types.put(name, type);
    if (way == 2) {
      named.add(other);
    }
    shown.values().forEach(row -> row.put(name, way == 0 ? 0 : way == 1 ? 7 : row.get(other)));
  }

  private void drop() {
    String name = List.copyOf(types.keySet()).get(random.nextInt(types.size()));
    if (types.size() > 1 && !named.contains(name)) {
      run("ALTER TABLE t DROP COLUMN " + name);
      types.remove(name);
      shown.values().forEach(row -> row.remove(name));
    }
  }

  /// To a wider number, or to text and back.
  private void retype() {
    String name = List.copyOf(types.keySet()).get(random.nextInt(types.size()));
    String old = types.get(name);
    int least = NUMBERS.indexOf(old);
    int chosen = least < 0 ? 3 : least + random.nextInt(NUMBERS.size() + 1 - least);
    String type = chosen == NUMBERS.size() ? "String" : NUMBERS.get(chosen);
    run("ALTER TABLE t MODIFY COLUMN " + name + " " + type);
    types.put(name, type);
  }

  private String columns() {
    return "k, " + String.join(", ", types.keySet());
  }

  private void check() {
    List<String> expected = new ArrayList<>();
    shown.forEach((key, row) ->
        expected.add(key + row.values().stream().map(v -> "\t" + v).collect(Collectors.joining())));
    assertThat(EngineFixture.lines(session, "SELECT " + columns() + " FROM t ORDER BY k"))
        .isEqualTo(expected);
  }

  private void run(String statement) {
    done.add(statement);
    EngineFixture.lines(session, statement);
  }
}
