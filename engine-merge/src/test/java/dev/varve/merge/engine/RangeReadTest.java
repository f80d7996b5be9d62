// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who wants a few keys does not wait until whole parts have been compared.
class RangeReadTest {
  private static final int ROWS = 40_000;

  @TempDir Path data;

  private BufferAllocator allocator;
  private MergeEngine engine;
  private MergeTable table;

  @BeforeEach
  void open() {
    allocator = new RootAllocator();
    MergeSettings settings =
        new MergeSettings(0, 1L << 40, 16, 1 << 20, 1 << 20, 1L << 40, 300, 3000);
    engine = MergeEngine.open(data, settings, allocator);
  }

  @AfterEach
  void close() {
    engine.close();
    allocator.close();
  }

  private void fill(String rule) {
    engine.create(TableRows.table("t", "k UInt64, v Int64", rule, "k", ""));
    table = engine.table(new TableName("default", "t")).orElseThrow();
    for (int insert = 1; insert <= 3; insert++) {
      int value = insert;
      TableRows.insert(
          table,
          allocator,
          IntStream.range(0, ROWS).mapToObj(k -> k + " " + value).toArray(String[]::new));
    }
  }

  private KeyBounds upTo(long key) {
    try (Scratch scratch = new Scratch(allocator)) {
      return KeyBounds.below(
          KeyEncoder.ascending(List.of(DataTypes.UINT64))
              .encode(
                  List.of(VectorValues.of(DataTypes.UINT64, scratch, BigInteger.valueOf(key))), 0));
    }
  }

  /// Sum of the values of keys below a bound.
  private long sum(TableView view, long bound) {
    long sum = 0;
    for (VisiblePart visible : view.parts()) {
      try (PartReader reader = visible.part().open(List.of("k", "v"), allocator)) {
        for (int g = 0; g < visible.part().granules(); g++) {
          reader.seek(g);
          long[] alive = visible.dead().count(g) > 0 ? visible.dead().alive(g) : null;
          for (int row = 0; row < visible.part().granuleRows(g); row++) {
            boolean counts = alive == null || (alive[row >> 6] >>> row & 1) != 0;
            sum += counts && reader.read(0).getLong(row) < bound ? reader.read(1).getLong(row) : 0;
          }
        }
      }
    }
    return sum;
  }

  @Test
  void aSmallRangeIsReadWithoutComparingWholeParts() {
    fill("ReplacingMergeTree");
    try (TableView view = table.view(true)) {
      assertThat(sum(view.within(upTo(100)), 100)).isEqualTo(300);
      assertThat(table.comparedPairs()).isZero();
      assertThat(sum(view, ROWS)).isEqualTo(3L * ROWS);
      assertThat(table.comparedPairs()).isPositive();
    }
  }

  @Test
  void combinedRowsOfASmallRangeAreMadeAlone() {
    fill("SummingMergeTree");
    try (TableView view = table.view(true)) {
      assertThat(sum(view.within(upTo(100)), 100)).isEqualTo(600);
      assertThat(table.comparedPairs()).isZero();
      assertThat(sum(view, ROWS)).isEqualTo(6L * ROWS);
    }
  }

  @Test
  void aLargeRangeIsReadAsTheWholeTable() {
    fill("ReplacingMergeTree");
    try (TableView view = table.view(true)) {
      assertThat(sum(view.within(upTo(ROWS / 2)), ROWS / 2)).isEqualTo(3L * ROWS / 2);
      assertThat(table.comparedPairs()).isPositive();
    }
  }

  @Test
  void aViewThatWasOpenedBeforeTheTableChangedIsReadAsItWas() {
    fill("ReplacingMergeTree");
    try (TableView view = table.view(true)) {
      engine.drop(new TableName("default", "t"));
      assertThat(sum(view, ROWS)).isEqualTo(3L * ROWS);
    }
  }
}
