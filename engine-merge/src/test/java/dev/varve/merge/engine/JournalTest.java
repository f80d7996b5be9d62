// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.test.FaultyDisk;
import dev.varve.test.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small INSERTs that the journal makes durable: into a table with a materialized view over it.
class JournalTest {
  private static final int INSERTS = 5;
  private static final MergeSettings QUIET =
      MergeSettings.defaults().withMergeThreads(0).withTail(1 << 20, 1L << 40);

  /// Hands rows on as they are.
  private static final class Same implements ViewCompiler {
    @Override
    public TableName source(TableDefinition view) {
      return new TableName("default", view.query());
    }

    @Override
    public void transform(Block block, MergeTable target, Consumer<Batch> sink) {
      for (Batch rows : block.rows()) {
        sink.accept(new Batch(rows.rows(), rows.columns().subList(0, 2)));
      }
    }
  }

  /// An engine on a disk that may fail, from one start to the next.
  private static final class Life {
    private final FaultyDisk disk = new FaultyDisk();
    private final Set<Integer> acknowledged = new TreeSet<>();
    private BufferAllocator allocator;
    private MergeEngine engine;

    void open() {
      allocator = new RootAllocator();
      engine = MergeEngine.open(directory(), QUIET, allocator);
      engine.plug(new Same());
    }

    Path directory() {
      return disk.root().resolve("data");
    }

    Life created() {
      open();
      engine.create(TableRows.table("a", "k Int64, v String", "ReplacingMergeTree", "k", "v"));
      engine.create(TableRows.table("b", "k Int64, v String", "MergeTree", "k", ""));
      TableDefinition view =
          TableRows.table("ab", "k Int64, v String", "MaterializedView", "", "")
              .change()
              .query("a")
              .settings(Map.of())
              .target(Optional.of(new TableName("default", "b")))
              .done();
      engine.createMaterializedView(view, Optional.empty(), () -> {});
      return this;
    }

    MergeTable table(String name) {
      return engine.table(new TableName("default", name)).orElseThrow();
    }

    List<String> rows(String table) {
      return TableRows.rows(table(table), allocator);
    }

    /// Inserts two rows into two partitions, unless they are known.
    void insert(int number) {
      MergeTable table = table("a");
      try (Scratch scratch = new Scratch(allocator);
          InsertClaim claim = table.claim("token " + number, () -> {});
          TableInsert insert = table.insert(true)) {
        if (!claim.isKnown()) {
          insert.write(TableRows.batch(table, scratch, number + " x", number + 100 + " y"));
          insert.commit(CommitNotes.token("token " + number));
        }
        acknowledged.add(number);
      }
    }

    void run() {
      try {
        for (int number = 0; number < INSERTS; number++) {
          insert(number);
          if (number == 1) {
            table("a").flush();
          }
          if (number == 3) {
            table("b").flush();
          }
        }
      } catch (VarveException e) {
        assertThat(disk.hasFailed()).as(e.toString()).isTrue();
      }
    }

    void close() {
      try {
        engine.close();
      } catch (VarveException e) {
        assertThat(disk.hasFailed()).as(e.toString()).isTrue();
      }
      allocator.close();
    }

    /// Ends as by `kill -9`.
    void crash() {
      disk.failOperation(disk.operations() + 1, Fault.GONE);
      close();
      disk.killProcess();
    }

    List<Path> files() {
      try (Stream<Path> files = Files.list(directory().resolve("journal"))) {
        return files.toList();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static List<String> expected(int inserts) {
    List<String> rows = new ArrayList<>();
    for (int number = 0; number < inserts; number++) {
      rows.add(number + " x");
      rows.add(number + 100 + " y");
    }
    rows.sort(null);
    return rows;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyStepLeavesWhatWasAcknowledgedOnce(boolean powerCut) {
    Life whole = new Life().created();
    long before = whole.disk.operations();
    whole.run();
    whole.close();
    long operations = whole.disk.operations() - before;
    assertThat(operations).isGreaterThan(20);
    for (long step = 1; step <= operations; step++) {
      Life life = new Life().created();
      life.disk.failOperation(life.disk.operations() + step, Fault.GONE);
      life.run();
      life.close();
      if (powerCut) {
        life.disk.powerCut(new Random(step));
      } else {
        life.disk.killProcess();
      }
      String when = "after operation " + step + (powerCut ? ", power cut" : ", kill");
      life.open();
      List<String> found = life.rows("a");
      assertThat(life.rows("b")).as(when).isEqualTo(found);
      assertThat(found).as(when).doesNotHaveDuplicates();
      for (int number = 0; number < INSERTS; number++) {
        boolean isThere = found.contains(number + " x");
        assertThat(found.contains(number + 100 + " y")).as(when).isEqualTo(isThere);
        if (life.acknowledged.contains(number)) {
          assertThat(isThere).as(when + ": INSERT " + number + " was acknowledged").isTrue();
        }
      }
      life.run();
      assertThat(life.rows("a")).as(when).isEqualTo(expected(INSERTS));
      assertThat(life.rows("b")).as(when).isEqualTo(expected(INSERTS));
      life.close();
    }
  }

  @Test
  void rowsAreVisibleAtOnceAndInNoPart() {
    Life life = new Life().created();
    life.insert(0);
    assertThat(life.rows("a")).isEqualTo(expected(1));
    assertThat(life.table("a").parts()).noneMatch(DiskPart.class::isInstance);
    life.table("a").flush();
    assertThat(life.rows("a")).isEqualTo(expected(1));
    assertThat(life.table("a").parts()).allMatch(DiskPart.class::isInstance);
    life.close();
  }

  @Test
  void filesGoOnceEverythingIsInParts() {
    Life life = new Life().created();
    life.run();
    assertThat(life.files()).hasSize(1);
    life.close();
    assertThat(life.files()).isEmpty();
    life.open();
    assertThat(life.rows("b")).isEqualTo(expected(INSERTS));
    life.close();
  }

  @Test
  void laterRowsOfAKeyWinAfterACrashToo() {
    Life life = new Life().created();
    MergeTable table = life.table("a");
    TableRows.insert(table, life.allocator, "1 part");
    TableRows.insert(table, life.allocator, true, "1 journal");
    TableRows.apply(table, life.allocator, 0, "2 log");
    TableRows.insert(table, life.allocator, true, "2 journal");
    TableRows.apply(table, life.allocator, 1, "3 log");
    life.crash();
    life.open();
    table = life.table("a");
    // What the log holds is replayed by the log, under the places it had.
    TableRows.apply(table, life.allocator, 0, "2 log");
    TableRows.apply(table, life.allocator, 1, "3 log");
    TableRows.insert(table, life.allocator, "3 part");
    assertThat(life.rows("a")).containsExactly("1 journal", "2 journal", "3 part");
    life.close();
  }

  @Test
  void theMarkOfAnotherJournalIsNotTakenOver() {
    CatalogTable remembered =
        new CatalogTable(
            1,
            TableRows.table("a", "k Int64", "MergeTree", "k", ""),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            0,
            Map.of(),
            List.of(),
            Map.of("journal", 1_000L, "topic", 7L));
    assertThat(JournaledRows.marksOfOthers(remembered)).containsExactly(Map.entry("topic", 7L));
    assertThat(JournaledRows.durable(remembered)).isEqualTo(1_000);
  }

  @Test
  void rowsOfADroppedTableAreForgotten() {
    Life life = new Life().created();
    life.insert(0);
    life.engine.drop(new TableName("default", "ab"));
    life.engine.drop(new TableName("default", "a"));
    life.crash();
    life.open();
    assertThat(life.rows("b")).isEqualTo(expected(1));
    life.close();
  }

  @Test
  void damageInFrontOfSoundEntriesIsToldAndNotReadOver() throws IOException {
    Life life = new Life().created();
    life.insert(0);
    life.insert(1);
    life.crash();
    Path file = life.files().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    bytes[60] ^= 1;
    Files.write(file, bytes);
    try (BufferAllocator allocator = new RootAllocator()) {
      assertThatThrownBy(() -> MergeEngine.open(life.directory(), QUIET, allocator))
          .isInstanceOf(VarveException.class)
          .hasMessageContaining("journal-00000000000000000000 is corrupt at byte 24")
          .extracting(e -> ((VarveException) e).code())
          .isEqualTo(ErrorCode.CORRUPTED_DATA);
    }
  }
}
