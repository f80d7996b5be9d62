// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.table.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of pairs: written once found out, read after a restart, never believed when damaged, gone
/// with either part.
class StoredPairsTest {
  private static final int ROWS = 60_000;

  @TempDir Path data;

  private MergeEngine engine;
  private BufferAllocator allocator;

  private void open() {
    allocator = new RootAllocator();
    engine = MergeEngine.open(data, MergeSettings.defaults().withMergeThreads(0), allocator);
  }

  private void close() {
    engine.close();
    allocator.close();
  }

  private MergeTable table() {
    return engine.table(new TableName("default", "t")).orElseThrow();
  }

  private void insert(int from, int step, String value) {
    String[] rows = new String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = (from + i * step) + " 1 " + value;
    }
    TableRows.insert(table(), allocator, rows);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> entries = Files.list(data.resolve("parts"))) {
      return new ArrayList<>(
          entries.filter(p -> p.getFileName().toString().contains(".pair-")).sorted().toList());
    }
  }

  @Test
  void nothingIsFoundAheadOfAWholeMergeUnlessSomebodyReads() throws IOException {
    open();
    engine.create(
        TableRows.table("t", "k Int64, sign Int8, v Int64", "ReplacingMergeTree", "k", ""));
    insert(0, 1, "1");
    insert(10, 3, "2");
    try (TableReads.Pause _ = table().reads().pause()) {
      table().reads().resolveAndStore();
      assertThat(table().comparedPairs()).isZero();
      assertThat(files()).isEmpty();
      TableRows.rows(table(), allocator);
      table().reads().resolveAndStore();
      assertThat(files()).hasSize(1);
    }
    close();
  }

  @Test
  void afterAWholeMergeRowsAreFoundAheadAgain() throws IOException {
    open();
    engine.create(
        TableRows.table("t", "k Int64, sign Int8, v Int64", "ReplacingMergeTree", "k", ""));
    insert(0, 1, "1");
    table().optimize(Optional.empty(), true);
    insert(10, 3, "2");
    table().reads().resolveAndStore();
    assertThat(files()).hasSize(1);
    close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReplacingMergeTree",
        "CollapsingMergeTree(sign)",
        "SummingMergeTree(v)",
      })
  void aRestartReadsWhatWasFoundOut(String rule) throws IOException {
    open();
    engine.create(TableRows.table("t", "k Int64, sign Int8, v Int64", rule, "k", ""));
    insert(0, 1, "1");
    insert(10, 3, "2");
    List<String> before = TableRows.rows(table(), allocator);
    table().reads().resolveAndStore();
    assertThat(files()).hasSize(1);
    close();
    open();
    assertThat(TableRows.rows(table(), allocator)).isEqualTo(before);
    assertThat(table().comparedPairs()).isZero();
    table().optimize(Optional.empty(), true);
    assertThat(TableRows.rows(table(), allocator)).isEqualTo(before);
    assertThat(files()).isEmpty();
    close();
  }

  @Test
  void aDamagedOrMissingFileIsFoundOutAgain() throws IOException {
    open();
    engine.create(
        TableRows.table("t", "k Int64, sign Int8, v Int64", "ReplacingMergeTree", "k", ""));
    insert(0, 1, "1");
    insert(10, 3, "2");
    List<String> before = TableRows.rows(table(), allocator);
    table().reads().resolveAndStore();
    close();
    Path file = files().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    for (int at : new int[] {0, 9, 20, 33, 40, bytes.length / 2, bytes.length - 1}) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 4;
      Files.write(file, damaged);
      open();
      assertThat(TableRows.rows(table(), allocator)).as("byte %d", at).isEqualTo(before);
      assertThat(table().comparedPairs()).as("byte %d", at).isOne();
      close();
    }
    Files.delete(file);
    open();
    assertThat(TableRows.rows(table(), allocator)).isEqualTo(before);
    close();
  }

  @Test
  void aFileOfAPartThatIsGoneIsClearedAway() throws IOException {
    open();
    engine.create(
        TableRows.table("t", "k Int64, sign Int8, v Int64", "ReplacingMergeTree", "k", ""));
    insert(0, 1, "1");
    close();
    Files.write(data.resolve("parts").resolve("part-1.pair-0"), new byte[] {1});
    open();
    assertThat(files()).isEmpty();
    close();
  }
}
