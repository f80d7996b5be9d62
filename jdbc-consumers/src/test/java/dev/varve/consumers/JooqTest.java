// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// jOOQ with its default dialect: statements it writes, rows it fetches, metadata it reads.
final class JooqTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  private static final Table<Record> ITEMS = table(name("items"));
  private static final Field<Integer> ID = field(name("items", "id"), SQLDataType.INTEGER);
  private static final Field<String> LABEL = field(name("items", "label"), SQLDataType.VARCHAR);
  private static final Field<BigDecimal> PRICE =
      field(name("items", "price"), SQLDataType.NUMERIC(9, 2));

  private static void createItems(DSLContext jooq) {
    jooq.createTable("items")
        .column("id", SQLDataType.INTEGER.nullable(false))
        .column("label", SQLDataType.VARCHAR(40))
        .column("price", SQLDataType.NUMERIC(9, 2))
        .primaryKey("id")
        .execute();
  }

  @Test
  void statementsOfTheDefaultDialectRun() throws SQLException {
    try (Connection connection = DriverManager.getConnection(VARVE.nullableUrl())) {
      DSLContext jooq = DSL.using(connection, SQLDialect.DEFAULT);
      createItems(jooq);
      jooq.insertInto(ITEMS, ID, LABEL, PRICE)
          .values(1, "bolt", new BigDecimal("0.10"))
          .values(2, "nut", new BigDecimal("0.05"))
          .values(3, "bolt", new BigDecimal("0.20"))
          .execute();
      jooq.batch(jooq.insertInto(ITEMS, ID, LABEL, PRICE).values((Integer) null, null, null))
          .bind(4, "gear", "12.00")
          .bind(5, null, "1.00")
          .execute();
      var groups =
          jooq.select(LABEL, count().as("n"), sum(PRICE).as("total"))
              .from(ITEMS)
              .where(PRICE.lt(new BigDecimal("10")))
              .groupBy(LABEL)
              .having(count().ge(1))
              .orderBy(LABEL.asc().nullsLast())
              .limit(10)
              .fetch();
      assertThat(groups.getValues(LABEL)).containsExactly("bolt", "nut", null);
      assertThat(groups.get(0).get("total", BigDecimal.class)).isEqualByComparingTo("0.30");
      try (Stream<Record> lazy = jooq.select().from(ITEMS).orderBy(ID).fetchSize(2).fetchStream()) {
        assertThat(lazy.map(row -> row.get("id", Integer.class))).containsExactly(1, 2, 3, 4, 5);
      }
      jooq.update(ITEMS).set(field(name("label"), String.class), "screw").where(ID.eq(1)).execute();
      jooq.deleteFrom(ITEMS).where(ID.eq(2)).execute();
      assertThat(jooq.fetchCount(ITEMS)).isEqualTo(4);
      assertThat(jooq.select(LABEL).from(ITEMS).where(ID.eq(1)).fetchOne(LABEL)).isEqualTo("screw");
      assertThatThrownBy(() -> jooq.fetch("SELECT * FROM nowhere"))
          .isInstanceOfSatisfying(
              DataAccessException.class, e -> assertThat(e.sqlState()).startsWith("42"));
    }
  }

  @Test
  void metadataAndTransactionsAreThere() throws SQLException {
    VARVE.run(
        "CREATE TABLE known (id UInt32, tags Array(String), at DateTime64(3))"
            + " ENGINE = MergeTree ORDER BY id");
    try (Connection connection = VARVE.dataSource().getConnection()) {
      DSLContext jooq = DSL.using(connection, SQLDialect.DEFAULT);
      List<Table<?>> tables = jooq.meta().getTables("known");
      assertThat(tables).hasSize(1);
      assertThat(tables.get(0).fields())
          .extracting(Field::getName)
          .containsExactly("id", "tags", "at");
      assertThatThrownBy(() ->
              jooq.transaction(inside -> {
                inside.dsl().execute("INSERT INTO known (id) VALUES (?)", 1);
                throw new IllegalStateException("the work failed");
              }))
          .hasMessageContaining("the work failed");
      jooq.transaction(inside -> inside.dsl().execute("INSERT INTO known (id) VALUES (?)", 2));
    }
    assertThat(VARVE.rows("SELECT id FROM known")).containsExactly("2");
  }
}
