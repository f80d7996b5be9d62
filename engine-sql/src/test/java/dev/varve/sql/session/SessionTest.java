// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.BatchSource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionTest {
  @TempDir Path directory;
  private EngineFixture engine;
  private Session session;

  @BeforeEach
  void open() {
    engine = new EngineFixture(directory);
    session = engine.session();
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
  }

  private List<String> run(String sql) {
    return EngineFixture.lines(session, sql);
  }

  private static void assertFails(ErrorCode code, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(VarveException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Request named(String sql, String id) {
    return new Request(sql, List.of(), Map.of(), Map.of(), Optional.empty(), id);
  }

  @Test
  void aSessionKnowsItsUserInEverySpelling() {
    try (Session other = engine.sql.open("reader", "")) {
      assertThat(
              EngineFixture.lines(
                  other, "SELECT currentUser(), user(), CURRENT_USER, upper(current_user())"))
          .containsExactly("reader\treader\treader\tREADER");
    }
    assertThat(run("SELECT currentUser() = 'reader', hostName() = ''"))
        .containsExactly("false\tfalse");
  }

  @Test
  void positionalParametersAreTyped() {
    Request request =
        new Request(
            "SELECT ? + 1, ?, ?",
            List.of(41L, "it's", LocalDate.of(2024, 2, 29)),
            Map.of(),
            Map.of(),
            Optional.empty(),
            "");
    assertThat(EngineFixture.lines(session.execute(request)))
        .containsExactly("42\tit\\'s\t2024-02-29");
    assertThat(session.parameterCount("SELECT ?, ? FROM t")).isEqualTo(2);
  }

  @Test
  void namedParametersHaveTheTypeTheyName() {
    Request request =
        new Request(
            "SELECT {a:UInt8} + 1, {b:String}",
            List.of(),
            Map.of("a", "7", "b", "7"),
            Map.of(),
            Optional.empty(),
            "");
    assertThat(EngineFixture.lines(session.execute(request))).containsExactly("8\t7");
  }

  @Test
  void describeNamesColumnsWithoutRunning() {
    run("CREATE TABLE t (a UInt64, b Nullable(String)) ORDER BY a");
    assertThat(session.describe("SELECT a, b AS c FROM t WHERE a > ?"))
        .extracting(ResultColumn::name, c -> c.type().name())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", "UInt64"),
            org.assertj.core.groups.Tuple.tuple("c", "Nullable(String)"));
    assertThat(session.describe("DROP TABLE t")).isEmpty();
  }

  @Test
  void rowsOfAStreamAreInserted() {
    run("CREATE TABLE t (a UInt8, b String) ORDER BY a");
    Request request =
        new Request(
            "INSERT INTO t FORMAT TSV",
            List.of(),
            Map.of(),
            Map.of(),
            Optional.of(new ByteArrayInputStream("1\tx\n2\ty\n".getBytes(StandardCharsets.UTF_8))),
            "");
    try (Result result = session.execute(request)) {
      assertThat(result.writtenRows()).isEqualTo(2);
    }
    assertThat(run("SELECT * FROM t ORDER BY a")).containsExactly("1\tx", "2\ty");
  }

  @Test
  void aFailedInsertLeavesNothing() {
    run("CREATE TABLE t (a UInt8) ORDER BY a");
    StringBuilder sql = new StringBuilder("INSERT INTO t VALUES ");
    for (int i = 0; i < 20_000; i++) {
      sql.append("(").append(i % 200).append("),");
    }
    assertThatThrownBy(() -> run(sql + "('x')"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("row 20001");
    assertThat(run("SELECT count(*) FROM t")).containsExactly("0");
  }

  @Test
  void anotherThreadMayCancel() {
    try (Result result = session.execute(named("SELECT number FROM system.numbers", "endless"));
        BatchSource rows = result.batches()) {
      assertThat(rows.next()).isNotNull();
      session.cancel();
      assertFails(
          ErrorCode.QUERY_WAS_CANCELLED,
          () -> {
            while (true) {
              rows.next();
            }
          });
    }
    assertThat(run("SELECT 1")).containsExactly("1");
  }

  @Test
  void aQueryIsKilledByItsId() {
    try (Result result = session.execute(named("SELECT number FROM system.numbers", "endless"));
        BatchSource rows = result.batches();
        Session other = engine.session()) {
      assertThat(EngineFixture.lines(other, "SELECT query_id FROM system.processes"))
          .contains("endless");
      assertThat(EngineFixture.lines(other, "KILL QUERY WHERE query_id = 'endless'"))
          .singleElement()
          .asString()
          .startsWith("cancelled\tendless");
      assertFails(
          ErrorCode.QUERY_WAS_CANCELLED,
          () -> {
            while (true) {
              rows.next();
            }
          });
    }
    assertThat(engine.sql.kill("endless")).isFalse();
  }

  @Test
  void aQueryThatIsCancelledOnItsWayNeverRuns() {
    assertThat(engine.sql.kill("early")).isFalse();
    assertFails(
        ErrorCode.QUERY_WAS_CANCELLED,
        () -> {
          try (Result result =
                  session.execute(named("SELECT number FROM system.numbers", "early"));
              BatchSource rows = result.batches()) {
            rows.next();
          }
        });
    assertThat(run("SELECT 1")).containsExactly("1");
  }

  @Test
  void killSyncAnswersWhenTheQueryHasEnded() throws Exception {
    try (Session victim = engine.session();
        Session other = engine.session();
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> running =
          thread.submit(() -> {
            String sql = "SELECT max(number) FROM system.numbers";
            EngineFixture.lines(victim.execute(named(sql, "long")));
          });
      while (EngineFixture.lines(
              other, "SELECT query_id FROM system.processes WHERE query_id = 'long'")
          .isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(EngineFixture.lines(other, "KILL QUERY WHERE query_id = 'long' TEST"))
          .singleElement()
          .asString()
          .startsWith("waiting\tlong");
      assertThat(EngineFixture.lines(other, "KILL QUERY WHERE p.user = 'tester' SYNC"))
          .singleElement()
          .asString()
          .startsWith("finished\tlong");
      assertThat(
              EngineFixture.lines(
                  other, "SELECT query_id FROM system.processes WHERE query_id = 'long'"))
          .isEmpty();
      assertThatThrownBy(running::get).hasRootCauseInstanceOf(VarveException.class);
    }
  }

  @Test
  void aQueryEndsAtItsTimeLimit() {
    assertFails(
        ErrorCode.TIMEOUT_EXCEEDED,
        () -> run("SELECT max(number) FROM system.numbers SETTINGS max_execution_time = 0.05"));
  }

  @Test
  void anIdRunsOnce() {
    try (Result result = session.execute(named("SELECT 1", "same"));
        Session other = engine.session()) {
      assertThat(result.columns()).hasSize(1);
      assertFails(
          ErrorCode.QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING,
          () -> other.execute(named("SELECT 1", "same")));
    }
    assertThat(EngineFixture.lines(session.execute(named("SELECT 1", "same")))).hasSize(1);
  }

  @Test
  void whatRanIsInTheQueryLog() {
    run("SELECT 1");
    assertThatThrownBy(() -> run("SELECT nothing")).isInstanceOf(VarveException.class);
    assertThat(run("SELECT query, exception_code FROM system.query_log"))
        .contains("SELECT 1\t0", "SELECT nothing\t47");
  }

  @Test
  void settingsOfARequestEndWithIt() {
    run("SET max_threads = 1");
    assertThat(run("SELECT value FROM system.settings WHERE name = 'max_threads'"))
        .containsExactly("1");
    Request request =
        new Request(
            "SELECT value FROM system.settings WHERE name = 'max_threads'",
            List.of(),
            Map.of(),
            Map.of("max_threads", "2"),
            Optional.empty(),
            "");
    assertThat(EngineFixture.lines(session.execute(request))).containsExactly("2");
    assertThat(run("SELECT value FROM system.settings WHERE name = 'max_threads'"))
        .containsExactly("1");
  }

  @Test
  void definitionsAndRowsOutliveTheEngine() {
    run("CREATE TABLE t (a UInt64, b UInt64 MATERIALIZED a * 2) ORDER BY a % 10");
    run("CREATE VIEW v AS SELECT a FROM t");
    run("INSERT INTO t VALUES (21)");
    session.close();
    engine.close();
    open();
    assertThat(run("SELECT a, b FROM t")).containsExactly("21\t42");
    assertThat(run("SELECT * FROM v")).containsExactly("21");
    run("INSERT INTO t VALUES (22)");
    assertThat(run("SELECT * FROM t ORDER BY a")).containsExactly("21", "22");
  }

  @Test
  void explainShowsTheOperators() {
    run("CREATE TABLE t (a UInt64) ORDER BY a");
    run("INSERT INTO t VALUES (1), (2)");
    assertThat(run("EXPLAIN SELECT a FROM t WHERE a = 1")).anyMatch(l -> l.contains("Scan"));
    assertThat(run("EXPLAIN ANALYZE SELECT a FROM t WHERE a = 1"))
        .anyMatch(line -> line.contains("Scan") && line.contains("rows 1"));
  }

  @Test
  void explainAnalyzeSaysWhichOperatorHeldMemory() {
    run("CREATE TABLE t (a UInt64) ORDER BY a");
    run("INSERT INTO t SELECT number FROM numbers(100000)");
    List<String> lines = run("EXPLAIN ANALYZE SELECT a % 50000 AS g, count(*) FROM t GROUP BY g");
    assertThat(kibibytes(lines, "Aggregate")).isGreaterThan(500);
    assertThat(kibibytes(lines, "Scan")).isBetween(1L, 5000L);
  }

  private static long kibibytes(List<String> lines, String operator) {
    String line = lines.stream().filter(l -> l.contains(operator)).findFirst().orElseThrow();
    String before = line.substring(0, line.lastIndexOf(" KiB)"));
    return Long.parseLong(before.substring(before.lastIndexOf(' ') + 1));
  }

  @Test
  void explainAnalyzeOfAnInsertInserts() {
    run("CREATE TABLE t (a UInt64, b UInt64 DEFAULT 7) ORDER BY a");
    assertThat(run("EXPLAIN INSERT INTO t (a) SELECT 1"))
        .first()
        .isEqualTo("Insert into default.t");
    assertThat(run("SELECT count(*) FROM t")).containsExactly("0");
    List<String> lines =
        run("EXPLAIN ANALYZE INSERT INTO t (a) SELECT number FROM numbers(3) WHERE number > 0");
    assertThat(lines).first().isEqualTo("Insert into default.t  (rows 2)");
    assertThat(lines).anyMatch(line -> line.contains("(rows 2, ") && line.contains(" KiB)"));
    assertThat(run("SELECT a, b FROM t ORDER BY a")).containsExactly("1\t7", "2\t7");
    run("SET readonly = 2");
    assertThatThrownBy(() -> run("EXPLAIN ANALYZE INSERT INTO t (a) SELECT 5"))
        .hasMessageContaining("readonly");
  }
}
