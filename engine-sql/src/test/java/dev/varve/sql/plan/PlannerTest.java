// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PlannerTest {
  private final QueryRunner sql =
      new QueryRunner()
          .table(
              "t",
              "a Int64, b String, n Nullable(Int32), u UInt64",
              List.of(1L, "x", 10L, BigInteger.TWO),
              Arrays.asList(2L, "y", null, BigInteger.TEN),
              List.of(3L, "x", 30L, new BigInteger("18446744073709551615")))
          .table(
              "s",
              "k Int32, v String",
              List.of(1L, "one"),
              List.of(2L, "two"),
              List.of(4L, "four"));

  @AfterEach
  void close() {
    sql.close();
  }

  @Test
  void aColumnComesBeforeAnAlias() {
    assertThat(sql.rows("SELECT a + 100 AS a, n AS b FROM t WHERE a = 2"))
        .containsExactly("102\tnull");
  }

  @Test
  void anAliasStandsForItsExpressionAnywhere() {
    assertThat(
            sql.rows(
                "SELECT a * 10 AS ten, ten + 1 AS more FROM t WHERE ten > 10 ORDER BY more DESC"))
        .containsExactly("30\t31", "20\t21");
    assertThat(sql.rows("SELECT b AS k, count(*) AS c FROM t GROUP BY k HAVING c > 1"))
        .containsExactly("x\t2");
  }

  @Test
  void aNameMatchesInAnyCaseWhereItIsTheOnlyOne() {
    assertThat(sql.rows("SELECT A FROM T WHERE T.B = 'y'")).containsExactly("2");
  }

  @Test
  void aBareNameThatTwoTablesHaveIsThatOfTheFirst() {
    assertThat(
            sql.rows(
                "SELECT number FROM numbers(2) x LEFT JOIN numbers(1) y ON x.number = y.number"))
        .containsExactlyInAnyOrder("0", "1");
  }

  @Test
  void errorsNamePlaceAndNearName() {
    assertError(
        "SELECT a,\n  nn2 FROM t", ErrorCode.UNKNOWN_IDENTIFIER, "line 2, column 3", "\"n\"");
    assertError("SELECT * FROM tt", ErrorCode.UNKNOWN_TABLE, "line 1, column 15", "\"t\"");
    assertError("SELECT summ(a) FROM t", ErrorCode.UNKNOWN_FUNCTION, "line 1, column 8", "\"sum\"");
    assertError("SELECT * FROM d.t", ErrorCode.UNKNOWN_DATABASE, "\"d\"");
    assertError("SELECT a, count(*) FROM t", ErrorCode.NOT_AN_AGGREGATE, "\"a\"", "GROUP BY");
    assertError("SELECT a FROM t WHERE sum(a) > 1", ErrorCode.ILLEGAL_AGGREGATION, "WHERE");
    assertError(
        "SELECT a FROM t UNION ALL SELECT k, v FROM s",
        ErrorCode.NUMBER_OF_COLUMNS_DOESNT_MATCH,
        "UNION");
  }

  private void assertError(String query, ErrorCode code, String... parts) {
    assertThatThrownBy(() -> sql.rows(query))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(parts);
            });
  }

  @Test
  void resultColumnsAreNamedAsTyped() {
    assertThat(sql.columns("SELECT count(*), sum(a) + 1, b AS c, 'x', t.u FROM t GROUP BY b, u"))
        .containsExactly(
            "count(*) UInt64", "sum(a) + 1 Int64", "c String", "'x' String", "u UInt64");
  }

  @Test
  void unsignedValuesAreExactInTheUpperHalf() {
    assertThat(sql.rows("SELECT a FROM t WHERE u > 9223372036854775807")).containsExactly("3");
    assertThat(sql.rows("SELECT max(u) FROM t")).containsExactly("18446744073709551615");
    assertThat(sql.rows("SELECT a FROM t WHERE u IN (18446744073709551615, -1)"))
        .containsExactly("3");
  }

  @Test
  void aListSkipsWhatItsTypeCannotHold() {
    assertThat(sql.rows("SELECT a FROM t WHERE a IN (1, 2.5, 3, 300000000000000000000) ORDER BY a"))
        .containsExactly("1", "3");
  }

  @Test
  void existsAndInAreSemiJoins() {
    String exists = "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM s WHERE k = a AND v <> b)";
    assertThat(sql.explain(exists)).contains("HashJoin SEMI");
    assertThat(sql.rows(exists)).containsExactlyInAnyOrder("1", "2");
    String absent = "SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM s WHERE k = a)";
    assertThat(sql.explain(absent)).contains("HashJoin ANTI");
    assertThat(sql.rows(absent)).containsExactly("3");
    assertThat(sql.rows("SELECT k FROM s WHERE k IN (SELECT a FROM t WHERE b = 'x')"))
        .containsExactly("1");
  }

  @Test
  void notInSeesNulls() {
    assertThat(sql.rows("SELECT k FROM s WHERE k NOT IN (SELECT n FROM t)")).isEmpty();
    assertThat(sql.rows("SELECT k FROM s WHERE k NOT IN (SELECT n FROM t WHERE n IS NOT NULL)"))
        .hasSize(3);
  }

  @Test
  void aSubqueryForEachRowIsJoined() {
    assertThat(sql.rows("SELECT a, (SELECT max(v) FROM s WHERE k = a) FROM t ORDER BY a"))
        .containsExactly("1\tone", "2\ttwo", "3\tnull");
    assertThat(sql.rows("SELECT a FROM t WHERE a > (SELECT avg(k) FROM s)")).containsExactly("3");
  }

  @Test
  void rollupGivesSubtotalsWithNull() {
    assertThat(sql.rows("SELECT b, sum(a) FROM t GROUP BY ROLLUP(b) ORDER BY 2"))
        .containsExactly("y\t2", "x\t4", "null\t6");
  }

  @Test
  void groupByAllTakesWhatDoesNotAggregate() {
    assertThat(sql.rows("SELECT b, length(b) AS l, count(*) FROM t GROUP BY ALL ORDER BY b"))
        .containsExactly("x\t1\t2", "y\t1\t1");
  }

  @Test
  void setOperationsTakeTheCommonType() {
    assertThat(sql.columns("SELECT k FROM s UNION ALL SELECT a FROM t")).containsExactly("k Int64");
    assertThat(sql.rows("SELECT k FROM s INTERSECT SELECT a FROM t ORDER BY 1"))
        .containsExactly("1", "2");
    assertThat(sql.rows("SELECT a FROM t EXCEPT SELECT k FROM s")).containsExactly("3");
  }

  @Test
  void joinsOfDifferentTypesAndUsing() {
    assertThat(sql.rows("SELECT a, v FROM t LEFT JOIN s ON k = a ORDER BY a"))
        .containsExactly("1\tone", "2\ttwo", "3\tnull");
    assertThat(sql.rows("SELECT * FROM (SELECT a AS k FROM t) AS x JOIN s USING (k) ORDER BY k"))
        .containsExactly("1\tone", "2\ttwo");
    assertThat(
            sql.rows(
                "SELECT a, k FROM t FULL JOIN s ON k = a WHERE a IS NULL OR k IS NULL ORDER BY a"))
        .containsExactly("3\tnull", "null\t4");
  }

  @Test
  void semiAndAntiJoinsGiveEachLeftRowOnce() {
    assertThat(sql.rows("SELECT k, v FROM s LEFT SEMI JOIN t ON k = a ORDER BY k"))
        .containsExactly("1\tone", "2\ttwo");
    assertThat(sql.rows("SELECT k, a FROM s LEFT SEMI JOIN t ON k = a ORDER BY k"))
        .containsExactly("1\t1", "2\t2");
    assertThat(
            sql.rows(
                "SELECT x.number FROM numbers(3) AS x LEFT ANTI JOIN numbers(2) AS y USING (number)"))
        .containsExactly("2");
    assertThat(
            sql.rows(
                "SELECT x.number, y.number FROM numbers(3) AS x RIGHT ANTI JOIN numbers(5) AS y"
                    + " ON x.number = y.number ORDER BY y.number"))
        .containsExactly("null\t3", "null\t4");
  }

  @Test
  void aSubqueryForAValueGivesOneRowOrFails() {
    assertThat(sql.rows("SELECT (SELECT v FROM s WHERE k = 2)")).containsExactly("two");
    assertError("SELECT (SELECT v FROM s)", ErrorCode.BAD_ARGUMENTS, "more than one row");
  }

  @Test
  void aNumberIsAConditionUnlessItIsZero() {
    assertThat(sql.rows("SELECT number FROM numbers(3) WHERE number")).containsExactly("1", "2");
  }

  @Test
  void whatAllBranchesOfAnOrDemandIsAKey() {
    assertThat(
            sql.explain(
                "SELECT a FROM t, s WHERE (a = k AND b = 'x' AND v = 'one')"
                    + " OR (a = k AND b = 'y' AND v = 'two')"))
        .contains("HashJoin INNER")
        .doesNotContain("NestedLoop");
  }
}
