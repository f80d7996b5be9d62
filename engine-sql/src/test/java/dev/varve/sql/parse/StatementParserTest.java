// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatementParserTest {
  private static String tree(String query) {
    return text(StatementParser.parseQuery(query));
  }

  private static String text(SqlNode node) {
    return node.toString().replace("`", "").replaceAll("\\s+", " ");
  }

  @Test
  void readsAWholeCreateTable() {
    Statement.CreateTable create =
        (Statement.CreateTable)
            StatementParser.parse(
                """
                CREATE TABLE IF NOT EXISTS shop.orders (
                  id UInt64 CODEC(Delta, LZ4) COMMENT 'it''s the key',
                  `odd name` LowCardinality(Nullable(String)),
                  state Enum8('new' = 1, 'paid' = -2) DEFAULT 'new',
                  day Date MATERIALIZED toDate(at),
                  at DateTime64(3, 'UTC') NOT NULL,
                  note String NULL,
                  twice Int64 ALIAS id * 2,
                  pairs Array(Tuple(a UInt8, b Map(String, Decimal(10, 2)))),
                  INDEX i note TYPE bloom_filter(0.01) GRANULARITY 4
                ) ENGINE = ReplacingMergeTree(at)
                PARTITION BY (toYYYYMM(at), state)
                PRIMARY KEY id
                ORDER BY (id, cityHash64(note, 1))
                SETTINGS index_granularity = 8192, log_format = 'CSV'
                COMMENT 'all orders'
                """);
    assertThat(create.ifNotExists()).isTrue();
    assertThat(create.name()).isEqualTo(new Statement.Name(Optional.of("shop"), "orders"));
    assertThat(create.columns().stream().map(Statement.Column::name))
        .containsExactly("id", "odd name", "state", "day", "at", "note", "twice", "pairs");
    Statement.Column id = create.columns().getFirst();
    assertThat(id.codec()).isEqualTo("Delta, LZ4");
    assertThat(id.comment()).isEqualTo("it's the key");
    assertThat(create.columns().get(2).type()).contains("Enum8('new' = 1, 'paid' = -2)");
    assertThat(create.columns().get(2).expression()).isEqualTo("'new'");
    assertThat(create.columns().get(3).kind()).isEqualTo(ColumnDefinition.Kind.MATERIALIZED);
    assertThat(create.columns().get(4).nullable()).contains(false);
    assertThat(create.columns().get(5).nullable()).contains(true);
    assertThat(create.columns().get(6).expression()).isEqualTo("id * 2");
    assertThat(create.engine()).contains(new Statement.Engine("ReplacingMergeTree", List.of("at")));
    assertThat(create.partitionBy()).containsExactly("toYYYYMM(at)", "state");
    assertThat(create.primaryKey()).contains(List.of("id"));
    assertThat(create.orderBy()).contains(List.of("id", "cityHash64(note, 1)"));
    assertThat(create.settings())
        .isEqualTo(Map.of("index_granularity", "8192", "log_format", "CSV"));
    assertThat(create.comment()).isEqualTo("all orders");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tuple()", "()"})
  void anEmptySortingKeyIsNotAnAbsentOne(String key) {
    Statement.CreateTable create =
        (Statement.CreateTable)
            StatementParser.parse("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY " + key);
    assertThat(create.orderBy()).contains(List.of());
    create = (Statement.CreateTable) StatementParser.parse("CREATE TABLE t (a UInt8 PRIMARY KEY)");
    assertThat(create.orderBy()).isEmpty();
    assertThat(create.columns().getFirst().primaryKey()).isTrue();
  }

  @Test
  void rowsOfAnInsertAreLeftUnread() {
    String sql = "INSERT INTO t (a, `b c`) VALUES (1, 'x'), (2, {not sql at all";
    Statement.Insert insert = (Statement.Insert) StatementParser.parse(sql);
    assertThat(insert.columns()).containsExactly("a", "b c");
    int offset = ((Statement.Source.Values) insert.source()).offset();
    assertThat(sql.substring(offset)).startsWith(" (1, 'x')");
  }

  @Test
  void dataBeginsBehindTheFormat() {
    String sql = "INSERT INTO d.t SETTINGS async_insert = 1 FORMAT JSONEachRow\n{\"a\":1}\n";
    Statement.Insert insert = (Statement.Insert) StatementParser.parse(sql);
    Statement.Source.Format format = (Statement.Source.Format) insert.source();
    assertThat(format.name()).isEqualTo("JSONEachRow");
    assertThat(sql.substring(format.offset())).isEqualTo("\n{\"a\":1}\n");
    assertThat(insert.settings()).containsEntry("async_insert", "1");
  }

  @Test
  void settingsAndFormatStandBehindAQuery() {
    Statement.Query query =
        (Statement.Query)
            StatementParser.parse("SELECT 1 SETTINGS max_threads = 2, final = 0 FORMAT CSV;");
    assertThat(query.settings()).isEqualTo(Map.of("max_threads", "2", "final", "0"));
    assertThat(query.format()).contains("CSV");
    assertThat(query.text()).startsWith("SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT 'a'",
        "SELECT sum(a) FROM t",
        "SELECT a FROM t WHERE a > 1",
        "SELECT a FROM t GROUP BY a HAVING count() > 1",
        "SELECT a FROM t ORDER BY a",
        "SELECT 1 UNION ALL SELECT 2",
        "EXPLAIN SELECT 1"
      })
  void aFormatWithANameOfSqlStandsBehindAnyExpression(String query) {
    for (String format : List.of("JSON", "Values", "Null", "Arrow")) {
      StatementParser.Parsed parsed =
          StatementParser.parse(query + " FORMAT " + format, ParameterValues.NONE);
      assertThat(parsed.format()).contains(format);
    }
  }

  @Test
  void finalAsksForExactRows() {
    Statement.Query query =
        (Statement.Query) StatementParser.parse("SELECT * FROM t AS x FINAL WHERE a = 1");
    assertThat(query.settings()).containsEntry("final", "1");
    assertThat(text(query.node())).isEqualTo("SELECT * FROM t AS x WHERE a = 1");
  }

  @Test
  void prewhereIsAPartOfWhere() {
    assertThat(tree("SELECT a FROM t PREWHERE b = 1 WHERE c = 2"))
        .isEqualTo("SELECT a FROM t WHERE b = 1 AND c = 2");
  }

  @Test
  void limitByNumbersTheRowsOfEachValue() {
    assertThat(tree("SELECT a, b AS x FROM t ORDER BY x DESC LIMIT 2 BY a LIMIT 10"))
        .contains("QUALIFY", "ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC)", "<= 2")
        .endsWith("ORDER BY x DESC FETCH NEXT 10 ROWS ONLY");
    assertThat(tree("SELECT a FROM t LIMIT 1, 2 BY a")).contains("> 1 AND", "<= 1 + 2");
  }

  @Test
  void distinctOnKeepsTheFirstRow() {
    assertThat(tree("SELECT DISTINCT ON (a) a, b FROM t ORDER BY 2"))
        .contains("ROW_NUMBER() OVER (PARTITION BY a ORDER BY b)", "<= 1");
  }

  @Test
  void withTiesRanks() {
    assertThat(tree("SELECT a FROM t ORDER BY a LIMIT 3 WITH TIES"))
        .contains("RANK() OVER (ORDER BY a)", "<= 3")
        .doesNotContain("FETCH");
  }

  @Test
  void namesGivenInsideExpressionsStandForThem() {
    assertThat(tree("SELECT sum(if(n % 2 = 0 AS even, 1, 0) AS s), s, even FROM t"))
        .matches(
            "(?i)SELECT .*sum.*\\(.*if.*\\(n % 2 = 0, 1, 0\\)\\), .*if.*\\(n % 2 = 0, 1, 0\\) AS s,"
                + " n % 2 = 0 AS even FROM t");
  }

  @Test
  void withNamesExpressionsAndQueries() {
    assertThat(tree("WITH 5 AS x, q AS (SELECT 1 AS a) SELECT a + x FROM q WHERE a < x"))
        .contains("WITH q AS (SELECT 1 AS a)", "SELECT a + 5 FROM q WHERE a < 5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT date, timestamp, value, key, user, year, day, type, name, position FROM t",
        "SELECT table, rows, partition, database, active FROM system.parts WHERE table = 'x'",
        "SELECT count(), any(x), left(s, 2), replace(s, 'a', 'b'), range(5), position(s, 'x')",
        "SELECT x::Nullable(UInt8), CAST(x, 'String'), CAST(x AS Decimal(10, 2)), [1, 2][1], t.1",
        "SELECT arrayMap(x -> x + 1, a), arrayFilter((x, y) -> x > y, a, b) FROM t",
        "SELECT a ? b : c, a == b, a != b, a <=> b, 0xFF, 1e5, .5 FROM t",
        "SELECT quantile(0.9)(x), topK(3)(s), quantiles(0.5, 0.9)(x) FROM t",
        "SELECT DATE '2024-01-01', date + INTERVAL 5 DAY, extract(YEAR FROM date) FROM t",
        "SELECT trim(BOTH ' ' FROM s), trim(s), substring(s FROM 2 FOR 3), substring(s, 2)",
        "SELECT a FROM t WHERE a IN (1, 2) AND b NOT IN (SELECT b FROM u) AND e IN u",
        "SELECT a FROM t WHERE (c, d) IN ((1, 2)) AND f GLOBAL IN (1) AND g IN [1, 2]",
        "SELECT * EXCEPT (a, b) FROM t",
        "SELECT * FROM a LEFT JOIN b USING (x) INNER JOIN c ON a.x = c.x CROSS JOIN d, e",
        "SELECT * FROM a SEMI LEFT JOIN b ON a.x = b.x",
        "SELECT * FROM a GLOBAL ANTI LEFT JOIN b USING x",
        "SELECT * FROM a ASOF LEFT JOIN b ON a.k = b.k AND a.t >= b.t",
        "SELECT a, count() FROM t GROUP BY a WITH ROLLUP HAVING count() > 1",
        "SELECT sum(rows), row, range, rows AS r FROM t WHERE range > 1 ORDER BY row",
        "SELECT sum(x) OVER (ROWS 1 PRECEDING), sum(x) OVER (ORDER BY a RANGE UNBOUNDED PRECEDING)",
        "SELECT ROW(1, 'a'), (1, 'a') FROM t WHERE (a, b) = (1, 2)",
        "SELECT sum(x) OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
        "SELECT rank() OVER w FROM t WINDOW w AS (ORDER BY a)",
        "SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 3 ORDER BY 1 LIMIT 5 OFFSET 1",
        "SELECT * FROM numbers(10) WHERE number % 2",
        "SELECT * FROM file('a.parquet', 'Parquet') AS f",
        "SELECT count(*) FILTER (WHERE a > 1), count(DISTINCT b) FROM t -- a comment",
        "SELECT CASE a WHEN 1 THEN 'x' ELSE 'y' END, a IS NULL, a BETWEEN 1 AND 2, s LIKE '%\\_x'",
        "SELECT \"Odd Name\", `other name`, \"a\".\"b\" FROM \"My Table\" AS a",
        "VALUES (1, 'a'), (2, 'b')",
        "(SELECT 1)"
      })
  void readsTheQueriesPeopleWrite(String query) {
    assertThat(StatementParser.parse(query)).isInstanceOf(Statement.Query.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE DATABASE IF NOT EXISTS d",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "CREATE TABLE t AS u",
        "CREATE TABLE t ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a",
        "DROP TABLE IF EXISTS d.t",
        "DROP VIEW v",
        "TRUNCATE TABLE t",
        "RENAME TABLE a TO b, c TO d",
        "EXISTS TABLE t",
        "OPTIMIZE TABLE t PARTITION 202401 FINAL",
        "SHOW TABLES FROM d LIKE 'a%'",
        "SHOW CREATE TABLE t",
        "SHOW DATABASES",
        "SHOW COLUMNS FROM t FROM d",
        "DESCRIBE TABLE t",
        "DESCRIBE (SELECT 1)",
        "EXPLAIN ANALYZE SELECT 1",
        "EXPLAIN SELECT 1",
        "USE d",
        "SET max_threads = 1, final = 0",
        "SYSTEM STOP MERGES d.t",
        "SYSTEM FLUSH LOGS",
        "CHECKPOINT",
        "KILL QUERY WHERE query_id = 'x' SYNC"
      })
  void readsStatementsThatAreNoQueries(String sql) {
    assertThat(StatementParser.parse(sql)).isNotInstanceOf(Statement.Query.class);
  }

  @Test
  void valuesOfParametersAreLiteralsWhateverTheyHold() {
    ParameterValues values =
        ParameterValues.of(
            Arrays.asList(-5L, "o'; DROP TABLE t", null), Map.of("n", "7", "t", "odd table"));
    StatementParser.Parsed parsed =
        StatementParser.parse("SELECT ?, ?, ?, {n:UInt8} FROM {t:Identifier}", values);
    assertThat(parsed.parameters()).isEqualTo(3);
    assertThat(text(((Statement.Query) parsed.statement()).node()))
        .startsWith("SELECT -5, ")
        .contains("'o''; DROP TABLE t', NULL, CAST(", "'7' AS UInt8)")
        .endsWith(" FROM odd table");
  }

  @Test
  void aDescribedStatementNeedsNoValues() {
    assertThat(StatementParser.parse("SELECT ? + {a:Int8}", ParameterValues.UNKNOWN).parameters())
        .isEqualTo(1);
  }

  @Test
  void aMissingValueIsNamed() {
    assertThatThrownBy(() -> StatementParser.parse("SELECT {limit:UInt8}"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("param_limit");
  }

  private static void assertSyntaxError(String sql, String message) {
    assertThatThrownBy(() -> StatementParser.parse(sql))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX_ERROR))
        .hasMessageContaining(message);
  }

  @Test
  void anErrorSaysWhere() {
    assertSyntaxError("SELECT a,\n  FROM t", "line 2, column 3: unexpected \"FROM\"");
    assertSyntaxError("SELECT (1", "the statement ends too early");
    assertSyntaxError("SELECT 'abc", "line 1, column 8: what is quoted here never ends");
    assertSyntaxError("SELECT 1; SELECT 2", "line 1, column 11");
    assertSyntaxError("CREATE TABLE t (a)", "needs a type");
    assertSyntaxError("", "the statement ends too early");
    assertSyntaxError("GIBBERISH", "line 1, column 1");
  }

  @Test
  void nestingTooDeepIsAnErrorOfItsOwn() {
    String deep = "SELECT " + "(".repeat(100_000) + "1" + ")".repeat(100_000);
    assertSyntaxError(deep, "nested too deeply");
  }

  @Test
  void anUnknownTypeIsNamed() {
    assertThatThrownBy(() -> StatementParser.parse("SELECT 1::Uint8"))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TYPE))
        .hasMessageContaining("UInt8");
  }

  @Test
  void backslashesEscapeInStrings() {
    assertThat(Lexis.string("'a\\'b''c\\n\\\\d\\%'")).isEqualTo("a'b'c\n\\d\\%");
  }

  @Test
  void keysAreSplitAtTheirOwnCommas() {
    assertThat(Lexis.splitList("(a, f(b, c), `d,e`, 'x)')"))
        .containsExactly("a", "f(b, c)", "d,e", "'x)'");
    assertThat(Lexis.splitList("(a + b) * (c)")).containsExactly("(a + b) * (c)");
    assertThat(Lexis.splitList("tuple(a)")).containsExactly("a");
  }
}
