// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user sees and can do of a damaged part.
final class QuarantineSqlTest {
  @TempDir Path directory;
  private EngineFixture engine;
  private Session session;

  @BeforeEach
  void open() {
    engine = new EngineFixture(directory);
    session = engine.session();
    run(
        "CREATE TABLE t (k UInt32, p UInt8, v String) ENGINE = ReplacingMergeTree PARTITION BY p"
            + " ORDER BY (p, k)");
    run("SYSTEM STOP MERGES t");
    run("INSERT INTO t VALUES (1, 0, 'a')");
    run("INSERT INTO t VALUES (2, 1, 'b')");
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
  }

  private List<String> run(String sql) {
    return EngineFixture.lines(session, sql);
  }

  private void assertFails(String sql, ErrorCode code, String... words) {
    assertThatThrownBy(() -> run(sql))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(List.of(words)).allSatisfy(w -> assertThat(e).hasMessageContaining(w));
            });
  }

  private String newestPart() {
    return run("SELECT argMax(name, max_block_number) FROM system.parts WHERE table = 't'")
        .getFirst();
  }

  private String folderOf(String part) {
    return run("SELECT path FROM system.parts WHERE name = '" + part + "'").getFirst();
  }

  private void flipBit(String part) throws IOException {
    Path file = Path.of(folderOf(part), "data.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[30] ^= 4;
    Files.write(file, bytes);
  }

  @Test
  void aQueryThatNeedsADamagedPartIsToldAndOneThatDoesNotGoesOn() throws IOException {
    String part = newestPart();
    flipBit(part);
    assertFails(
        "SELECT sum(k) FROM t WHERE v != ''", ErrorCode.CHECKSUM_DOESNT_MATCH, part, "byte 24");
    assertFails("SELECT count(*) FROM t", ErrorCode.CORRUPTED_DATA, part, "quarantine");
    assertFails("SELECT max(k) FROM t", ErrorCode.CORRUPTED_DATA, part, "quarantine");
    assertThat(run("SELECT v FROM t WHERE p = 0")).containsExactly("a");
    assertThat(run("SELECT v FROM t SETTINGS skip_quarantined_parts = 1")).containsExactly("a");
    assertThat(run("SELECT count(*) FROM t SETTINGS skip_quarantined_parts = 1"))
        .containsExactly("1");
    assertThat(
            run(
                "SELECT table, partition, name, rows, is_durable, reason LIKE '%byte 24%'"
                    + " FROM system.quarantined_parts"))
        .containsExactly("t\t1\t" + part + "\t1\t1\ttrue");
    flipBit(part);
    String folder = Path.of(folderOf(part)).getFileName().toString();
    run("SYSTEM RESTORE QUARANTINED PART '" + folder + "' ON t");
    assertThat(run("SELECT v FROM t ORDER BY v")).containsExactly("a", "b");
    assertThat(run("SELECT count(*) FROM system.quarantined_parts")).containsExactly("0");
  }

  @Test
  void checkTableReadsEveryByteAndSetsAsideWhatIsDamaged() throws IOException {
    String part = newestPart();
    assertThat(run("CHECK TABLE t")).hasSize(2).allMatch(row -> row.contains("\ttrue\t"));
    flipBit(part);
    assertThat(run("CHECK TABLE t PART '" + part + "'"))
        .singleElement()
        .asString()
        .startsWith(part + "\tfalse\t")
        .contains("data.bin is corrupt at byte 24");
    assertThat(run("SELECT name FROM system.quarantined_parts")).containsExactly(part);
    assertFails("CHECK TABLE t PART 'part-77'", ErrorCode.BAD_ARGUMENTS, "part-77");
    run("SYSTEM DROP QUARANTINED PART '" + part + "' ON t");
    assertThat(run("SELECT v FROM t")).containsExactly("a");
    assertFails(
        "SYSTEM DROP QUARANTINED PART '" + part + "' ON t", ErrorCode.BAD_ARGUMENTS, "default.t");
  }
}
