// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Parts that leave a table and come back, over restarts and power cuts.
class TableKeptTest {
  private static final MergeSettings SETTINGS =
      new MergeSettings(0, 1L << 40, 4, 1 << 20, 1 << 20, 1L << 40, 300, 3000);
  private static final List<String> ALL = List.of("1 5 0", "2 2 1", "3 3 0");

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

  private MergeTable table(String name) {
    return engine.table(new TableName("default", name)).orElseThrow();
  }

  private List<String> rows() {
    return TableRows.rows(table("t"), allocator);
  }

  private void fill() {
    engine.create(
        TableRows.table("t", "k Int64, v Int64, p Int64", "ReplacingMergeTree", "k", "p"));
    TableRows.insert(table("t"), allocator, "1 1 0", "2 2 1");
    TableRows.insert(table("t"), allocator, "1 5 0", "3 3 0");
    assertThat(rows()).isEqualTo(ALL);
  }

  @Test
  void detachedPartsStayDetachedOverARestartAndComeBackOverAnother() {
    fill();
    assertThat(table("t").kept().detach(part -> part.partition().equals("0"))).isEqualTo(2);
    assertThat(rows()).containsExactly("2 2 1");
    reopen();
    assertThat(rows()).containsExactly("2 2 1");
    assertThat(table("t").kept().detached()).hasSize(2);
    assertThat(table("t").kept().attach(_ -> true)).isEqualTo(2);
    assertThat(rows()).isEqualTo(ALL);
    reopen();
    assertThat(rows()).isEqualTo(ALL);
    assertThat(table("t").kept().detached()).isEmpty();
    TableRows.insert(table("t"), allocator, "1 6 0");
    assertThat(rows()).containsExactly("1 6 0", "2 2 1", "3 3 0");
  }

  @Test
  void deletedRowsStayDeleted() {
    fill();
    try (TableMutation mutation = table("t").mutate("delete")) {
      for (int p = 0; p < mutation.view().parts().size(); p++) {
        if (mutation.view().parts().get(p).part().info().partition().equals("1")) {
          mutation.delete(p, 0);
        }
      }
      mutation.commit();
    }
    assertThat(rows()).containsExactly("1 5 0", "3 3 0");
    TableRows.insert(table("t"), allocator, "4 4 1");
    table("t").kept().detach(_ -> true);
    reopen();
    table("t").kept().attach(_ -> true);
    assertThat(rows()).containsExactly("1 5 0", "3 3 0", "4 4 1");
  }

  @Randomized(times = 30)
  void aPowerCutLeavesAPartActiveOrDetachedAndNeverBoth(RandomGenerator random) {
    fill();
    boolean isBack = random.nextBoolean();
    if (isBack) {
      table("t").kept().detach(_ -> true);
    }
    disk.failAfterWrites(random.nextInt(60));
    try {
      if (isBack) {
        table("t").kept().attach(_ -> true);
      } else {
        table("t").kept().detach(_ -> true);
      }
    } catch (RuntimeException failed) {
      assertThat(failed).isInstanceOf(VarveException.class);
    }
    disk.powerCut(random);
    reopen();
    int detached = table("t").kept().detached().size();
    assertThat(rows()).isEqualTo(detached == 0 ? ALL : List.of());
    table("t").kept().attach(_ -> true);
    assertThat(rows()).isEqualTo(ALL);
  }

  @Test
  void movesAreSeenInBothTablesAfterARestart() {
    fill();
    engine.create(
        TableRows.table("u", "k Int64, v Int64, p Int64", "ReplacingMergeTree", "k", "p"));
    TableRows.insert(table("u"), allocator, "1 9 0", "7 7 0");
    table("t").kept().moveTo(table("u"), part -> part.partition().equals("0"));
    reopen();
    assertThat(rows()).containsExactly("2 2 1");
    assertThat(TableRows.rows(table("u"), allocator)).containsExactly("1 5 0", "3 3 0", "7 7 0");
  }

  @Test
  void tablesOfOtherColumnsKeepTheirParts() {
    fill();
    engine.create(TableRows.table("u", "k Int64, v Int64", "ReplacingMergeTree", "k", ""));
    assertThatThrownBy(() -> table("t").kept().moveTo(table("u"), _ -> true))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("do not fit");
    assertThat(rows()).isEqualTo(ALL);
  }

  @Test
  void frozenPartsOutliveTheTableAndDetachedOnesDoNot() {
    fill();
    table("t").kept().freeze("my copy", _ -> true);
    Path frozen = data.resolve("shadow/my+copy").resolve(String.valueOf(table("t").id()));
    Path detached = data.resolve("detached").resolve(String.valueOf(table("t").id()));
    table("t").kept().detach(_ -> true);
    assertThat(detached).exists();
    assertThat(table("t").kept().detached()).hasSize(4 - 1);
    engine.drop(new TableName("default", "t"));
    assertThat(detached).doesNotExist();
    assertThat(frozen).exists();
    reopen();
    assertThat(Files.isDirectory(frozen)).isTrue();
  }

  @Test
  void unfreezeRemovesTheCopyAlone() {
    fill();
    String name = table("t").kept().freeze("", _ -> true);
    assertThat(name).isEqualTo("1");
    assertThat(table("t").kept().unfreeze("1", _ -> true)).isEqualTo(3);
    assertThat(data.resolve("shadow")).doesNotExist();
    assertThat(rows()).isEqualTo(ALL);
  }
}
