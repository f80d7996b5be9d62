// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the driver sees in a statement.
final class SqlTextTest {
  @Test
  void questionMarksInQuotesAndCommentsAreNoParameters() {
    String sql = "SELECT ?, '?', 'it''s ?', \"?\", `?` /* ? */ -- ?\n, ? FROM t WHERE a = '\\'?'";
    assertThat(SqlText.countParameters(sql)).isEqualTo(2);
  }

  @Test
  void theFirstWordStandsBehindCommentsAndParentheses() {
    assertThat(SqlText.firstWord("/* x */ -- y\n ( select 1)")).isEqualTo("SELECT");
    assertThat(SqlText.changesRows(" insert into t values (1)")).isTrue();
    assertThat(SqlText.changesRows("CREATE TABLE t (a Int8)")).isFalse();
    assertThat(SqlText.firstWord("")).isEmpty();
  }

  @Test
  void anInsertOfPlainParametersIsATemplate() {
    assertThat(InsertTemplate.of("INSERT INTO t (a, b) VALUES (?, ?);"))
        .contains(new InsertTemplate("INSERT INTO t (a, b)", 2));
    assertThat(InsertTemplate.of("insert into \"values\" values(?)"))
        .contains(new InsertTemplate("insert into \"values\"", 1));
    for (String other :
        List.of(
            "INSERT INTO t VALUES (?, 1)",
            "INSERT INTO t VALUES (?), (?)",
            "INSERT INTO t VALUES (?) SETTINGS a = 1",
            "INSERT INTO t SELECT ?",
            "INSERT INTO t VALUES ()",
            "SELECT ? VALUES (?)")) {
      assertThat(InsertTemplate.of(other)).as(other).isEqualTo(Optional.empty());
    }
  }

  @Test
  void theColumnsOfATemplateCanBeAskedFor() {
    assertThat(
            InsertTemplate.of("INSERT INTO d.t (a, b) VALUES (?, ?)").orElseThrow().columnsQuery())
        .isEqualTo("SELECT a, b FROM d.t");
    assertThat(InsertTemplate.of("INSERT INTO t VALUES (?)").orElseThrow().columnsQuery())
        .isEqualTo("SELECT * FROM t");
  }

  @Test
  void escapesBecomeSqlAndNamedParametersStay() {
    assertThat(
            Escapes.translate("SELECT {fn UCASE({fn CONVERT(a, SQL_VARCHAR)})}, {d '2024-01-02'}"))
        .isEqualTo("SELECT upper(CAST(a AS VARCHAR)), DATE '2024-01-02'");
    assertThat(Escapes.translate("{ts '2024-01-02 03:04:05'} {oj a LEFT JOIN b ON a.x = b.x}"))
        .isEqualTo("TIMESTAMP '2024-01-02 03:04:05' a LEFT JOIN b ON a.x = b.x");
    assertThat(Escapes.translate("LIKE 'a!%' {escape '!'}")).isEqualTo("LIKE 'a!%' ESCAPE '!'");
    String named = "SELECT {d:Date}, {ts : DateTime}, {x:UInt8}, '{d ''x''}'";
    assertThat(Escapes.translate(named)).isEqualTo(named);
  }

  @Test
  void patternsOfNamesFitAsJdbcWantsIt() {
    assertThat(new NamePattern("or%s").fits("orders")).isTrue();
    assertThat(new NamePattern("or%s").fits("order")).isFalse();
    assertThat(new NamePattern("a_c").fits("abc")).isTrue();
    assertThat(new NamePattern("a\\_c").fits("abc")).isFalse();
    assertThat(new NamePattern("a\\_c").fits("a_c")).isTrue();
    assertThat(new NamePattern("a\\_c").exact()).isEqualTo("a_c");
    assertThat(new NamePattern("a_c").exact()).isNull();
    assertThat(new NamePattern(null).fits("x")).isTrue();
    assertThat(new NamePattern("").fits("x")).isFalse();
  }
}
