// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static dev.varve.sql.session.EngineFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.backup.BackupFolder;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// BACKUP and RESTORE. That a restored table answers as the first one did, whatever happened to it,
/// is [MutationHistoryTest]'s.
final class BackupTest {
  @TempDir Path directory;
  private EngineFixture engine;
  private Session session;

  @BeforeEach
  void open() {
    engine = new EngineFixture(directory.resolve("data"));
    engine.sql.plugBackups(UserFiles.inside(directory.resolve("backups")));
    session = engine.session();
  }

  @AfterEach
  void close() {
    session.close();
    engine.close();
  }

  private List<String> run(String statement) {
    return lines(session, statement);
  }

  private AbstractThrowableAssert<?, ?> refused(String statement, ErrorCode code) {
    return assertThatThrownBy(() -> run(statement))
        .isInstanceOfSatisfying(
            VarveException.class, failed -> assertThat(failed.code()).isEqualTo(code));
  }

  private void fillShop() {
    run("CREATE DATABASE shop");
    run("CREATE TABLE shop.sales (k UInt64, what String, n Int64) ORDER BY k");
    run(
        "CREATE MATERIALIZED VIEW shop.totals ENGINE = SummingMergeTree ORDER BY what"
            + " AS SELECT what, sum(n) AS n FROM shop.sales GROUP BY what");
    run("CREATE VIEW shop.large AS SELECT k FROM shop.sales WHERE n > 7 AND what != 'shop.sales'");
    run(
        "INSERT INTO shop.sales SELECT number, toString(number % 3), number % 10 FROM"
            + " numbers(1000)");
    run("DELETE FROM shop.sales WHERE k < 100");
  }

  private List<String> shop(String database) {
    return Stream.of(
            "SELECT count(*), sum(k), sum(n) FROM %s.sales",
            "SELECT what, sum(n) FROM %s.totals GROUP BY what ORDER BY what",
            "SELECT count(*), sum(k) FROM %s.large")
        .flatMap(query -> run(query.formatted(database)).stream())
        .toList();
  }

  @Test
  void aDatabaseComesBackWithItsViewsUnderItsOwnNameOrAnother() {
    fillShop();
    List<String> before = shop("shop");
    assertThat(run("BACKUP DATABASE shop TO File('monday')").getFirst()).endsWith("BACKUP_CREATED");
    run("RESTORE DATABASE shop AS copy FROM File('monday')");
    assertThat(shop("copy")).isEqualTo(before);
    run("INSERT INTO copy.sales VALUES (5000, '1', 9)");
    assertThat(shop("shop")).as("the copy feeds itself alone").isEqualTo(before);
    assertThat(run("SELECT sum(n) FROM copy.totals"))
        .isNotEqualTo(run("SELECT sum(n) FROM shop.totals"));
    run("DROP DATABASE shop");
    run("RESTORE DATABASE shop FROM File('monday')");
    assertThat(shop("shop")).isEqualTo(before);
    close();
    open();
    assertThat(shop("shop")).isEqualTo(before);
    assertThat(run("SHOW DATABASES")).noneMatch(name -> name.contains("restore"));
  }

  @Test
  void oneTableOfABackupOfAllComesBackAlone() {
    fillShop();
    run("BACKUP ALL TO File('all')");
    run(
        "RESTORE TABLE shop.sales AS default.sales, VIEW shop.totals AS default.totals FROM"
            + " File('all')");
    assertThat(run("SELECT count(*) FROM default.sales")).isEqualTo(List.of("900"));
    assertThat(run("SELECT sum(n) FROM totals")).isEqualTo(run("SELECT sum(n) FROM shop.totals"));
    run("RESTORE TABLE shop.sales AS empty FROM File('all') SETTINGS structure_only = 1");
    assertThat(run("SELECT count(*) FROM empty")).isEqualTo(List.of("0"));
    refused("RESTORE TABLE shop.sale FROM File('all')", ErrorCode.BACKUP_ENTRY_NOT_FOUND)
        .hasMessageContaining("shop.sales");
    refused("RESTORE DATABASE shoq FROM File('all')", ErrorCode.BACKUP_ENTRY_NOT_FOUND);
  }

  @Test
  void whatIsThereIsNeverWrittenOver() {
    fillShop();
    run("BACKUP TABLE shop.sales TO File('one')");
    refused("BACKUP TABLE shop.sales TO File('one')", ErrorCode.BACKUP_ALREADY_EXISTS);
    refused("RESTORE TABLE shop.sales FROM File('one')", ErrorCode.TABLE_ALREADY_EXISTS)
        .hasMessageContaining("RESTORE TABLE … AS …");
    run("DETACH TABLE shop.sales PERMANENTLY");
    refused("RESTORE TABLE shop.sales FROM File('one')", ErrorCode.TABLE_ALREADY_EXISTS);
    refused("RESTORE TABLE x FROM File('two')", ErrorCode.BACKUP_NOT_FOUND);
  }

  @Test
  void partsOfTheBaseAreNotCopiedAgain() throws IOException {
    run("CREATE TABLE t (k UInt64, s String) ORDER BY k");
    run("SYSTEM STOP MERGES t");
    run("INSERT INTO t SELECT number, 'first' FROM numbers(50000)");
    run("BACKUP TABLE t TO File('full')");
    run("INSERT INTO t VALUES (60000, 'second')");
    run("DELETE FROM t WHERE k < 10");
    run("BACKUP TABLE t TO File('more') SETTINGS base_backup = File('full')");
    run("INSERT INTO t VALUES (60001, 'third')");
    run("BACKUP TABLE t TO File('most') SETTINGS base_backup = File('more')");
    List<String> rows = run("SELECT count(*), sum(k) FROM t");
    BackupFolder most = BackupFolder.open(backups().resolve("most"), Optional.empty());
    assertThat(most.backup().homes()).hasSize(3);
    assertThat(most.backup().ownBytes()).isLessThan(most.backup().bytes() / 4);
    assertThat(most.problems(_ -> {})).isEmpty();
    run("DROP TABLE t");
    // All three move together, or the base is said anew.
    Path elsewhere = Files.createDirectory(backups().resolve("elsewhere"));
    for (String name : List.of("full", "more", "most")) {
      Files.move(backups().resolve(name), elsewhere.resolve(name));
    }
    run("RESTORE TABLE t FROM File('elsewhere/most')");
    assertThat(run("SELECT count(*), sum(k) FROM t")).isEqualTo(rows);
    run("RENAME TABLE t TO u");
    Files.move(elsewhere.resolve("most"), backups().resolve("most"));
    refused("RESTORE TABLE t FROM File('most')", ErrorCode.WRONG_BASE_BACKUP)
        .hasMessageContaining("base_backup");
    run("RESTORE TABLE t FROM File('most') SETTINGS base_backup = File('elsewhere/more')");
    assertThat(run("SELECT count(*), sum(k) FROM t")).isEqualTo(rows);
  }

  private Path backups() {
    return directory.resolve("backups");
  }

  @Randomized(times = 12)
  void aDamagedFileIsNamedAndNothingComesBack(RandomGenerator random) throws IOException {
    String name = "b" + random.nextInt(1_000_000_000);
    run("CREATE OR REPLACE TABLE t (k UInt64, s String) ORDER BY k");
    run("INSERT INTO t SELECT number, toString(number) FROM numbers(3000)");
    run("DELETE FROM t WHERE k % 7 = 1");
    run("BACKUP ALL TO File('" + name + "')");
    run("DROP TABLE t");
    List<Path> files;
    try (Stream<Path> all = Files.walk(backups().resolve(name))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    byte[] bytes = Files.readAllBytes(file);
    boolean isCut = random.nextInt(4) == 0;
    byte[] damaged = isCut ? Arrays.copyOf(bytes, bytes.length - 1) : bytes.clone();
    if (!isCut) {
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    }
    Files.write(file, damaged);
    refused("RESTORE ALL FROM File('" + name + "')", ErrorCode.BACKUP_DAMAGED)
        .hasMessageContaining(file.getFileName().toString());
    assertThat(run("SHOW TABLES")).isEmpty();
    Files.write(file, bytes);
    run("RESTORE ALL FROM File('" + name + "')");
    assertThat(run("SELECT count(*) FROM t")).isEqualTo(List.of("2571"));
  }

  @Test
  void aBackupOfAllHoldsUsersAndFunctions() {
    fillShop();
    run("CREATE FUNCTION twice AS x -> x * 2");
    run("CREATE ROLE reader");
    run("GRANT SELECT ON shop.* TO reader");
    run("CREATE ROW POLICY few ON shop.sales USING k < 500 TO reader");
    run("CREATE USER chief IDENTIFIED BY 'the first may do everything'");
    run("CREATE USER ann IDENTIFIED BY 'secret' SETTINGS max_threads = 1");
    run("GRANT reader TO ann");
    run("BACKUP ALL EXCEPT DATABASE shop TO File('users')");
    run("BACKUP ALL TO File('all')");
    close();
    engine = new EngineFixture(directory.resolve("other"));
    engine.sql.plugBackups(UserFiles.inside(backups()));
    session = engine.session();
    run("CREATE FUNCTION twice AS x -> x + x");
    refused("RESTORE ALL FROM File('all')", ErrorCode.FUNCTION_ALREADY_EXISTS);
    run("DROP FUNCTION twice");
    run("CREATE DATABASE shop");
    run("CREATE TABLE shop.large (k UInt64) ORDER BY k");
    refused("RESTORE ALL FROM File('all')", ErrorCode.TABLE_ALREADY_EXISTS);
    refused("SELECT twice(21)", ErrorCode.UNKNOWN_FUNCTION);
    assertThat(engine.sql.access().hasUsers()).isFalse();
    run("DROP TABLE shop.large");
    run("RESTORE ALL FROM File('all')");
    assertThat(run("SELECT twice(21)")).isEqualTo(List.of("42"));
    engine.sql.access().authenticate("ann", "secret", false);
    try (Session ann = engine.sql.openFor("ann", "shop")) {
      assertThat(lines(ann, "SELECT count(*) FROM sales")).isEqualTo(List.of("400"));
      assertThatThrownBy(() -> lines(ann, "BACKUP TABLE sales TO File('hers')"))
          .hasMessageContaining("SYSTEM");
    }
    run("RESTORE ALL FROM File('users')");
    run("ALTER USER ann IDENTIFIED BY 'another'");
    refused("RESTORE ALL FROM File('users')", ErrorCode.ACCESS_ENTITY_ALREADY_EXISTS);
  }

  @Test
  void backupsStayInTheirFolder() {
    run("CREATE TABLE t (k UInt64) ORDER BY k");
    for (String name : List.of("../out", "/tmp/out", "a/../../out", "")) {
      assertThatThrownBy(() -> run("BACKUP TABLE t TO File('" + name + "')"))
          .as(name)
          .isInstanceOf(VarveException.class);
    }
    engine.sql.plugBackups(UserFiles.ANYWHERE);
    Path data = directory.resolve("data");
    refused("BACKUP TABLE t TO File('" + data + "/parts/b')", ErrorCode.PATH_ACCESS_DENIED);
    refused("BACKUP TABLE t TO Disk('backups', '../b')", ErrorCode.PATH_ACCESS_DENIED);
    run("BACKUP TABLE t TO Disk('backups', 'deep/b')");
    assertThat(data.resolve("backups/deep/b/backup")).exists();
    run("SET readonly = 2");
    refused("BACKUP TABLE t TO Disk('backups', 'c')", ErrorCode.READONLY);
    refused("RESTORE TABLE t AS u FROM Disk('backups', 'deep/b')", ErrorCode.READONLY);
  }

  @Test
  void theLatestBackupsAreARowEach() {
    run("CREATE TABLE t (k UInt64) ORDER BY k");
    run("INSERT INTO t VALUES (1)");
    run("BACKUP TABLE t TO File('a')");
    refused("RESTORE TABLE t FROM File('a')", ErrorCode.TABLE_ALREADY_EXISTS);
    run("RESTORE TABLE t AS u FROM File('a')");
    assertThat(
            run(
                "SELECT status, error != '', num_files > 0, bytes_done > 0, end_time >= start_time"
                    + " FROM system.backups"))
        .containsExactly(
            "BACKUP_CREATED\tfalse\ttrue\ttrue\ttrue",
            "RESTORE_FAILED\ttrue\ttrue\tfalse\ttrue",
            "RESTORED\tfalse\ttrue\ttrue\ttrue");
  }

  @Test
  void statementsThatMakeNoSenseSayWhy() {
    refused("BACKUP TABLE t AS u TO File('a')", ErrorCode.NOT_IMPLEMENTED);
    refused("BACKUP TABLE t TO S3('a')", ErrorCode.SYNTAX_ERROR);
    refused("BACKUP TABLE t TO Disk('s3', 'a')", ErrorCode.BAD_ARGUMENTS);
    refused("BACKUP ALL TO File('a') SETTINGS base_backups = File('b')", ErrorCode.UNKNOWN_SETTING)
        .hasMessageContaining("base_backup");
    refused("BACKUP TABLE absent TO File('a')", ErrorCode.UNKNOWN_TABLE);
    refused("BACKUP DATABASE system TO File('a')", ErrorCode.BAD_ARGUMENTS);
    refused("BACKUP ALL TO File('a') ASYNC", ErrorCode.NOT_IMPLEMENTED);
  }

  /// Each INSERT brings a row to the table and to its view's; a backup that saw one without the
  /// other, or lacked what was acknowledged before it began, would tell.
  @Test
  void aBackupIsOfOneMomentWhileRowsCome() throws Exception {
    run("CREATE TABLE t (k UInt64) ORDER BY k");
    run(
        "CREATE MATERIALIZED VIEW v ENGINE = SummingMergeTree ORDER BY one"
            + " AS SELECT 1 AS one, count(*) AS n FROM t GROUP BY one");
    AtomicLong acknowledged = new AtomicLong();
    AtomicBoolean isOver = new AtomicBoolean();
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try (Session own = engine.session()) {
                while (!isOver.get()) {
                  lines(own, "INSERT INTO t VALUES (" + acknowledged.get() + ")");
                  acknowledged.incrementAndGet();
                }
              }
            });
    try {
      for (int i = 0; i < 8; i++) {
        long before = acknowledged.get();
        run("BACKUP ALL TO File('b" + i + "')");
        run("RESTORE DATABASE default AS d" + i + " FROM File('b" + i + "')");
        long rows = Long.parseLong(run("SELECT count(*) FROM d" + i + ".t").getFirst());
        assertThat(run("SELECT sum(n) FROM d" + i + ".v")).isEqualTo(List.of("" + rows));
        assertThat(rows).isGreaterThanOrEqualTo(before);
      }
    } finally {
      isOver.set(true);
      writer.join();
    }
  }

  /// Whatever operation of the file system is the last before a crash, the backup is there whole or
  /// not at all, and the next one of its name goes well.
  @Randomized(times = 25)
  void aCrashLeavesNoHalfBackup(RandomGenerator random) {
    FaultyDisk disk = new FaultyDisk();
    Path data = disk.root().resolve("data");
    FaultyDisk.Fault[] faults = FaultyDisk.Fault.values();
    inEngine(
        data,
        own -> {
          lines(own, "CREATE TABLE t (k UInt64, s String) ORDER BY k");
          lines(own, "INSERT INTO t SELECT number, 'x' FROM numbers(100)");
          lines(own, "DELETE FROM t WHERE k = 5");
          long last = disk.operations() + random.nextInt(60);
          disk.failOperation(last, faults[random.nextInt(faults.length)]);
          try {
            lines(own, "BACKUP ALL TO Disk('backups', 'b')");
          } catch (RuntimeException failed) {
            assertThat(disk.hasFailed()).as("%s", failed).isTrue();
          }
          if (random.nextBoolean()) {
            disk.powerCut(random);
          } else {
            disk.killProcess();
          }
        });
    inEngine(
        data,
        own -> {
          if (!Files.exists(data.resolve("backups").resolve("b"))) {
            lines(own, "BACKUP ALL TO Disk('backups', 'b')");
          }
          lines(own, "RESTORE TABLE t AS u FROM Disk('backups', 'b')");
          assertThat(lines(own, "SELECT count(*) FROM u")).isEqualTo(List.of("99"));
        });
  }

  private static void inEngine(Path data, Consumer<Session> work) {
    BufferAllocator allocator = new RootAllocator();
    MergeSettings settings = MergeSettings.defaults().withMergeThreads(0);
    MergeEngine tables = MergeEngine.open(data, settings, allocator);
    SqlEngine sql = new SqlEngine(tables, allocator, 1, List.of());
    Session own = sql.open("tester", "");
    work.accept(own);
    try (allocator;
        tables;
        sql;
        own) {
      assertThat(data).isNotNull();
    } catch (VarveException diskIsGone) {
      assertThat(diskIsGone).hasMessageContaining("data");
    }
  }
}
