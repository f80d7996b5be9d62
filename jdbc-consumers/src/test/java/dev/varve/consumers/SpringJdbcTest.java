// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Spring's templates, its transactions, and what it makes of our errors.
final class SpringJdbcTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  record Sale(int id, String shop, BigDecimal price, LocalDate day, LocalDateTime at) {}

  @BeforeAll
  static void createTable() throws SQLException {
    VARVE.run(
        "CREATE TABLE sales (id UInt32, shop Nullable(String), price Decimal(9, 2), day Date,"
            + " at DateTime64(6)) ENGINE = ReplacingMergeTree ORDER BY id",
        "CREATE TABLE once (n Int32) ENGINE = MergeTree ORDER BY n");
  }

  private static JdbcTemplate template() {
    return new JdbcTemplate(VARVE.dataSource());
  }

  @Test
  void rowsGoInByBatchAndComeBackAsRecords() {
    JdbcTemplate template = template();
    LocalDateTime at = LocalDateTime.parse("2026-03-29T02:30:00.123456");
    List<Object[]> rows =
        List.of(
            new Object[] {1, "north", new BigDecimal("1.50"), LocalDate.parse("2026-03-29"), at},
            new Object[] {2, null, new BigDecimal("2.25"), LocalDate.parse("2026-03-30"), at});
    int[] counts = template.batchUpdate("INSERT INTO sales VALUES (?, ?, ?, ?, ?)", rows);
    assertThat(counts).containsExactly(1, 1);
    List<Sale> sales =
        JdbcClient.create(VARVE.dataSource())
            .sql("SELECT * FROM sales WHERE id IN (:ids) ORDER BY id")
            .param("ids", List.of(1, 2))
            .query(Sale.class)
            .list();
    assertThat(sales)
        .containsExactly(
            new Sale(1, "north", new BigDecimal("1.50"), LocalDate.parse("2026-03-29"), at),
            new Sale(2, null, new BigDecimal("2.25"), LocalDate.parse("2026-03-30"), at));
    Map<String, Object> total =
        new NamedParameterJdbcTemplate(template)
            .queryForMap(
                "SELECT count(*) AS n, sum(price) AS total FROM sales WHERE price > :least AND id < 3",
                Map.of("least", 2));
    assertThat(total)
        .containsEntry("n", BigInteger.ONE)
        .containsEntry("total", new BigDecimal("2.25"));
  }

  @Test
  void anInsertFindsItsColumnsByMetadata() {
    SimpleJdbcInsert insert =
        new SimpleJdbcInsert(template())
            .withTableName("sales")
            .usingColumns("id", "shop", "price", "day");
    assertThat(
            insert.execute(
                Map.of("id", 10, "shop", "east", "price", 7, "day", LocalDate.of(2026, 1, 1))))
        .isOne();
    assertThat(template().queryForObject("SELECT shop FROM sales WHERE id = ?", String.class, 10))
        .isEqualTo("east");
  }

  @Test
  void aTransactionIsCommittedOrTakenBack() throws SQLException {
    JdbcTemplate template = template();
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(template.getDataSource()));
    transaction.executeWithoutResult(_ -> template.update("INSERT INTO once VALUES (?)", 1));
    assertThatThrownBy(() ->
            transaction.executeWithoutResult(_ -> {
              template.update("INSERT INTO once VALUES (?)", 2);
              throw new IllegalStateException("the work failed");
            }))
        .isInstanceOf(IllegalStateException.class);
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    transaction.executeWithoutResult(_ -> template.update("INSERT INTO once VALUES (?)", 3));
    assertThat(VARVE.rows("SELECT n FROM once ORDER BY n")).containsExactly("1", "3");
  }

  @Test
  void aNullWithoutATypeAndMissingKeysAreNoTrouble() {
    JdbcTemplate template = template();
    GeneratedKeyHolder keys = new GeneratedKeyHolder();
    template.update(
        connection -> {
          var insert =
              connection.prepareStatement(
                  "INSERT INTO sales (id, shop) VALUES (?, ?)",
                  java.sql.Statement.RETURN_GENERATED_KEYS);
          insert.setInt(1, 20);
          insert.setString(2, null);
          return insert;
        },
        keys);
    assertThat(keys.getKeyList()).isEmpty();
    template.update("INSERT INTO sales (id, shop) VALUES (?, ?)", 21, null);
    assertThat(template.queryForList("SELECT shop FROM sales WHERE id IN (20, 21)", String.class))
        .isEqualTo(Arrays.asList(null, null));
  }

  @Test
  void errorsAreTranslatedByTheirStates() {
    JdbcTemplate template = template();
    assertThatThrownBy(() -> template.queryForList("SELEC 1"))
        .isInstanceOf(BadSqlGrammarException.class);
    assertThatThrownBy(() -> template.queryForList("SELECT 1 FROM nowhere"))
        .isInstanceOf(BadSqlGrammarException.class);
    assertThatThrownBy(() -> template.queryForList("SELECT nothing FROM sales"))
        .isInstanceOf(BadSqlGrammarException.class);
    assertThatThrownBy(() -> template.queryForList("SELECT toInt32('x')"))
        .isInstanceOf(DataIntegrityViolationException.class);
    template.setQueryTimeout(1);
    assertThatThrownBy(() ->
            template.queryForList("SELECT sum(sipHash64(number)) FROM numbers(1000000000000)"))
        .isInstanceOf(QueryTimeoutException.class)
        .isInstanceOf(DataAccessException.class);
  }
}
