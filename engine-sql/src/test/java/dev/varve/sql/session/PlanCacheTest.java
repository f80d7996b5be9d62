// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCacheTest {
  @TempDir Path directory;
  private EngineFixture engine;
  private Session session;

  @BeforeEach
  void open() {
    engine = new EngineFixture(directory);
    session = engine.session();
    run("CREATE TABLE t (k Int64, s String) ORDER BY k");
    run("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
  }

  private List<String> run(String sql) {
    return EngineFixture.lines(session, sql);
  }

  private List<String> again(String sql) {
    long before = engine.sql.planCacheHits();
    List<String> rows = run(sql);
    assertThat(engine.sql.planCacheHits()).as("hits by " + sql).isEqualTo(before + 1);
    return rows;
  }

  @Test
  void aPlanUsedAgainSeesRowsThatCameSince() {
    String sql = "SELECT k, s FROM t WHERE k > 1 ORDER BY k";
    assertThat(run(sql)).containsExactly("2\tb");
    run("INSERT INTO t VALUES (3, 'c')");
    assertThat(again(sql)).containsExactly("2\tb", "3\tc");
    run("DELETE FROM t WHERE k = 2");
    assertThat(again(sql)).containsExactly("3\tc");
    run("TRUNCATE TABLE t");
    assertThat(again(sql)).isEmpty();
  }

  @Test
  void answersFromMetadataAreNotKept() {
    String sql = "SELECT count(*), max(k) FROM t";
    assertThat(run(sql)).containsExactly("2\t2");
    run("INSERT INTO t VALUES (9, 'c')");
    assertThat(again(sql)).containsExactly("3\t9");
  }

  @Test
  void anAlteredTableIsPlannedAnew() {
    String sql = "SELECT * FROM t ORDER BY k";
    assertThat(run(sql)).containsExactly("1\ta", "2\tb");
    run("ALTER TABLE t ADD COLUMN n Int32 DEFAULT 7");
    assertThat(run(sql)).containsExactly("1\ta\t7", "2\tb\t7");
    run("ALTER TABLE t MODIFY COLUMN n String DEFAULT 'x'");
    assertThat(run("SELECT n || '!' FROM t WHERE k = 1")).containsExactly("7!");
    run("ALTER TABLE t DROP COLUMN n");
    assertThatThrownBy(() -> run("SELECT n || '!' FROM t WHERE k = 1"))
        .isInstanceOf(VarveException.class);
    assertThat(run(sql)).containsExactly("1\ta", "2\tb");
  }

  @Test
  void aTableOfTheSameNameIsAnotherOne() {
    String sql = "SELECT k FROM t ORDER BY k";
    run(sql);
    run("DROP TABLE t");
    assertThatThrownBy(() -> run(sql)).isInstanceOf(VarveException.class);
    run("CREATE TABLE t (k String) ORDER BY k");
    run("INSERT INTO t VALUES ('z')");
    assertThat(run(sql)).containsExactly("z");
    run("CREATE TABLE u (k String) ORDER BY k");
    run("EXCHANGE TABLES t AND u");
    assertThat(run(sql)).isEmpty();
    run("RENAME TABLE t TO w");
    assertThatThrownBy(() -> run(sql)).isInstanceOf(VarveException.class);
  }

  @Test
  void aChangedViewIsPlannedAnew() {
    run("CREATE VIEW w AS SELECT k FROM t");
    String sql = "SELECT * FROM w ORDER BY 1";
    assertThat(run(sql)).containsExactly("1", "2");
    assertThat(again(sql)).containsExactly("1", "2");
    run("CREATE OR REPLACE VIEW w AS SELECT s FROM t");
    assertThat(run(sql)).containsExactly("a", "b");
  }

  @Test
  void settingsDatabaseAndParametersArePartOfTheQuestion() {
    run("CREATE TABLE r (k Int64, v Int64) ENGINE = ReplacingMergeTree(v) ORDER BY k");
    run("SYSTEM STOP MERGES r");
    run("INSERT INTO r VALUES (1, 1)");
    run("INSERT INTO r VALUES (1, 2)");
    String sql = "SELECT count(*) FROM r";
    assertThat(run(sql)).containsExactly("1");
    run("SET final = 0");
    assertThat(run(sql)).containsExactly("2");
    run("SET final = 1");
    assertThat(run(sql)).containsExactly("1");
    run("CREATE DATABASE other");
    run("CREATE TABLE other.r (k Int64) ORDER BY k");
    run("USE other");
    assertThat(run(sql)).containsExactly("0");
    session.useDatabase("default");
    for (long value : new long[] {1, 2, 1}) {
      Request request =
          new Request(
              "SELECT s FROM t WHERE k = ?",
              List.of(value),
              Map.of(),
              Map.of(),
              Optional.empty(),
              "");
      assertThat(EngineFixture.lines(session.execute(request)))
          .containsExactly(value == 1 ? "a" : "b");
    }
  }

  @Test
  void whatChangesByItselfIsNotKept() {
    long before = engine.sql.planCacheHits();
    for (int i = 0; i < 2; i++) {
      run("SELECT now() > toDateTime(0), k FROM t");
      run("SELECT now /* with room */ () > toDateTime(0), k FROM t");
      run("SELECT CURRENT_TIMESTAMP > toDateTime(0), k FROM t");
      run("SELECT User, k FROM (SELECT k, user() AS User FROM t)");
      run("SELECT count(*) FROM system.tables");
      run("SELECT * FROM numbers(3)");
    }
    assertThat(engine.sql.planCacheHits()).isEqualTo(before);
  }

  @Test
  void columnsMayHaveNamesThatBeginLikeSuchFunctions() {
    run(
        "CREATE TABLE named (UserID Int64, URL String, host String, version Int8)"
            + " ENGINE = MergeTree ORDER BY UserID");
    run("INSERT INTO named VALUES (1, 'u', 'h', 2)");
    String sql =
        "SELECT UserID, URL AS url2, host, version FROM named"
            + " WHERE UserID IN (1) AND URL <> ''";
    run(sql);
    long before = engine.sql.planCacheHits();
    assertThat(run(sql)).containsExactly("1\tu\th\t2");
    assertThat(engine.sql.planCacheHits()).isEqualTo(before + 1);
  }

  @Test
  void manyQueriesDoNotFillTheMemory() {
    for (int i = 0; i < 600; i++) {
      run("SELECT " + i);
    }
    assertThat(engine.sql.plansKept()).isEqualTo(512);
    assertThat(again("SELECT 599")).containsExactly("599");
  }

  @Test
  void aPlanServesOtherValuesOfComparisons() {
    assertThat(run("SELECT s FROM t WHERE k = 1")).containsExactly("a");
    assertThat(again("SELECT s FROM t WHERE k = 2")).containsExactly("b");
    assertThat(again("SELECT s FROM t WHERE k = 3")).isEmpty();
    assertThat(run("SELECT k FROM t\n WHERE s <> 'b' AND k < 200")).containsExactly("1");
    assertThat(again("SELECT k FROM t\n WHERE s <> 'a' AND k < 9")).containsExactly("2");
    assertThat(run("SELECT k FROM t WHERE k = 1 LIMIT 1")).containsExactly("1");
    assertThat(run("SELECT k FROM t WHERE k = 1 LIMIT 0")).isEmpty();
    assertThat(run("SELECT k = 1 FROM t WHERE k < 2")).containsExactly("true");
    assertThat(run("SELECT k = 2 FROM t WHERE k < 2")).containsExactly("false");
  }

  @Test
  void preparedValuesOfComparisonsAreOpenAndTheOthersAreNot() {
    String sql = "SELECT ?, s FROM t WHERE k = ? AND s <> ?";
    long before = engine.sql.planCacheHits();
    assertThat(run(sql, 7L, 1L, "x")).containsExactly("7\ta");
    assertThat(run(sql, 7L, 2L, "y")).containsExactly("7\tb");
    assertThat(engine.sql.planCacheHits()).isEqualTo(before + 1);
    assertThat(run(sql, 8L, 2L, "b")).isEmpty();
    assertThat(run(sql, 8L, -2L, "b")).isEmpty();
    assertThat(run(sql, "z", 1L, "b")).containsExactly("z\ta");
  }

  private List<String> run(String sql, Object... values) {
    Request request = new Request(sql, List.of(values), Map.of(), Map.of(), Optional.empty(), "");
    return EngineFixture.lines(session.execute(request));
  }

  @Randomized(times = 6)
  void openValuesAnswerAsWrittenOnes(RandomGenerator random) {
    run("DROP TABLE IF EXISTS v");
    run(
        "CREATE TABLE v (i Int8, u UInt64, n Nullable(Int32), d Decimal(9, 2), f Float64,"
            + " s String, m Date, l LowCardinality(String)) ORDER BY (i, u)");
    run(
        "INSERT INTO v SELECT number % 7, number, if(number % 3 = 0, NULL, number % 50),"
            + " number / 8, number / 4, 's' || toString(number % 11),"
            + " toDate('2020-01-01') + number % 40, toString(number % 5) FROM numbers(200)");
    for (int i = 0; i < 60; i++) {
      String conditions = condition(random) + (random.nextBoolean() ? " AND " : " OR ");
      String last = condition(random);
      assertThat(run("SELECT count(*), sum(u) FROM v WHERE " + conditions + last))
          .as(conditions + last)
          .isEqualTo(run("SELECT count(*), sum(u) FROM v WHERE (" + conditions + last + ")"));
    }
  }

  private static String condition(RandomGenerator random) {
    String[] operators = {"=", "<>", "<", ">=", "!=", ">"};
    String operator = " " + operators[random.nextInt(operators.length)] + " ";
    int whole = random.nextInt(random.nextBoolean() ? 60 : 70_000);
    String number = random.nextBoolean() ? "" + whole : whole / 4 + "." + whole % 4 * 25;
    return switch (random.nextInt(8)) {
      case 0 -> "i" + operator + number;
      case 1 -> number + operator + "u";
      case 2 -> "n" + operator + number;
      case 3 -> "d" + operator + number;
      case 4 -> "f" + operator + number;
      case 5 -> "s" + operator + "'s" + random.nextInt(12) + "'";
      case 6 -> "m" + operator + "'2020-01-" + (10 + random.nextInt(20)) + "'";
      default -> "l" + operator + "'" + random.nextInt(6) + "'";
    };
  }
}
