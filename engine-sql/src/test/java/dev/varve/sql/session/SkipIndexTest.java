// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No index ever costs a row: random conditions over a table with every kind of index, with parts
/// that overlap and rows that are replaced.
class SkipIndexTest {
  private static EngineFixture engine;
  private static Session session;

  @BeforeAll
  static void fill(@TempDir Path directory) {
    engine = new EngineFixture(directory);
    session = engine.session();
    answer(
        """
        CREATE TABLE t (id UInt64, a Int32, n Nullable(Int16), s String, lc LowCardinality(String),
          f FixedString(4), t Array(String), m Map(String, UInt8), d Date, ts DateTime('UTC'),
          x Float64, version UInt8,
          INDEX a1 a TYPE minmax, INDEX a2 a TYPE set(300), INDEX a3 a + 1 TYPE minmax GRANULARITY 3,
          INDEX a4 a TYPE bloom_filter(0.01), INDEX a5 intDiv(a, 100) TYPE bitmap GRANULARITY 2,
          INDEX n1 n TYPE minmax, INDEX n2 n TYPE bloom_filter, INDEX n3 n TYPE set(0),
          INDEX s1 s TYPE bloom_filter, INDEX s2 s TYPE tokenbf_v1(2048, 3, 7),
          INDEX s3 s TYPE ngrambf_v1(3, 4096, 2, 1) GRANULARITY 2, INDEX s4 s TYPE minmax, INDEX s5 lower(s) TYPE tokenbf_v1(2048, 3, 1),
          INDEX lc1 lc TYPE bitmap, INDEX lc2 lc TYPE bloom_filter, INDEX lc3 lc TYPE tokenbf_v1(512, 2, 0),
          INDEX f1 f TYPE bloom_filter, INDEX f2 f TYPE ngrambf_v1(2, 1024, 2, 0),
          INDEX t1 t TYPE bloom_filter, INDEX t2 t TYPE tokenbf_v1(1024, 2, 0),
          INDEX m1 mapKeys(m) TYPE bloom_filter, INDEX x1 x TYPE minmax, INDEX x2 x TYPE bloom_filter,
          INDEX two (a, lc) TYPE set(1000))
        ENGINE = ReplacingMergeTree(version) PARTITION BY toYYYYMM(d) ORDER BY id
        """);
    answer("SYSTEM STOP MERGES t");
    answer(insert(0, 40_000, 1));
    answer(insert(20_000, 9_000, 2));
    answer(insert(35_000, 20_000, 0));
  }

  private static String insert(int from, int count, int version) {
    return "INSERT INTO t SELECT number + "
        + from
        + " AS i, intDiv(i, 100) % 500 + "
        + version
        + ", if(i % 7 = 0 OR i < 10000, NULL, intDiv(i, 300)), concat('w', toString(intDiv(i,"
        + " 1000)), ' and-x', toString(i % 3), ' tail', toString(intDiv(i, 9000))), concat('kind ',"
        + " toString(intDiv(i, 20000))), concat('f', toString(intDiv(i, 10000))), [concat('tag',"
        + " toString(intDiv(i, 5000))), 'all of', toString(i % 2)], map(concat('k',"
        + " toString(intDiv(i, 15000))), i % 3, 'common', 1), toDate('2024-01-01') + intDiv(i,"
        + " 1000), toDateTime('2024-01-01 00:00:00', 'UTC') + i * 60, if(i % 1000 = 0,"
        + " toFloat64('nan'), i / 8), "
        + version
        + " FROM numbers("
        + count
        + ")";
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Randomized(times = 40)
  void indexesNeverLoseARow(RandomGenerator random) {
    String condition = condition(random, 3);
    String query = "SELECT count(), sum(id) FROM t WHERE " + condition;
    List<String> plain = answer(query + " SETTINGS use_skip_indexes = 0");
    assertThat(answer(query)).as(query).isEqualTo(plain);
    assertThat(answer(query + " SETTINGS final = 0"))
        .as("raw " + query)
        .isEqualTo(answer(query + " SETTINGS final = 0, use_skip_indexes = 0"));
    // The same condition where no bounds can help: an expression that hides every column's value.
    assertThat(answer("SELECT countIf(ifNull(toUInt8(" + condition + "), 0) = 1) FROM t"))
        .as(query)
        .containsExactly(plain.getFirst().split("\t")[0]);
  }

  private static List<String> answer(String query) {
    return EngineFixture.lines(session, query);
  }

  @Test
  void granulesAreLeftOut() {
    assertThat(marks("s = 'w3 and-x1 tail0'")).isLessThanOrEqualTo(4);
    assertThat(marks("s LIKE '%w3 and%'")).isLessThanOrEqualTo(5);
    assertThat(marks("hasToken(s, 'w3')")).isLessThanOrEqualTo(5);
    assertThat(marks("hasToken(s, 'w3') = 1")).isLessThanOrEqualTo(5);
    assertThat(marks("hasTokenOrNull(s, 'w3')")).isLessThanOrEqualTo(5);
    assertThat(marks("hasTokenCaseInsensitive(s, 'W3')")).isLessThanOrEqualTo(5);
    assertThat(marks("hasTokenCaseInsensitiveOrNull(lower(s), 'W3')")).isLessThanOrEqualTo(5);
    assertThat(marks("has(t, 'tag2')")).isLessThanOrEqualTo(4);
    assertThat(marks("m['k2'] = 2")).isLessThanOrEqualTo(6);
    assertThat(marks("toYYYYMM(d) = 202401")).isLessThanOrEqualTo(8);
    assertThat(marks("toDate(ts) = '2024-01-02'")).isLessThanOrEqualTo(4);
  }

  private static int marks(String condition) {
    List<String> lines =
        answer("EXPLAIN ESTIMATE SELECT * FROM t WHERE " + condition + " SETTINGS final = 0");
    return Integer.parseInt(lines.getFirst().split("\t")[4]);
  }

  private static String condition(RandomGenerator random, int depth) {
    int kind = random.nextInt(depth == 0 ? 6 : 10);
    return switch (kind) {
      case 6 -> condition(random, depth - 1) + " AND " + condition(random, depth - 1);
      case 7, 8 -> "(" + condition(random, depth - 1) + " OR " + condition(random, depth - 1) + ")";
      case 9 -> "NOT (" + condition(random, depth - 1) + ")";
      default -> leaf(random);
    };
  }

  private static String leaf(RandomGenerator random) {
    int n = random.nextInt(-3, 700);
    String op = List.of("=", "!=", "<", "<=", ">", ">=").get(random.nextInt(6));
    String word = "w" + random.nextInt(90);
    return switch (random.nextInt(34)) {
      case 0, 1 -> "a " + op + " " + n;
      case 2 -> "a IN (" + n + ", " + (n + 7) + ", 3)";
      case 3 -> "a BETWEEN " + n + " AND " + (n + 5);
      case 4 -> "a + 1 " + op + " " + n;
      case 5 -> "intDiv(a, 100) " + op + " " + random.nextInt(6);
      case 6 -> "-a " + op + " " + -n;
      case 7 -> "n " + op + " " + n % 300;
      case 8 -> "n IS NULL";
      case 9 -> "n IN (" + n + ", 5)";
      case 10 -> "s = '" + word + " and-x1 tail" + random.nextInt(10) + "'";
      case 11 -> "s LIKE '%" + word + " %'";
      case 12 -> "s LIKE '" + word + "%tail" + random.nextInt(9) + "'";
      case 13 -> "s LIKE '%d-x" + random.nextInt(4) + "_tai%'";
      case 14 -> "startsWith(s, '" + word + " an')";
      case 15 -> "endsWith(s, 'x2 tail" + random.nextInt(9) + "')";
      case 16 -> "multiSearchAny(s, ['" + word + " ', 'il" + random.nextInt(9) + "'])";
      case 17 -> "s " + op + " '" + word + "'";
      case 18 -> "s IN ('" + word + " and-x0 tail0', 'nothing')";
      case 19 -> "lc " + op + " 'kind " + random.nextInt(6) + "'";
      case 20 -> "lc LIKE '%" + random.nextInt(6) + "'";
      case 21 -> "f = 'f" + random.nextInt(10) + "'";
      case 22 -> "f LIKE 'f" + random.nextInt(10) + "%'";
      case 23 -> "has(t, 'tag" + random.nextInt(20) + "')";
      case 24 -> "hasAny(t, ['tag" + random.nextInt(20) + "', 'none'])";
      case 25 -> "hasAll(t, ['tag" + random.nextInt(20) + "', 'all of'])";
      case 26 -> "m['k" + random.nextInt(7) + "'] = " + random.nextInt(3);
      case 27 -> "mapContains(m, 'k" + random.nextInt(7) + "')";
      case 28 -> "toYYYYMM(d) " + op + " 20240" + random.nextInt(1, 6);
      case 29 -> "toDate(ts) " + op + " '2024-01-" + random.nextInt(10, 31) + "'";
      case 30 -> "toStartOfMonth(d) " + op + " '2024-0" + random.nextInt(1, 5) + "-01'";
      case 31 -> "x " + op + " " + n * 10;
      case 32 -> "a * 2 > " + n + " AND lc = 'kind " + random.nextInt(5) + "'";
      default -> "id " + op + " " + n * 100;
    };
  }
}
