// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.Session;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a query need not read, it does not read, and the answer stays.
final class ReadLessTest {
  @TempDir Path directory;
  private RootAllocator allocator;
  private MergeEngine tables;
  private SqlEngine engine;
  private Session session;

  @BeforeEach
  void open() {
    allocator = new RootAllocator();
    tables = MergeEngine.open(directory, MergeSettings.defaults(), allocator);
    engine = new SqlEngine(tables, allocator, 1, List.of());
    session = engine.open("default", "default");
    rows("CREATE TABLE t (a Int64, b String, d Date) ENGINE = MergeTree ORDER BY a");
    rows(
        "INSERT INTO t SELECT number, concat('k', toString(number)),"
            + " addDays(toDate('2020-01-01'), intDiv(number, 1000)) FROM numbers(30000)");
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
    tables.close();
    allocator.close();
  }

  private List<String> rows(String sql) {
    List<String> rows = new ArrayList<>();
    try (Result result = session.execute(Request.of(sql))) {
      if (result.columns().isEmpty()) {
        return rows;
      }
      BatchSource batches = result.batches();
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          List<String> values = new ArrayList<>();
          for (Vector column : batch.columns()) {
            values.add(String.valueOf(VectorValues.get(column, row)));
          }
          rows.add(String.join("\t", values));
        }
      }
    }
    return rows;
  }

  private String explain(String sql) {
    return String.join("\n", rows("EXPLAIN " + sql));
  }

  @Test
  void boundsRuleOutGranules() {
    assertThat(explain("SELECT b FROM t WHERE a = 20000")).contains("granules 1/4");
    assertThat(rows("SELECT b FROM t WHERE a = 20000")).containsExactly("k20000");
    assertThat(explain("SELECT b FROM t WHERE d >= '2020-01-30'")).contains("granules 1/4");
    assertThat(rows("SELECT count(*) FROM t WHERE d >= '2020-01-30'")).containsExactly("1000");
    assertThat(explain("SELECT b FROM t WHERE a > 100000")).contains("granules 0/4");
    assertThat(rows("SELECT b FROM t WHERE a > 100000")).isEmpty();
    assertThat(explain("SELECT b FROM t WHERE a < 10 OR a IN (29999)")).contains("granules 2/4");
    assertThat(explain("SELECT b FROM t WHERE b LIKE 'x%'")).contains("granules 0/4");
  }

  @Test
  void wholeTableAggregatesReadNoRow() {
    String query = "SELECT count(*), min(a), max(a), sum(a), max(d) FROM t";
    assertThat(explain(query)).contains("Values 1 rows").doesNotContain("Scan");
    assertThat(rows(query)).containsExactly("30000\t0\t29999\t449985000\t2020-01-30");
    // A condition needs the rows, and they say the same.
    assertThat(rows(query + " WHERE a >= 0")).isEqualTo(rows(query));
  }

  @Test
  void oneSumServesSumsThatDifferByAConstant() {
    rows("CREATE TABLE s (n Int16, k Int32) ENGINE = MergeTree ORDER BY k");
    rows("INSERT INTO s SELECT number % 1000, number FROM numbers(30000)");
    String sums = "SELECT sum(n), sum(n + 1), sum(n - 300), sum(2 + n), count(*) FROM s";
    assertThat(explain(sums)).contains("Values");
    assertThat(rows(sums)).containsExactly("14985000\t15015000\t5985000\t15045000\t30000");
    String some = sums + " WHERE k >= 3";
    assertThat(explain(some)).containsOnlyOnce("sum(");
    assertThat(rows(some)).containsExactly("14984997\t15014994\t5985897\t15044991\t29997");
    // Over no rows the constant counts for nothing.
    String none = rows("SELECT sum(n) FROM s WHERE k < 0").getFirst();
    assertThat(rows(sums + " WHERE k < 0"))
        .containsExactly(String.join("\t", none, none, none, none, "0"));
  }

  @Test
  void aMovedColumnIsStillKnownToTheParts() {
    assertThat(explain("SELECT sum(a), max(d), count(*) FROM t")).contains("Values");
    assertThat(explain("SELECT max(d), avg(a) FROM t")).contains("Values");
  }

  @Test
  void aSortWithLimitCarriesWhatItNeeds() {
    rows(
        "CREATE TABLE w (k Int32, a Int64, b String, c Nullable(Int64), d Date, e Float64, f Int8)"
            + " ENGINE = MergeTree ORDER BY k");
    for (int i = 0; i < 3; i++) {
      rows(
          "INSERT INTO w SELECT number * 3 + "
              + i
              + ", 1000000 - number * 3 - "
              + i
              + ", concat('b', toString(number)), if(number % 3 = 0, NULL, number),"
              + " addDays(toDate('2020-01-01'), number % 50), number / 4, "
              + i
              + " FROM numbers(20000)");
    }
    String all = "SELECT * FROM w WHERE b LIKE 'b1%' ORDER BY a";
    assertThat(explain(all + " LIMIT 5")).contains("Late").contains("Sort");
    assertThat(explain("SELECT b FROM w ORDER BY a LIMIT 5")).doesNotContain("[k");
    List<String> sorted = rows(all);
    assertThat(rows(all + " LIMIT 7")).isEqualTo(sorted.subList(0, 7));
    assertThat(rows(all + " LIMIT 20 OFFSET 900")).isEqualTo(sorted.subList(900, 920));
    List<String> down = rows("SELECT * FROM w WHERE f <> 1 ORDER BY c DESC NULLS LAST, k");
    assertThat(rows("SELECT * FROM w WHERE f <> 1 ORDER BY c DESC NULLS LAST, k LIMIT 9"))
        .isEqualTo(down.subList(0, 9));
    List<String> text = rows("SELECT * FROM w ORDER BY b, k");
    assertThat(rows("SELECT * FROM w ORDER BY b, k LIMIT 30")).isEqualTo(text.subList(0, 30));
    assertThat(rows("SELECT * FROM w WHERE k < 0 ORDER BY a LIMIT 3")).isEmpty();
  }

  @Test
  void theFirstRowsAreThoseOfTheWholeOrder() {
    rows(
        "CREATE TABLE o (k Int32, m DateTime, s String, u UInt64, n Nullable(Int32))"
            + " ENGINE = MergeTree ORDER BY (k)");
    for (int i = 0; i < 3; i++) {
      rows(
          "INSERT INTO o SELECT number, toDateTime('2020-01-01 00:00:00')"
              + " + toIntervalSecond(number * 7919 % 100003),"
              + " concat('s', toString(number * 31 % 977)),"
              + " bitXor(number * 2654435761, "
              + i
              + "), if(number % 7 = 0, NULL, number * 13 % 1009 - 500) FROM numbers(20000)");
    }
    for (String order :
        List.of(
            "m",
            "m DESC",
            "s",
            "s DESC",
            "u",
            "u DESC",
            "n",
            "n DESC NULLS FIRST",
            "toInt64(k % 3), u DESC",
            "toInt32(k % 2), m DESC")) {
      for (String where : List.of("", " WHERE s > 's5'", " WHERE s <> 's31' AND k % 3 = 1")) {
        String all = "SELECT k, m, s, u, n FROM o" + where + " ORDER BY " + order + ", k, u";
        List<String> sorted = rows(all);
        assertThat(rows(all + " LIMIT 1")).as(all).isEqualTo(sorted.subList(0, 1));
        assertThat(rows(all + " LIMIT 9 OFFSET 30")).as(all).isEqualTo(sorted.subList(30, 39));
      }
    }
  }

  @Test
  void leastAndGreatestTextsOfGroupsAreTheFirstAndLastOfTheirRows() {
    rows("CREATE TABLE g (k Int32, s String) ENGINE = MergeTree ORDER BY k");
    for (int i = 0; i < 2; i++) {
      rows(
          "INSERT INTO g SELECT number, concat('s', toString((number * 7919 + "
              + i
              + ") % 4001)) FROM numbers(30000)");
    }
    List<String> expected = new ArrayList<>();
    for (int k = 0; k < 7; k++) {
      String of = "SELECT s FROM g WHERE k % 7 = " + k + " ORDER BY s";
      expected.add(
          k
              + "\t"
              + rows(of + " LIMIT 1").getFirst()
              + "\t"
              + rows(of + " DESC LIMIT 1").getFirst());
    }
    assertThat(rows("SELECT k % 7 AS of, min(s), max(s) FROM g GROUP BY of ORDER BY of"))
        .isEqualTo(expected);
  }

  @Test
  void groupsBeyondTheLimitAreLeftOutAndTheRestStays() {
    String groups = "SELECT b, count(*) AS n, sum(a * 7919 % 10007) AS s FROM t GROUP BY b";
    List<String> down = rows(groups + " ORDER BY s DESC, b");
    assertThat(rows(groups + " ORDER BY s DESC, b LIMIT 12")).isEqualTo(down.subList(0, 12));
    List<String> up = rows(groups + " ORDER BY s, b");
    assertThat(rows(groups + " ORDER BY s, b LIMIT 5 OFFSET 40")).isEqualTo(up.subList(40, 45));
  }
}
