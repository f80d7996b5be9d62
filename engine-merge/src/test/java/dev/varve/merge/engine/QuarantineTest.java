// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.table.TableName;
import dev.varve.test.FaultyDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Damaged parts: found by whoever reads them, kept apart for good, and never a wrong row.
class QuarantineTest {
  private static final MergeSettings SETTINGS =
      new MergeSettings(0, 1L << 40, 4, 1 << 20, 1 << 20, 1L << 40, 300, 3000);

  private final FaultyDisk disk = new FaultyDisk();
  private final Path data = disk.root().resolve("data");
  private BufferAllocator allocator;
  private MergeEngine engine;

  @BeforeEach
  void open() {
    allocator = new RootAllocator();
    engine = MergeEngine.open(data, SETTINGS, allocator);
  }

  @AfterEach
  void close() {
    engine.close();
    allocator.close();
  }

  private void reopen() {
    close();
    open();
  }

  private void create(String engineName, String partitionBy) {
    engine.create(TableRows.table("t", "k Int64, v Int64, p Int64", engineName, "k", partitionBy));
  }

  private MergeTable table() {
    return engine.table(new TableName("default", "t")).orElseThrow();
  }

  private void insert(String... rows) {
    TableRows.insert(table(), allocator, rows);
  }

  private List<String> rows() {
    return TableRows.rows(table(), allocator);
  }

  /// Rows of the parts that a reader wants, as a query reads that prunes the others.
  private List<String> rows(String partition) {
    List<String> rows = new ArrayList<>();
    try (TableView view = table().view(true)) {
      for (VisiblePart visible : view.parts()) {
        if (visible.part().info().partition().equals(partition)) {
          TableRows.read(table(), visible, allocator, rows);
        }
      }
    }
    rows.sort(null);
    return rows;
  }

  private List<String> rowsWithoutQuarantined() {
    List<String> rows = new ArrayList<>();
    try (TableView view = table().view(true, true)) {
      for (VisiblePart visible : view.parts()) {
        TableRows.read(table(), visible, allocator, rows);
      }
    }
    rows.sort(null);
    return rows;
  }

  private PartInfo newestPart() {
    return table().parts().stream()
        .map(Part::info)
        .max(Comparator.comparingLong(PartInfo::id))
        .orElseThrow();
  }

  private Path file(PartInfo part, String name) {
    return data.resolve("parts").resolve(part.name()).resolve(name);
  }

  /// Turns over a bit of the first block, which holds the key.
  private PartInfo damageNewest() throws IOException {
    PartInfo part = newestPart();
    disk.flipBit(file(part, "data.bin"), 8 * 30);
    return part;
  }

  private void assertRefused(Runnable call, ErrorCode code, String... words) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            VarveException.class,
            error -> {
              assertThat(error.code()).isEqualTo(code);
              assertThat(List.of(words))
                  .allSatisfy(word -> assertThat(error.getMessage()).contains(word));
            });
  }

  @Test
  void aReaderThatMeetsDamageIsToldFileByteAndRemedyAndThePartIsSetAside() throws IOException {
    create("MergeTree", "p");
    insert("1 10 0");
    insert("2 20 1");
    PartInfo damaged = damageNewest();
    assertRefused(
        this::rows,
        ErrorCode.CHECKSUM_DOESNT_MATCH,
        "table default.t",
        PartName.of(damaged) + " (partition 1, 1 rows) is in quarantine",
        "data.bin is corrupt at byte 24",
        "SYSTEM RESTORE QUARANTINED PART '" + PartName.of(damaged) + "' ON default.t",
        "SYSTEM DROP QUARANTINED PART",
        "skip_quarantined_parts");
    for (int life = 0; life < 2; life++) {
      assertThat(table().quarantined())
          .singleElement()
          .satisfies(q -> {
            assertThat(q.part().id()).isEqualTo(damaged.id());
            assertThat(q.kept()).isTrue();
            assertThat(q.why().reason()).contains("expected checksum");
          });
      assertRefused(this::rows, ErrorCode.CORRUPTED_DATA, damaged.name(), "byte 24");
      assertThat(rows("0")).as("who does not need it").containsExactly("1 10 0");
      assertThat(rowsWithoutQuarantined()).containsExactly("1 10 0");
      reopen();
    }
    insert("3 30 0");
    assertThat(rows("0")).containsExactly("1 10 0", "3 30 0");
  }

  @Test
  void anOlderRowNeverStandsInForOneInADamagedPart() throws IOException {
    create("ReplacingMergeTree", "");
    insert("1 10 0", "2 20 0");
    insert("8 80 0");
    insert("1 11 0", "3 31 0");
    damageNewest();
    assertRefused(this::rows, ErrorCode.CHECKSUM_DOESNT_MATCH, "quarantine");
    try (TableView view = table().view(true)) {
      assertThat(view.isReadable()).isFalse();
      List<String> readable = new ArrayList<>();
      int refused = 0;
      for (VisiblePart visible : view.parts()) {
        try {
          TableRows.read(table(), visible, allocator, readable);
        } catch (VarveException inQuarantine) {
          assertThat(inQuarantine.code()).isEqualTo(ErrorCode.CORRUPTED_DATA);
          refused++;
        }
      }
      assertThat(readable).as("keys the damaged part cannot hold").containsExactly("8 80 0");
      assertThat(refused).isEqualTo(2);
    }
    assertThat(rowsWithoutQuarantined()).containsExactly("1 10 0", "2 20 0", "8 80 0");
  }

  @Test
  void mergesGoAroundADamagedPart() throws IOException {
    create("ReplacingMergeTree", "");
    insert("1 10 0");
    insert("1 11 0");
    insert("2 20 0");
    PartInfo damaged = damageNewest();
    assertRefused(
        () -> table().optimize(Optional.empty(), true),
        ErrorCode.CHECKSUM_DOESNT_MATCH,
        damaged.name());
    assertThat(table().quarantined()).hasSize(1);
    table().optimize(Optional.empty(), true);
    assertThat(rowsWithoutQuarantined()).containsExactly("1 11 0");
    assertThat(table().parts()).hasSize(2);
    assertRefused(this::rows, ErrorCode.CORRUPTED_DATA, damaged.name());
  }

  @Test
  void aRepairedPartComesBackWithItsRows() throws IOException {
    create("ReplacingMergeTree", "");
    insert("1 10 0");
    insert("1 11 0");
    PartInfo damaged = damageNewest();
    assertThatThrownBy(this::rows).isInstanceOf(VarveException.class);
    assertRefused(
        () -> table().restoreQuarantined(damaged.name()),
        ErrorCode.CORRUPTED_DATA,
        "still damaged",
        "data.bin");
    assertThat(table().quarantined()).hasSize(1);
    damageNewest(); // the same bit once more
    table().restoreQuarantined(damaged.name());
    assertThat(rows()).containsExactly("1 11 0");
    assertThat(table().quarantined()).isEmpty();
    reopen();
    assertThat(rows()).containsExactly("1 11 0");
    assertThat(file(damaged, "data.bin")).exists();
  }

  @Test
  void rowsOfADamagedPartCanBeGivenUp() throws IOException {
    create("ReplacingMergeTree", "");
    insert("1 10 0");
    insert("1 11 0");
    PartInfo damaged = damageNewest();
    assertThatThrownBy(this::rows).isInstanceOf(VarveException.class);
    assertRefused(
        () -> table().dropQuarantined("part-99"), ErrorCode.BAD_ARGUMENTS, "part-99", "default.t");
    table().dropQuarantined(PartName.of(damaged));
    assertThat(rows()).containsExactly("1 10 0");
    assertThat(file(damaged, "data.bin")).doesNotExist();
    reopen();
    assertThat(rows()).containsExactly("1 10 0");
    assertThat(table().quarantined()).isEmpty();
  }

  @Test
  void anErrorOfTheSystemIsNoDamage() {
    create("MergeTree", "");
    insert("1 10 0");
    reopen();
    disk.failReads(true);
    assertRefused(this::rows, ErrorCode.IO_ERROR, "Input/output error");
    disk.failReads(false);
    assertThat(table().quarantined()).isEmpty();
    assertThat(rows()).containsExactly("1 10 0");
  }

  @Test
  void aPartWhoseMetadataIsTruncatedKeepsItsTableExact() throws IOException {
    create("ReplacingMergeTree", "");
    insert("1 10 0");
    insert("1 11 0");
    PartInfo damaged = newestPart();
    engine.close();
    byte[] sound = Files.readAllBytes(file(damaged, "part.meta"));
    truncate(file(damaged, "part.meta"));
    engine = MergeEngine.open(data, SETTINGS, allocator);
    assertThat(table().quarantined()).singleElement().matches(q -> q.lost() && q.kept());
    assertRefused(this::rows, ErrorCode.CORRUPTED_DATA, damaged.name(), "part.meta");
    table().optimize(Optional.empty(), true);
    assertRefused(this::rows, ErrorCode.CORRUPTED_DATA, damaged.name(), "part.meta");
    Files.write(file(damaged, "part.meta"), sound);
    table().restoreQuarantined(damaged.name());
    assertThat(rows()).containsExactly("1 11 0");
  }

  private static void truncate(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
  }

  @Test
  void aFullDiskDoesNotHideTheDamage() throws IOException {
    create("MergeTree", "");
    insert("1 10 0");
    PartInfo damaged = damageNewest();
    disk.fillAt(disk.usedBytes());
    assertRefused(this::rows, ErrorCode.CHECKSUM_DOESNT_MATCH, damaged.name(), "quarantine");
    assertThat(table().quarantined()).singleElement().matches(q -> !q.kept());
    disk.fillAt(Long.MAX_VALUE);
    reopen();
    assertRefused(this::rows, ErrorCode.CHECKSUM_DOESNT_MATCH, damaged.name());
    assertThat(table().quarantined()).singleElement().matches(QuarantinedPart::kept);
  }
}
