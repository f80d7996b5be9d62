// SPDX-License-Identifier: Apache-2.0
package dev.varve.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Migrations: a change log is run twice, the second time with nothing to do, and taken back.
final class LiquibaseTest {
  @RegisterExtension static final VarveAtWork VARVE = new VarveAtWork();

  private static void withLiquibase(Work work) throws Exception {
    System.setProperty("liquibase.changelogLockWaitTimeInMinutes", "0");
    try (Connection connection = DriverManager.getConnection(VARVE.nullableUrl())) {
      Database database =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      work.with(
          new Liquibase(
              "dev/varve/consumers/changelog.xml", new ClassLoaderResourceAccessor(), database));
    }
  }

  private interface Work {
    void with(Liquibase liquibase) throws Exception;
  }

  @Test
  void changesAreRunOnceAndTakenBack() throws Exception {
    withLiquibase(liquibase -> liquibase.update(new Contexts(), new LabelExpression()));
    assertThat(VARVE.rows("SELECT id, name, country, score FROM members ORDER BY id"))
        .containsExactly("1|Ada|UK|1", "2|Bob||1");
    assertThat(VARVE.rows("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("4");
    withLiquibase(liquibase -> {
      assertThat(liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression())).isEmpty();
      liquibase.update(new Contexts(), new LabelExpression());
    });
    withLiquibase(liquibase -> liquibase.rollback(1, ""));
    assertThat(VARVE.rows("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("3");
    assertThat(VARVE.rows("SELECT count(*) FROM members")).containsExactly("1");
    assertThat(VARVE.rows("SELECT LOCKED FROM DATABASECHANGELOGLOCK")).containsExactly("false");
  }
}
