// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.read.TableView;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartName;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Scratch;
import dev.varve.test.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MergeEngineTest {
  private static final MergeSettings QUIET =
      MergeSettings.defaults().withMergeThreads(0).withTail(1 << 20, 1L << 40);

  private final BufferAllocator allocator = new RootAllocator();
  private final FaultyDisk disk = new FaultyDisk();
  private final Path data = disk.root().resolve("data");
  private MergeEngine engine;

  @BeforeEach
  void open() {
    engine = MergeEngine.open(data, QUIET, allocator);
  }

  @AfterEach
  void close() {
    engine.close();
    allocator.close();
  }

  private void reopen() {
    engine.close();
    open();
  }

  private MergeTable create(String engineCall, String partitionBy) {
    return engine.create(TableRows.table("t", "k Int64, v Int64", engineCall, "k", partitionBy));
  }

  private MergeTable table() {
    return engine.table(new TableName("default", "t")).orElseThrow();
  }

  private void insert(String... rows) {
    TableRows.insert(table(), allocator, rows);
  }

  private void apply(long from, String... rows) {
    TableRows.apply(table(), allocator, from, rows);
  }

  private List<String> rows() {
    return TableRows.rows(table(), allocator);
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VarveException.class,
            error -> {
              assertThat(error.code()).isEqualTo(code);
              assertThat(List.of(words))
                  .allSatisfy(w -> assertThat(error.getMessage()).contains(w));
            });
  }

  private List<String> partDirectories() throws IOException {
    try (Stream<Path> parts = Files.list(data.resolve("parts"))) {
      return parts.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void insertedRowsAreThereSortedAndAfterReopening() {
    create("MergeTree", "");
    insert("3 30", "1 10", "2 20", "1 11");
    assertThat(rows()).containsExactly("1 10", "1 11", "2 20", "3 30");
    reopen();
    assertThat(rows()).containsExactly("1 10", "1 11", "2 20", "3 30");
    assertThat(table().parts()).singleElement().extracting(p -> p.info().rows()).isEqualTo(4L);
  }

  @Test
  void anInsertIsVisibleOnlyWhenItIsCommittedAndWithdrawnWithoutATrace() throws IOException {
    create("MergeTree", "");
    try (Scratch scratch = new Scratch(allocator);
        TableInsert insert = table().insert()) {
      insert.write(TableRows.batch(table(), scratch, "1 1"));
      assertThat(rows()).isEmpty();
    }
    assertThat(rows()).isEmpty();
    assertThat(partDirectories()).isEmpty();
  }

  @Test
  void anInsertOfManyBlocksIsOneCommit() {
    engine.close();
    MergeSettings smallBlocks =
        new MergeSettings(0, 1L << 40, 16, 1000, 1 << 20, 1L << 40, 300, 3000);
    engine = MergeEngine.open(data, smallBlocks, allocator);
    create("MergeTree", "");
    try (Scratch scratch = new Scratch(allocator);
        TableInsert insert = table().insert()) {
      for (int b = 0; b < 50; b++) {
        String[] block = new String[100];
        for (int i = 0; i < block.length; i++) {
          block[i] = (b * 37 + i) % 200 + " " + b;
        }
        insert.write(TableRows.batch(table(), scratch, block));
        assertThat(rows()).isEmpty();
      }
      assertThat(insert.commit()).isEqualTo(5000);
    }
    assertThat(rows()).hasSize(5000);
    assertThat(table().parts()).hasSize(5);
  }

  @Test
  void rowsAreSplitByPartition() {
    create("MergeTree", "v");
    insert("1 7", "2 8", "3 7");
    assertThat(table().parts())
        .extracting(part -> part.info().partition() + " " + part.info().rows())
        .containsExactlyInAnyOrder("7 2", "8 1");
    assertThat(rows()).containsExactly("1 7", "2 8", "3 7");
  }

  @Test
  void ofTheRowsOfAKeyTheLastInsertedCountsBeforeAndAfterMerging() {
    create("ReplacingMergeTree", "");
    insert("1 1", "2 1", "1 2");
    insert("2 2", "3 2");
    assertThat(rows()).containsExactly("1 2", "2 2", "3 2");
    table().optimize(Optional.empty(), true);
    assertThat(table().parts()).hasSize(1);
    assertThat(rows()).containsExactly("1 2", "2 2", "3 2");
    reopen();
    assertThat(rows()).containsExactly("1 2", "2 2", "3 2");
  }

  @Test
  void mergedPartsAreDeletedWhenTheLastViewIsClosed() throws IOException {
    create("MergeTree", "");
    insert("1 1");
    insert("2 2");
    try (TableView view = table().view(true)) {
      table().optimize(Optional.empty(), true);
      assertThat(partDirectories()).hasSize(3);
      assertThat(view.parts()).hasSize(2);
    }
    assertThat(partDirectories()).hasSize(1);
    assertThat(rows()).containsExactly("1 1", "2 2");
  }

  @Test
  void rowsOfTheLogAreVisibleAtOnceAndCountOnceAfterReplay() {
    create("ReplacingMergeTree", "");
    apply(0, "1 1", "2 1");
    apply(2, "1 2");
    assertThat(rows()).containsExactly("1 2", "2 1");
    assertThat(table().appliedOffsets()).containsEntry(0, 3L);
    assertThat(table().durableOffsets()).isEmpty();
    apply(1, "2 1", "1 2", "3 3");
    assertThat(rows()).containsExactly("1 2", "2 1", "3 3");
    table().flush();
    assertThat(table().durableOffsets()).containsEntry(0, 4L);
    reopen();
    assertThat(table().durableOffsets()).containsEntry(0, 4L);
    apply(0, "1 1", "2 1", "1 2", "3 3");
    assertThat(rows()).containsExactly("1 2", "2 1", "3 3");
  }

  @Test
  void manySmallRunsAreFolded() {
    create("ReplacingMergeTree", "");
    for (int i = 0; i < 1000; i++) {
      apply(i, i % 100 + " " + i);
    }
    assertThat(table().parts()).hasSizeLessThan(40);
    assertThat(rows()).hasSize(100).contains("0 900", "99 999");
    table().flush();
    assertThat(table().parts()).hasSize(1);
    assertThat(rows()).hasSize(100).contains("0 900", "99 999");
  }

  @Test
  void logAndInsertsKeepTheOrderOfTheirAcknowledgementThroughACrash() {
    create("ReplacingMergeTree", "");
    apply(0, "1 1", "2 1");
    insert("1 2", "3 2");
    apply(2, "3 3");
    assertThat(rows()).containsExactly("1 2", "2 1", "3 3");
    crash();
    assertThat(rows()).containsExactly("1 2", "3 2");
    apply(0, "1 1", "2 1", "3 3");
    assertThat(rows()).containsExactly("1 2", "2 1", "3 3");
    table().optimize(Optional.empty(), true);
    assertThat(rows()).containsExactly("1 2", "2 1", "3 3");
  }

  /// The process dies; a new one opens the same directory.
  private void crash() {
    disk.killProcess();
    assertThatThrownBy(engine::close).isInstanceOf(VarveException.class);
    open();
  }

  @Test
  void truncateRemovesRowsOfPartsAndOfTheLogAndKeepsOffsets() {
    create("MergeTree", "");
    insert("1 1");
    apply(0, "2 2");
    table().truncate();
    assertThat(rows()).isEmpty();
    assertThat(table().durableOffsets()).containsEntry(0, 1L);
    apply(1, "3 3");
    assertThat(rows()).containsExactly("3 3");
  }

  @Test
  void aDroppedTableIsGoneWithItsFilesAndItsNameIsFree() throws IOException {
    MergeTable first = create("MergeTree", "");
    insert("1 1");
    engine.drop(new TableName("default", "t"));
    assertThat(partDirectories()).isEmpty();
    assertRefused(() -> first.view(true), ErrorCode.UNKNOWN_TABLE, "default.t", "dropped");
    assertRefused(first::insert, ErrorCode.UNKNOWN_TABLE);
    create("MergeTree", "");
    assertThat(rows()).isEmpty();
    reopen();
    assertThat(rows()).isEmpty();
  }

  @Test
  void databasesHoldTablesAndAreDroppedWithThem() {
    assertThat(engine.databases()).containsExactly("default");
    engine.createDatabase("shop");
    TableDefinition plain = TableRows.table("t", "k Int64", "MergeTree", "k", "");
    TableDefinition inShop =
        new TableDefinition(
            new TableName("shop", "t"),
            plain.columns(),
            plain.engine(),
            plain.engineArguments(),
            plain.orderBy(),
            plain.primaryKey(),
            plain.partitionBy(),
            plain.settings(),
            "",
            "",
            1);
    engine.create(inShop);
    reopen();
    assertThat(engine.databases()).containsExactly("default", "shop");
    assertThat(engine.tables()).extracting(t -> t.definition()).containsExactly(inShop);
    engine.dropDatabase("shop");
    assertThat(engine.tables()).isEmpty();
    assertRefused(() -> engine.create(inShop), ErrorCode.UNKNOWN_DATABASE, "shop");
    assertRefused(() -> engine.dropDatabase("default"), ErrorCode.BAD_ARGUMENTS, "always");
    assertRefused(() -> engine.createDatabase("system"), ErrorCode.BAD_ARGUMENTS, "reserved");
    assertRefused(() -> engine.createDatabase("default"), ErrorCode.DATABASE_ALREADY_EXISTS);
  }

  @Test
  void definitionsThatMakeNoSenseAreRefusedWithAWayOut() {
    assertRefused(
        () -> engine.create(TableRows.table("t", "price Int64", "MergeTree", "prize", "")),
        ErrorCode.UNKNOWN_IDENTIFIER,
        "prize",
        "did you mean \"price\"?");
    assertRefused(
        () -> engine.create(TableRows.table("t", "k Int64", "ReplacedMergeTree", "k", "")),
        ErrorCode.UNKNOWN_STORAGE,
        "ReplacingMergeTree");
    assertRefused(
        () -> engine.create(TableRows.table("t", "k Int64, k Int8", "MergeTree", "k", "")),
        ErrorCode.DUPLICATE_COLUMN,
        "\"k\"");
    assertRefused(
        () -> engine.create(TableRows.table("t", "k Array(Int8)", "MergeTree", "k", "")),
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        "Array(Int8)");
    assertRefused(
        () -> engine.create(TableRows.table("t", "_seq Int64", "MergeTree", "", "")),
        ErrorCode.BAD_ARGUMENTS,
        "_seq");
    create("MergeTree", "");
    assertRefused(() -> create("MergeTree", ""), ErrorCode.TABLE_ALREADY_EXISTS, "default.t");
    assertRefused(
        () -> engine.drop(new TableName("default", "tt")),
        ErrorCode.UNKNOWN_TABLE,
        "did you mean \"t\"?");
  }

  @Test
  void aFullDiskRefusesAnInsertAndTheEngineGoesOn() {
    create("MergeTree", "");
    insert("1 1");
    disk.fillAt(disk.usedBytes() + 100);
    assertRefused(() -> insert("2 2"), ErrorCode.NOT_ENOUGH_SPACE);
    assertThat(rows()).containsExactly("1 1");
    disk.fillAt(Long.MAX_VALUE);
    insert("3 3");
    reopen();
    assertThat(rows()).containsExactly("1 1", "3 3");
  }

  @Test
  void aLostPartIsSetAsideAndEverythingElseGoesOn() throws IOException {
    create("MergeTree", "");
    insert("1 1");
    Part part = table().parts().getFirst();
    Path file = data.resolve("parts").resolve(part.info().name());
    engine.create(TableRows.table("other", "k Int64", "MergeTree", "k", ""));
    engine.close();
    try (Stream<Path> files = Files.list(file)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(file);
    open();
    assertThat(table().quarantined()).hasSize(1);
    assertRefused(this::rows, ErrorCode.CORRUPTED_DATA, PartName.of(part.info()), "missing");
    MergeTable other = engine.table(new TableName("default", "other")).orElseThrow();
    TableRows.insert(other, allocator, "5");
    assertThat(TableRows.rows(other, allocator)).containsExactly("5");
    table().truncate();
    assertThat(rows()).isEmpty();
  }

  @Test
  void orphanedPartsAreDeletedAtTheNextStart() throws IOException {
    create("MergeTree", "");
    Files.createDirectories(data.resolve("parts/part-999"));
    Files.createDirectories(data.resolve("parts/part-998.tmp"));
    reopen();
    assertThat(partDirectories()).isEmpty();
  }

  @Test
  void insertsWaitWhenPartsPileUpAndAreRefusedAtTheLimit() {
    engine.close();
    MergeSettings few = new MergeSettings(0, 1L << 40, 16, 1 << 20, 1 << 20, 1L << 40, 3, 5);
    engine = MergeEngine.open(data, few, allocator);
    create("MergeTree", "");
    for (int i = 0; i < 5; i++) {
      insert(i + " 0");
    }
    assertThat(table().delayedInserts()).isEqualTo(2);
    assertThat(table().delayCause()).contains("5 active parts");
    assertRefused(() -> insert("9 9"), ErrorCode.TOO_MANY_PARTS, "default.t", "5 active parts");
    table().optimize(Optional.empty(), true);
    insert("9 9");
    assertThat(rows()).hasSize(6);
  }

  @Test
  void aTypeThatDoesNotFitIsRefusedNamingTheColumn() {
    create("MergeTree", "");
    MergeTable texts =
        engine.create(TableRows.table("s", "k String, v Int64", "MergeTree", "k", ""));
    try (Scratch scratch = new Scratch(allocator);
        TableInsert insert = table().insert()) {
      assertRefused(
          () -> insert.write(TableRows.batch(texts, scratch, "a 1")),
          ErrorCode.TYPE_MISMATCH,
          "\"k\"",
          "Int64",
          "String");
    }
  }

  @Test
  void aMergeDropsNothingWhileAnOlderInsertIsStillUnderWay() {
    engine.close();
    MergeSettings blocksOfOne = new MergeSettings(0, 1L << 40, 16, 1, 1 << 20, 1L << 40, 300, 3000);
    engine = MergeEngine.open(data, blocksOfOne, allocator);
    engine.create(
        TableRows.table("t", "k Int64, s Int8, v Int64", "CollapsingMergeTree(s)", "k", ""));
    try (Scratch scratch = new Scratch(allocator);
        TableInsert older = table().insert()) {
      older.write(TableRows.batch(table(), scratch, "1 1 10"));
      insert("1 1 20");
      insert("1 -1 20");
      table().optimize(Optional.empty(), true);
      assertThat(rows()).isEmpty();
      older.commit();
    }
    // Plus, plus, minus leave the later plus row; without the last two it would be the first.
    assertThat(rows()).containsExactly("1 1 20");
  }
}
