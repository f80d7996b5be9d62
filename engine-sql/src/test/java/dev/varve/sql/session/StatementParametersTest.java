// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The types of `?` before a statement runs.
final class StatementParametersTest {
  @TempDir Path directory;
  private EngineFixture engine;
  private Session session;

  @BeforeEach
  void open() {
    engine = new EngineFixture(directory);
    session = engine.session();
    EngineFixture.lines(
        session,
        "CREATE TABLE t (id UInt64, price Decimal(15, 2), name LowCardinality(String),"
            + " at DateTime, tags Array(String)) ORDER BY id");
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
  }

  private List<String> types(String sql) {
    return session.parameters(sql).stream().map(column -> column.type().name()).toList();
  }

  @Test
  void aComparisonWantsTheTypeOfItsOtherSide() {
    assertThat(types("SELECT * FROM t WHERE id = ? AND ? < price AND name <> ?"))
        .containsExactly("Nullable(UInt64)", "Nullable(Decimal(15, 2))", "Nullable(String)");
    assertThat(types("SELECT * FROM t WHERE at BETWEEN ? AND ?"))
        .containsExactly("Nullable(DateTime)", "Nullable(DateTime)");
    assertThat(types("SELECT * FROM t WHERE id IN (?, ?, 3)"))
        .containsExactly("Nullable(UInt64)", "Nullable(UInt64)");
    assertThat(types("SELECT id FROM t GROUP BY id HAVING count() > ?"))
        .containsExactly("Nullable(UInt64)");
  }

  @Test
  void placesInsideJoinsAndSubqueriesCountToo() {
    assertThat(
            types(
                "SELECT a.id FROM t AS a JOIN (SELECT id FROM t WHERE price > ?) AS b ON a.id ="
                    + " b.id WHERE a.at = ?"))
        .containsExactly("Nullable(Decimal(15, 2))", "Nullable(DateTime)");
  }

  @Test
  void functionsSayWhatTheyTake() {
    assertThat(types("SELECT lower(?), abs(?), CAST(? AS Int16)"))
        .containsExactly("Nullable(String)", "Nullable(Int64)", "Nullable(Int16)");
    assertThat(types("SELECT * FROM t WHERE name LIKE ? AND has(tags, ?)"))
        .containsExactly("Nullable(String)", "Nullable(String)");
    assertThat(types("SELECT price * ? FROM t")).hasSize(1);
  }

  @Test
  void limitsWantACount() {
    assertThat(types("SELECT id FROM t ORDER BY id LIMIT ? OFFSET ?"))
        .containsExactly("Nullable(UInt64)", "Nullable(UInt64)");
  }

  @Test
  void rowsOfAnInsertHaveTheTypesOfTheirColumns() {
    assertThat(types("INSERT INTO t (price, id) VALUES (?, ?), (1.5, ?)"))
        .containsExactly("Nullable(Decimal(15, 2))", "Nullable(UInt64)", "Nullable(UInt64)");
    assertThat(types("INSERT INTO t (id) SELECT number FROM numbers(10) WHERE number > ?"))
        .containsExactly("Nullable(UInt64)");
    assertThat(types("INSERT INTO t (id, name) VALUES (1, '?')")).isEmpty();
  }

  @Test
  void changesOfRowsWantWhatTheyAssignAndCompare() {
    assertThat(types("ALTER TABLE t UPDATE price = ? WHERE id = ?"))
        .containsExactly("Nullable(Decimal(15, 2))", "Nullable(UInt64)");
    assertThat(types("DELETE FROM t WHERE at < ?")).containsExactly("Nullable(DateTime)");
  }

  @Test
  void whereAnyTypeWillDoItIsText() {
    assertThat(types("SELECT ?")).containsExactly("Nullable(String)");
    assertThat(types("SELECT 1")).isEmpty();
    assertThat(types("CREATE TABLE other (id Int64) ORDER BY id")).isEmpty();
  }
}
