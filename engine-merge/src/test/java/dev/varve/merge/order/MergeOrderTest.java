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
import dev.varve.storage.vector.Vector;
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
  /// How a number of five digits becomes a key: within eight bytes, or sharing few or many with
  /// others.
  private enum KeyForm {
    NUMBER(DataTypes.INT64),
    TEXT(DataTypes.STRING),
    LONG_TEXT(DataTypes.STRING),
    TWO_NUMBERS(DataTypes.INT64, DataTypes.INT64),
    TEXT_AND_NUMBER(DataTypes.STRING, DataTypes.INT32);

    private final List<DataType> types;

    KeyForm(DataType... types) {
      this.types = List.of(types);
    }

    Object value(int column, String digits) {
      long number = Long.parseLong(digits);
      return switch (this) {
        case NUMBER -> number;
        case TEXT -> "p" + digits;
        case LONG_TEXT -> "a long beginning that all of them share " + digits;
        case TWO_NUMBERS -> column == 0 ? number / 50 : number;
        case TEXT_AND_NUMBER -> column == 0 ? "t".repeat((int) (number - 10_000) / 40) : number;
      };
    }
  }

  @Randomized(times = 200)
  void givesAllRowsInOrderAndInGroups(RandomGenerator random) {
    KeyForm form = KeyForm.values()[random.nextInt(KeyForm.values().length)];
    List<ColumnDefinition> columns = new ArrayList<>();
    for (DataType type : form.types) {
      columns.add(ColumnDefinition.of("k" + columns.size(), type));
    }
    List<String> key = columns.stream().map(ColumnDefinition::name).toList();
    PartLayout layout = new PartLayout(columns, key);
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
        MemoryPart part = part(keys, form, layout, random, allocator);
        parts.add(part);
        cursors.add(
            new KeyCursor(
                part, key, KeyEncoder.ascending(form.types), 0, part.granules(), allocator, null));
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
        .mapToObj(k -> "" + (10_000 + k))
        .toList();
  }

  private static MemoryPart part(
      List<String> keys,
      KeyForm form,
      PartLayout layout,
      RandomGenerator random,
      BufferAllocator allocator) {
    Scratch memory = new Scratch(allocator);
    List<Batch> granules = new ArrayList<>();
    for (int from = 0; from < keys.size(); ) {
      int to = Math.min(keys.size(), from + 1 + random.nextInt(30));
      List<Vector> vectors = new ArrayList<>();
      for (int c = 0; c < form.types.size(); c++) {
        int column = c;
        Object[] values = keys.subList(from, to).stream().map(k -> form.value(column, k)).toArray();
        vectors.add(VectorValues.of(form.types.get(c), memory, values));
      }
      granules.add(new Batch(to - from, vectors));
      from = to;
    }
    PartDraft draft = new PartDraft(1, 1, 1, 0, List.of(), "all", new SeqRange(1, 1), List.of(), 0);
    return MemoryPart.owning(draft, layout, granules, memory);
  }
}
