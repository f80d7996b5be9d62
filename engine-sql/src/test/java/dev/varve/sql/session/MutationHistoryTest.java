// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.session.HistoryModel.Row;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Random histories under every rule, through SQL: INSERTs and log records, DELETE and UPDATE,
/// columns that come, go, and change name and type, TTL, partitions that are dropped or detached
/// for a while, backups that the table is restored from, merges in the background and on demand,
/// row policies, kills and restarts. Every query shows what the plainest code makes of the rows in
/// the order of acknowledgement. For a soak: `-Dvarve.times=5000`.
final class MutationHistoryTest {
  private static final TableName NAME = new TableName("default", "t");
  private static final List<String> TYPES =
      List.of("Int32", "Int64", "String", "LowCardinality(String)");
  private static final List<String> PARTITIONS = List.of("", "gone", "k % 2");

  /// Place of the column `value`.
  private static final int VALUE = 4;

  private final FaultyDisk disk = new FaultyDisk();
  private final Path data = disk.root().resolve("data");
  private final List<Row> log = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private MergeSettings settings;
  private BufferAllocator allocator;
  private MergeEngine tables;
  private SqlEngine sql;
  private Session session;

  /// Who asks where a row policy holds, and the policy.
  private Session reader;

  private Condition policy = Condition.ALWAYS;
  private RandomGenerator random;
  private HistoryModel model;
  private String partitionBy;
  private int columnsMade;
  private int backups;
  private long least;
  private int scale;

  /// A condition in SQL and on a row.
  private record Condition(String sql, Predicate<Row> test) {
    static final Condition ALWAYS = new Condition("1 = 1", _ -> true);
  }

  @Randomized(times = 60)
  void everyQueryShowsTheModelsAnswer(RandomGenerator random) {
    run(random, 1, 40);
  }

  /// Parts of several granules, some of whose rows are dead.
  @Randomized(times = 2)
  void soItDoesOfManyGranules(RandomGenerator random) {
    run(random, 3_000, 12);
  }

  /// @param scale keys are as many times more than in a small history
  private void run(RandomGenerator random, int scale, int steps) {
    this.random = random;
    this.scale = scale;
    HistoryRule rule = HistoryRule.values()[random.nextInt(HistoryRule.values().length)];
    model = new HistoryModel(rule);
    settings =
        new MergeSettings(0, 1L << 40, 4, scale == 1 ? 3 : 20_000, 1 << 20, 1L << 40, 300, 3000)
            .withMergeThreads(random.nextInt(4) == 0 ? 1 : 0);
    least = random.nextInt(3) == 0 ? 0 : -3;
    open();
    create(rule);
    try {
      for (int step = 0; step < steps; step++) {
        change();
        if (random.nextInt(3) > 0) {
          check();
        }
      }
    } catch (RuntimeException | AssertionError failed) {
      failed.addSuppressed(new AssertionError("history: " + String.join(";\n", done)));
      throw failed;
    }
    close();
  }

  private void create(HistoryRule rule) {
    partitionBy = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
    String columns = "k Int64, version UInt32, sign Int8, gone UInt8, value " + rule.valueType();
    String partitioned = partitionBy.isEmpty() ? "" : " PARTITION BY " + partitionBy;
    run("CREATE TABLE t (" + columns + ") ENGINE = " + rule.engine() + partitioned + " ORDER BY k");
  }

  private void change() {
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4 -> insert();
      case 5, 6, 7, 8 -> produce();
      case 9 -> flush();
      case 10, 11 -> run("OPTIMIZE TABLE t" + (random.nextBoolean() ? " FINAL" : ""));
      case 12, 13 -> delete();
      case 14, 15 -> update();
      case 16 -> restart(random.nextBoolean());
      case 17 -> dropPartition();
      case 18 -> detachPartition();
      case 19 -> expire();
      case 20 -> backUpAndRestore();
      case 21 -> checkBehindPolicy();
      default -> alter();
    }
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    int count = 1 + random.nextInt(random.nextInt(6) == 0 ? 30 : 5) * scale;
    for (int i = 0; i < count; i++) {
      List<String> texts = new ArrayList<>();
      model.extras().forEach(_ -> texts.add(String.valueOf(random.nextInt(9))));
      rows.add(
          model.row(
              random.nextInt(10 * scale),
              random.nextInt(4),
              random.nextInt(5) < 3 ? 1 : -1,
              random.nextInt(4) == 0 ? 1 : 0,
              random.nextInt(least < 0 ? 7 : 4) + least,
              texts));
    }
    return rows;
  }

  private void insert() {
    List<Row> rows = rows();
    run(
        "INSERT INTO t VALUES "
            + rows.stream()
                .map(row -> "(" + row.text(", ", model.rule().inserted(row.value())) + ")")
                .collect(Collectors.joining(", ")));
    rows.forEach(model::insert);
  }

  private void produce() {
    List<Row> rows = rows();
    done.add("log " + rows.stream().map(Row::text).toList());
    apply(log.size(), rows);
    log.addAll(rows);
    rows.forEach(model::insert);
  }

  private void flush() {
    done.add("flush");
    tables.table(NAME).orElseThrow().flush();
  }

  private void apply(long from, List<Row> rows) {
    MergeTable table = tables.table(NAME).orElseThrow();
    try (Scratch scratch = new Scratch(allocator)) {
      List<VectorBuilder> builders =
          table.insertColumns().stream().map(c -> new VectorBuilder(c.type(), scratch)).toList();
      for (Row row : rows) {
        String[] values = row.text().split("\t");
        for (int i = 0; i < values.length; i++) {
          if (i == VALUE && model.rule() == HistoryRule.STATES) {
            builders.get(i).appendBytes(state(row.value(), scratch));
            continue;
          }
          switch (builders.get(i).type().physical()) {
            case BYTES -> VectorValues.append(builders.get(i), values[i]);
            default -> builders.get(i).appendLong(Long.parseLong(values[i]));
          }
        }
      }
      long[] offsets = new long[rows.size()];
      Arrays.setAll(offsets, i -> from + i);
      Batch batch = new Batch(rows.size(), builders.stream().map(VectorBuilder::build).toList());
      table.applyLog(batch, offsets, new LogRange(0, from, from + rows.size()));
    }
  }

  private static byte[] state(long value, Scratch scratch) {
    AggregateState state =
        AggregateStates.of("sum", List.of(), List.of(DataTypes.INT64)).newState();
    state.update(List.of(VectorValues.of(DataTypes.INT64, scratch, value)), 0);
    return state.serialize();
  }

  private Condition condition() {
    int number = random.nextInt(10);
    int bound = number * scale;
    int small = random.nextInt(4);
    return switch (random.nextInt(model.extras().isEmpty() ? 8 : 10)) {
      case 0 -> Condition.ALWAYS;
      case 1 -> new Condition("k < " + bound, row -> row.key() < bound);
      case 2 -> new Condition("k = " + bound, row -> row.key() == bound);
      case 3 ->
          new Condition(model.rule().value() + " > " + (small - 2), row -> row.value() > small - 2);
      case 4 -> new Condition("version = " + small, row -> row.version() == small);
      case 5 -> new Condition("gone = 0", row -> row.gone() == 0);
      case 6 ->
          new Condition(
              "k >= " + bound + " AND version < " + small,
              row -> row.key() >= bound && row.version() < small);
      case 7 ->
          new Condition(
              "k BETWEEN " + bound + " AND " + (bound + small),
              row -> row.key() >= bound && row.key() <= bound + small);
      default -> {
        int at = random.nextInt(model.extras().size());
        String name = model.extras().get(at);
        yield new Condition(
            "toString(" + name + ") = '" + number + "'",
            row -> row.extras().get(at).equals(String.valueOf(number)));
      }
    };
  }

  private void delete() {
    Condition condition = condition();
    if (partitionBy.equals("gone") && !model.rule().combines() && random.nextInt(3) == 0) {
      int gone = random.nextInt(2);
      if (hasPartition(String.valueOf(gone))) {
        run("DELETE FROM t IN PARTITION " + gone + " WHERE " + condition.sql);
        model.delete(row -> row.gone() == gone && condition.test.test(row), null);
      }
      return;
    }
    String delete = random.nextBoolean() ? "DELETE FROM t WHERE " : "ALTER TABLE t DELETE WHERE ";
    run(delete + condition.sql);
    model.delete(condition.test, null);
  }

  private void update() {
    Condition condition = condition();
    int number = random.nextInt(9);
    if (model.rule() == HistoryRule.STATES && model.extras().isEmpty()) {
      return; // there is nothing that one could add to a state
    }
    String set = "value = value + " + number;
    UnaryOperator<Row> change = row -> row.withValue(row.value() + number);
    boolean extra = model.rule() == HistoryRule.STATES || random.nextInt(3) > 0;
    if (!model.extras().isEmpty() && extra) {
      int at = random.nextInt(model.extras().size());
      set = model.extras().get(at) + " = " + number;
      change = row -> row.withExtra(at, String.valueOf(number));
    }
    UnaryOperator<Row> changed = change;
    run("ALTER TABLE t UPDATE " + set + " WHERE " + condition.sql);
    model.delete(condition.test, row -> again(changed.apply(row)));
  }

  /// The same row with a family of its own where each row has one.
  private Row again(Row row) {
    return model.row(row.key(), row.version(), row.sign(), row.gone(), row.value(), row.extras());
  }

  private boolean hasPartition(String partition) {
    flush();
    return !lines(
            "SELECT 1 FROM system.parts WHERE table = 't' AND active AND partition = '"
                + partition
                + "' LIMIT 1")
        .isEmpty();
  }

  private void dropPartition() {
    int partition = random.nextInt(2);
    if (random.nextBoolean() || partitionBy.isEmpty() || !hasPartition("" + partition)) {
      return;
    }
    run("ALTER TABLE t DROP PARTITION " + partition);
    model.drop(row -> (partitionBy.equals("gone") ? row.gone() : row.key() % 2) == partition);
  }

  /// Takes a partition away for a while, in which other things happen. Only where no key stands in
  /// several partitions: what comes back counts as inserted then, and so would beat rows of others.
  private void detachPartition() {
    int partition = random.nextInt(2);
    boolean keysApart =
        partitionBy.equals("k % 2")
            || (partitionBy.equals("gone") && model.rule() == HistoryRule.PLAIN);
    if (!keysApart || !hasPartition("" + partition)) {
      return;
    }
    run("ALTER TABLE t DETACH PARTITION " + partition);
    model.detach(row -> (partitionBy.equals("gone") ? row.gone() : row.key() % 2) == partition);
    switch (random.nextInt(5)) {
      case 0 -> restart(random.nextBoolean());
      case 1 -> alter();
      case 2 -> run("OPTIMIZE TABLE t FINAL");
      case 3 -> check();
      default -> {}
    }
    run("ALTER TABLE t ATTACH PARTITION " + partition);
    model.attach();
  }

  /// A TTL that every row has reached which meets a condition. It is applied at once.
  private void expire() {
    Condition condition = condition();
    run("ALTER TABLE t MODIFY TTL toDateTime(1000000000 + k) DELETE WHERE " + condition.sql);
    if (random.nextBoolean()) {
      run("OPTIMIZE TABLE t FINAL");
    }
    run("ALTER TABLE t REMOVE TTL");
    model.delete(condition.test, null);
  }

  /// Goes on with a copy of the table, taken whole or on top of the copy before. Its log begins
  /// anew.
  private void backUpAndRestore() {
    String name = "Disk('backups', 'b" + backups + "')";
    boolean isBased = backups > 0 && random.nextInt(3) > 0;
    run(
        "BACKUP TABLE t TO "
            + name
            + (isBased ? " SETTINGS base_backup = Disk('backups', 'b" + (backups - 1) + "')" : ""));
    backups++;
    run("DROP TABLE t");
    run("RESTORE TABLE t FROM " + name);
    log.clear();
  }

  private void alter() {
    List<String> extras = model.extras();
    int action = random.nextInt(4);
    if (action == 0 || extras.isEmpty()) {
      if (extras.size() < 4) {
        addColumn();
      }
      return;
    }
    int at = random.nextInt(extras.size());
    String name = extras.get(at);
    switch (action) {
      case 1 -> {
        run("ALTER TABLE t DROP COLUMN " + name);
        model.dropColumn(name);
      }
      case 2 -> {
        String fresh = "c" + columnsMade++;
        run("ALTER TABLE t RENAME COLUMN " + name + " TO " + fresh);
        extras.set(at, fresh);
      }
      default ->
          run(
              "ALTER TABLE t MODIFY COLUMN "
                  + name
                  + " "
                  + TYPES.get(random.nextInt(TYPES.size())));
    }
  }

  private void addColumn() {
    String name = "c" + columnsMade++;
    String type = TYPES.get(random.nextInt(TYPES.size()));
    // A DEFAULT of what rows are combined to asks for combined rows.
    boolean combined = model.rule().combines();
    boolean refused = combined && (partitionBy.equals("gone") || model.hasDetached());
    switch (random.nextInt(refused ? 2 : 3)) {
      case 0 -> addColumn(name, type, "7", _ -> 7);
      case 1 -> addColumn(name, type, "k * 3", row -> row.key() * 3);
      default -> {
        String sum = model.rule().value() + " + version";
        if (combined) {
          model.combine();
        }
        addColumn(name, type, sum, row -> row.value() + row.version());
      }
    }
  }

  private void addColumn(String name, String type, String expression, ToLongFunction<Row> value) {
    String text = type.contains("String") ? "toString(" + expression + ")" : expression;
    run("ALTER TABLE t ADD COLUMN " + name + " " + type + " DEFAULT " + text);
    model.addColumn(name, value);
  }

  /// What is asked first is sometimes a part of the rows: a range of keys is then read without what
  /// is known of all of them.
  private void check() {
    boolean partFirst = random.nextBoolean();
    if (!partFirst) {
      checkAll();
    }
    checkSome();
    if (partFirst) {
      checkAll();
    }
  }

  /// What a user sees whose row policy keeps rows from them: it is asked of rows that count,
  /// whether it is about keys or not.
  private void checkBehindPolicy() {
    Condition own = condition();
    run("CREATE USER IF NOT EXISTS reader");
    run("GRANT SELECT ON t TO reader");
    run("CREATE ROW POLICY own ON t USING " + own.sql + " TO reader");
    try (Session asking = sql.openFor("reader", "")) {
      reader = asking;
      policy = own;
      check();
    } finally {
      reader = null;
      policy = Condition.ALWAYS;
    }
    run("DROP ROW POLICY own ON t");
  }

  private void checkAll() {
    List<String> expected =
        model.shown().stream().filter(policy.test).map(Row::text).sorted().toList();
    assertThat(lines("SELECT " + shownColumns() + " FROM t").stream().sorted().toList())
        .as("%s partitioned by '%s', policy %s", model.rule(), partitionBy, policy.sql)
        .isEqualTo(expected);
  }

  private void checkSome() {
    Condition condition = condition();
    Predicate<Row> seen = condition.test.and(policy.test);
    ToLongFunction<Row> group = Row::key;
    String by = "k";
    switch (random.nextInt(4)) {
      case 0 -> {
        group = Row::version;
        by = "version";
      }
      case 1 -> {
        group = _ -> 1;
        by = "";
      }
      case 2 -> {
        group = row -> row.key() % 3;
        by = "k % 3";
      }
      default -> {}
    }
    String value = model.rule().value();
    String all = "count(*), sum(" + value + "), min(" + value + "), max(version), sum(k)";
    assertThat(grouped(all, condition, by))
        .as("%s where %s by %s", model.rule(), condition.sql, by)
        .isEqualTo(withoutGroup(model.groups(seen, group), by, "0\t0\t0\t0\t0"));
    assertThat(grouped(model.rule().sum(), condition, by))
        .as("sum, %s where %s by %s", model.rule(), condition.sql, by)
        .isEqualTo(withoutGroup(model.sums(seen, group), by, "0"));
  }

  private String shownColumns() {
    if (model.rule() != HistoryRule.STATES) {
      return "*";
    }
    String fixed = "k, version, sign, gone, " + model.rule().value();
    return model.extras().isEmpty() ? fixed : fixed + ", " + String.join(", ", model.extras());
  }

  private List<String> grouped(String items, Condition condition, String by) {
    String where = condition == Condition.ALWAYS ? "" : " WHERE " + condition.sql;
    return by.isEmpty()
        ? lines("SELECT " + items + " FROM t" + where)
        : lines("SELECT " + by + " AS g, " + items + " FROM t" + where + " GROUP BY g ORDER BY g");
  }

  /// @param empty what no rows add up to
  private static List<String> withoutGroup(List<String> lines, String by, String empty) {
    if (!by.isEmpty()) {
      return lines;
    }
    return List.of(lines.isEmpty() ? empty : lines.getFirst().substring(2));
  }

  private void run(String statement) {
    done.add(statement);
    EngineFixture.lines(session, statement);
  }

  private List<String> lines(String statement) {
    return EngineFixture.lines(reader == null ? session : reader, statement);
  }

  private void open() {
    allocator = new RootAllocator();
    tables = MergeEngine.open(data, settings, allocator);
    sql = new SqlEngine(tables, allocator, 1, List.of());
    session = sql.open("tester", "");
  }

  private void close() {
    session.close();
    sql.close();
    tables.close();
    allocator.close();
  }

  /// The log keeps its records; they are replayed from where the table says.
  ///
  /// @param kill without the flush of a clean end
  private void restart(boolean kill) {
    done.add(kill ? "kill" : "restart");
    if (kill && settings.mergeThreads() == 0) {
      disk.killProcess();
      try {
        close();
      } catch (VarveException diskIsGone) {
        assertThat(diskIsGone).hasMessageContaining("data");
        allocator.close();
      }
    } else {
      close();
    }
    open();
    int durable =
        Math.toIntExact(tables.table(NAME).orElseThrow().durableOffsets().getOrDefault(0, 0L));
    if (durable < log.size()) {
      apply(durable, log.subList(durable, log.size()));
    }
  }
}
