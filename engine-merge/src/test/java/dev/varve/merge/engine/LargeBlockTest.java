// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.read.TableView;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;

/// A block so large that several threads write ranges of its rows is one sorted part all the same.
final class LargeBlockTest {
  @TempDir Path data;

  @Randomized(times = 4)
  void aLargeBlockBecomesOneSortedPart(RandomGenerator random) {
    boolean replaces = random.nextBoolean();
    int rows = 270_000 + random.nextInt(200_000);
    int mix = random.nextBoolean() ? 0 : random.nextInt(1 << 20);
    Map<Long, String> expected = new HashMap<>();
    try (BufferAllocator allocator = new RootAllocator();
        MergeEngine engine =
            MergeEngine.open(
                data.resolve("" + random.nextLong()),
                MergeSettings.defaults().withMergeThreads(0),
                allocator)) {
      MergeTable table =
          engine.create(
              TableRows.table(
                  "t",
                  "k Int64, v Nullable(Int64), s String",
                  replaces ? "ReplacingMergeTree" : "MergeTree",
                  "k",
                  ""));
      try (Scratch scratch = new Scratch(allocator);
          TableInsert insert = table.insert()) {
        for (int done = 0; done < rows; ) {
          int count = Math.min(rows - done, 1 + random.nextInt(Batch.MAX_ROWS));
          insert.write(batch(table, scratch, done, count, mix, replaces, expected));
          scratch.reset();
          done += count;
        }
        insert.commit();
      }
      assertThat(table.parts()).hasSize(1);
      assertThat(table.parts().getFirst().info().rows()).isEqualTo(expected.size());
      List<String> found = new ArrayList<>(rows);
      try (TableView view = table.view(true)) {
        TableRows.read(table, view.parts().getFirst(), allocator, found);
      }
      assertThat(found.stream().mapToLong(LargeBlockTest::key).toArray()).isSorted();
      found.sort(null);
      assertThat(found).isEqualTo(expected.values().stream().sorted().toList());
      assertThat(table.check(Optional.empty())).allMatch(check -> check.problems().isEmpty());
    }
  }

  private static long key(String row) {
    return Long.parseLong(row.substring(0, row.indexOf(' ')));
  }

  private static Batch batch(
      MergeTable table,
      Scratch scratch,
      int from,
      int count,
      int mix,
      boolean doubles,
      Map<Long, String> expected) {
    List<VectorBuilder> builders =
        table.insertColumns().stream().map(c -> new VectorBuilder(c.type(), scratch)).toList();
    for (int row = from; row < from + count; row++) {
      long key = row ^ mix;
      key &= doubles && (key & 14) == 0 ? ~1L : ~0L;
      builders.get(0).appendLong(key);
      if (row % 7 == 0) {
        builders.get(1).appendNull();
      } else {
        builders.get(1).appendLong(row);
      }
      String text = "text " + row % 1000;
      VectorValues.append(builders.get(2), text);
      expected.put(key, key + " " + (row % 7 == 0 ? "null" : "" + row) + " " + text);
    }
    return new Batch(count, builders.stream().map(VectorBuilder::build).toList());
  }
}
