// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Rows of all sources come in key order, equal keys in the order of the sources, whole groups at a
/// time, however ranges overlap.
final class MergeOrderTest {
  @Randomized(times = 100)
  void givesAllRowsInOrderAndInGroups(RandomGenerator random) {
    boolean text = random.nextBoolean();
    DataType type = text ? DataTypes.STRING : DataTypes.INT64;
    PartLayout layout = new PartLayout(List.of(ColumnDefinition.of("k", type)), List.of("k"));
    TreeMap<String, List<String>> expected = new TreeMap<>();
    List<String> actual = new ArrayList<>();
    List<MemoryPart> parts = new ArrayList<>();
    List<KeyCursor> cursors = new ArrayList<>();
    int sources = 1 + random.nextInt(9);
    int wanted = 1 + random.nextInt(40);
    try (BufferAllocator allocator = new RootAllocator()) {
      for (int source = 0; source < sources; source++) {
        List<String> keys = keys(random);
        for (int row = 0; row < keys.size(); row++) {
          expected.computeIfAbsent(keys.get(row), _ -> new ArrayList<>()).add(source + ":" + row);
        }
        MemoryPart part = part(keys, text, layout, random, allocator);
        parts.add(part);
        cursors.add(
            new KeyCursor(
                part,
                List.of("k"),
                KeyEncoder.ascending(List.of(type)),
                0,
                part.granules(),
                allocator,
                null));
      }
      MergeOrder order = new MergeOrder(new LoserTree(cursors), true);
      for (SourceMap map = order.next(wanted); map.size() > 0; map = order.next(wanted)) {
        KeyGroups groups = order.groups();
        assertThat(groups.rows()).isEqualTo(map.size());
        for (int g = 0; g < groups.count(); g++) {
          List<String> group = new ArrayList<>();
          for (int i = groups.start(g); i < groups.end(g); i++) {
            group.add(map.source(i) + ":" + map.row(i));
          }
          actual.add(group.toString());
        }
      }
      cursors.forEach(KeyCursor::close);
      parts.forEach(MemoryPart::close);
    }
    assertThat(actual).isEqualTo(expected.values().stream().map(List::toString).toList());
  }

  /// Ascending keys, each once: alone in a range of their own, or among everybody's.
  private static List<String> keys(RandomGenerator random) {
    int from = random.nextInt(3) * 300;
    int range = random.nextBoolean() ? 100 : 900;
    int count = 1 + random.nextInt(80);
    return random
        .ints(count, from, from + range)
        .sorted()
        .distinct()
        .mapToObj(k -> "prefix " + (10_000 + k))
        .toList();
  }

  private static MemoryPart part(
      List<String> keys,
      boolean text,
      PartLayout layout,
      RandomGenerator random,
      BufferAllocator allocator) {
    Scratch memory = new Scratch(allocator);
    List<Batch> granules = new ArrayList<>();
    for (int from = 0; from < keys.size(); ) {
      int to = Math.min(keys.size(), from + 1 + random.nextInt(30));
      Object[] values =
          keys.subList(from, to).stream()
              .map(k -> text ? (Object) k : (Object) Long.parseLong(k.substring(7)))
              .toArray();
      granules.add(
          new Batch(
              values.length,
              List.of(VectorValues.of(layout.columns().getFirst().type(), memory, values))));
      from = to;
    }
    PartDraft draft = new PartDraft(1, 1, 1, 0, List.of(), "all", new SeqRange(1, 1), List.of(), 0);
    return MemoryPart.owning(draft, layout, granules, memory);
  }
}
