// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static dev.varve.sql.session.EngineFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// INSERTs that are sent again with the token of the first time: such that write parts, and such
/// that go through the journal.
@ParameterizedClass
@ValueSource(strings = {"0", "1"})
final class InsertTokenTest {
  @Parameter String journaled;
  @TempDir Path directory;
  private EngineFixture engine;
  private Session session;

  @BeforeEach
  void open() {
    engine = new EngineFixture(directory);
    session = engine.session();
    lines(session, "SET async_insert = " + journaled);
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
  }

  private void insert(String token, String rest) {
    lines(session, "INSERT INTO t SETTINGS insert_deduplication_token = '" + token + "' " + rest);
  }

  private String count() {
    return lines(session, "SELECT count(*) FROM t").getFirst();
  }

  @Test
  void anInsertOfAKnownTokenChangesNothing() {
    lines(session, "CREATE TABLE t (id Int64) ENGINE = MergeTree ORDER BY id");
    insert("a", "VALUES (1), (2)");
    insert("a", "VALUES (3)");
    insert("a", "SELECT 4");
    assertThat(count()).isEqualTo("2");
    insert("b", "SELECT 4");
    insert("b", "FORMAT CSV\n5");
    assertThat(count()).isEqualTo("3");
    close();
    open();
    insert("b", "VALUES (6)");
    assertThat(count()).isEqualTo("3");
    lines(session, "TRUNCATE TABLE t");
    insert("b", "VALUES (6)");
    assertThat(count()).isEqualTo("1");
  }

  @Test
  void anInsertThatFailsOrHasNoRowsLeavesItsTokenFree() {
    lines(
        session,
        "CREATE TABLE t (id UInt8, CONSTRAINT c CHECK id < 9) ENGINE = MergeTree ORDER BY id");
    assertThatThrownBy(() -> insert("a", "VALUES (9)")).hasMessageContaining("\"c\"");
    insert("a", "SELECT 1 WHERE 1 = 0");
    insert("a", "VALUES (1)");
    assertThat(count()).isEqualTo("1");
    lines(
        session,
        "INSERT INTO t SETTINGS insert_deduplication_token = 'a', insert_deduplicate = 0"
            + " VALUES (2)");
    lines(session, "SET insert_deduplication_token = 'c'");
    lines(session, "INSERT INTO t VALUES (3)");
    lines(session, "INSERT INTO t VALUES (3)");
    assertThat(count()).isEqualTo("3");
  }

  @Test
  void ofInsertsAtTheSameTimeOneIsTaken() throws Exception {
    lines(session, "CREATE TABLE t (id Int64) ENGINE = MergeTree ORDER BY id");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> inserts = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String statement =
            "INSERT INTO t SETTINGS async_insert = "
                + journaled
                + ", insert_deduplication_token = 't"
                + i % 8
                + "' VALUES (1), (2)";
        inserts.add(
            threads.submit(() -> {
              try (Session own = engine.session()) {
                lines(own, statement);
              }
            }));
      }
      for (Future<?> insert : inserts) {
        insert.get();
      }
    }
    assertThat(count()).isEqualTo("16");
  }
}
