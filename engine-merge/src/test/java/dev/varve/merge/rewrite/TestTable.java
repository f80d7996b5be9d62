// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.Resolution;
import dev.varve.merge.read.VisiblePart;
import dev.varve.merge.rule.Collapser;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.roaringbitmap.RoaringBitmap;

/// The least table that inserts, merges and reads exactly: what the engine does, without files and
/// threads. Closing it checks that all memory was given back.
final class TestTable implements AutoCloseable {
  private final TableDefinition definition;
  private final RowLayout layout;
  private final BufferAllocator allocator = new RootAllocator();
  private final ExactReads reads;
  private final RandomParts store;
  private final List<Part> parts = new ArrayList<>();
  private long lastId;
  private boolean inherits = true;

  TestTable(TableDefinition definition, RandomParts store) {
    this.definition = definition;
    this.layout =
        RowLayout.of(
            definition,
            expression -> {
              throw new IllegalArgumentException("an expression in the key: " + expression);
            });
    this.reads = new ExactReads(layout, allocator);
    this.store = store;
  }

  /// What is known of pairs of parts is not told to exact reads after a merge.
  void forgetMerges() {
    inherits = false;
  }

  RowLayout layout() {
    return layout;
  }

  List<Part> parts() {
    return parts;
  }

  /// Pairs of parts whose keys exact reads compared so far.
  long comparedPairs() {
    return reads.comparedPairs();
  }

  /// Inserts a block: a part for each partition.
  void insert(List<HistoryRow> rows) {
    Map<String, List<HistoryRow>> byPartition = new LinkedHashMap<>();
    rows.forEach(r -> byPartition.computeIfAbsent(r.partition(), _ -> new ArrayList<>()).add(r));
    byPartition.forEach(this::insertPartition);
  }

  private void insertPartition(String partition, List<HistoryRow> rows) {
    try (Scratch scratch = new Scratch(allocator)) {
      List<Vector> columns = new ArrayList<>();
      for (ColumnDefinition column : layout.columns()) {
        VectorBuilder builder = new VectorBuilder(column.type(), scratch);
        for (HistoryRow row : rows) {
          VectorValues.append(
              builder, column.name().equals(Part.SEQ) ? row.seq() : row.get(column.name()));
        }
        columns.add(builder.build());
      }
      int[] order = keyOrder(columns, rows.size());
      List<Vector> sorted =
          columns.stream().map(c -> VectorOps.gather(c, order, order.length, scratch)).toList();
      Collapser collapser = new Collapser(layout);
      Collapser.Collapsed block =
          collapser.collapse(sorted, collapser.groups(sorted, order.length), scratch);
      PartDraft draft =
          draft(0, List.of(), partition, new SeqRange(rows.getFirst().seq(), rows.getLast().seq()));
      parts.add(
          store.create(
              draft,
              new PartLayout(block.definitions(), layout.key()),
              List.of(new Batch(block.rows(), block.columns())),
              allocator));
    }
  }

  private int[] keyOrder(List<Vector> columns, int rows) {
    List<Vector> keys = new ArrayList<>();
    for (String name : layout.key()) {
      for (int c = 0; c < columns.size(); c++) {
        if (layout.columns().get(c).name().equals(name)) {
          keys.add(columns.get(c));
        }
      }
    }
    KeyEncoder encoder = KeyEncoder.ascending(layout.keyTypes());
    byte[][] encoded = new byte[rows][];
    Integer[] order = new Integer[rows];
    for (int i = 0; i < rows; i++) {
      encoded[i] = encoder.encode(keys, i);
      order[i] = i;
    }
    Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(encoded[a], encoded[b]));
    return Arrays.stream(order).mapToInt(i -> i).toArray();
  }

  private PartDraft draft(int level, List<Long> parents, String partition, SeqRange sequences) {
    return new PartDraft(++lastId, 1, 1, level, parents, partition, sequences, List.of(), 0);
  }

  void merge(List<Part> inputs) {
    List<Part> before = List.copyOf(parts);
    List<Part> others = new ArrayList<>(parts);
    others.removeAll(inputs);
    PartMerger merger = new PartMerger(layout, allocator, store.limits());
    PartLayout partLayout = new PartLayout(merger.columns(inputs), layout.key());
    SeqRange sequences =
        inputs.stream().map(p -> p.info().sequences()).reduce(SeqRange::union).orElseThrow();
    PartDraft draft = draft(1, List.of(), inputs.getFirst().info().partition(), sequences);
    PartMerger.Merged merged =
        store.mergesToDisk()
            ? mergeToDisk(merger, inputs, others, draft, partLayout)
            : mergeBatches(merger, inputs, others, draft, partLayout);
    Part output = parts.getLast();
    boolean isMade = output.info().id() == draft.id();
    if (isMade && inherits) {
      reads.inherit(output, merged.trace(), before, Map.of());
    }
    List<RoaringBitmap> deleted = inputs.stream().map(_ -> new RoaringBitmap()).toList();
    new TraceCheck(layout, allocator).check(merged.trace(), deleted, isMade ? output : null);
    parts.removeAll(inputs);
    inputs.forEach(store::drop);
  }

  private PartMerger.Merged mergeToDisk(
      PartMerger merger,
      List<Part> inputs,
      List<Part> others,
      PartDraft draft,
      PartLayout partLayout) {
    try (PartWriter writer = store.writer(draft, partLayout, allocator)) {
      List<PartMerger.Input> all = inputs.stream().map(PartMerger.Input::of).toList();
      PartMerger.Merged merged =
          draft.id() % 3 == 0
              ? merger.mergeInTurns(all, others, true, writer, 1, PartMerger.Watcher.NONE)
              : merger.merge(
                  all,
                  others,
                  true,
                  new PartTarget(writer, partLayout, 0),
                  store.workers(),
                  PartMerger.Watcher.NONE);
      if (merged.rows() > 0) {
        DiskPart part = writer.finish();
        assertThat(PartVerifier.verify(part.directory())).isEmpty();
        parts.add(part);
      }
      return merged;
    }
  }

  private PartMerger.Merged mergeBatches(
      PartMerger merger,
      List<Part> inputs,
      List<Part> others,
      PartDraft draft,
      PartLayout partLayout) {
    List<List<Batch>> slices = new ArrayList<>();
    try (Scratch scratch = new Scratch(allocator)) {
      PartMerger.Merged merged =
          merger.merge(
              inputs.stream().map(PartMerger.Input::of).toList(),
              others,
              true,
              () -> collector(slices, scratch),
              store.workers(),
              PartMerger.Watcher.NONE);
      if (merged.rows() > 0) {
        List<Batch> batches = slices.stream().flatMap(List::stream).toList();
        parts.add(store.create(draft, partLayout, batches, allocator));
      }
      return merged;
    }
  }

  private static PartMerger.Sink collector(List<List<Batch>> slices, Scratch scratch) {
    List<Batch> slice = new ArrayList<>();
    slices.add(slice);
    return batch ->
        slice.add(
            new Batch(batch.rows(), batch.columns().stream().map(c -> copy(c, scratch)).toList()));
  }

  private static Vector copy(Vector vector, Scratch scratch) {
    int[] all = new int[vector.rows()];
    Arrays.setAll(all, i -> i);
    return VectorOps.gather(VectorOps.flatten(vector, scratch), all, all.length, scratch);
  }

  /// The rows that an exact read shows, as text, sorted.
  List<String> answer() {
    List<String> rows = new ArrayList<>();
    try (Resolution resolution = reads.resolve(parts)) {
      for (VisiblePart visible : resolution.parts()) {
        addRows(visible, rows);
      }
    }
    rows.sort(null);
    return rows;
  }

  /// The rows with keys of a range that count when some rows are deleted.
  ///
  /// @param wholly finds the rows of all keys that count, rather than those of the range alone
  List<String> answer(KeyBounds range, Map<Part, RoaringBitmap> deleted, boolean wholly) {
    List<String> rows = new ArrayList<>();
    try (ExactReads fresh = new ExactReads(layout, allocator);
        Resolution resolution =
            wholly ? fresh.resolve(parts, deleted) : fresh.resolveWithin(range, parts, deleted)) {
      for (VisiblePart visible : resolution.parts()) {
        addRows(visible, range, rows);
      }
    }
    rows.sort(null);
    return rows;
  }

  /// A range between the keys of two rows; now and then open on a side, or empty.
  KeyBounds anyRange(RandomGenerator random) {
    KeyBounds range = random.nextInt(4) == 0 ? KeyBounds.ALL : KeyBounds.atLeast(anyKey(random));
    return switch (random.nextInt(4)) {
      case 0 -> range;
      case 1 -> range.and(KeyBounds.below(anyKey(random)));
      default -> range.and(KeyBounds.atMost(anyKey(random)));
    };
  }

  private byte[] anyKey(RandomGenerator random) {
    if (parts.isEmpty()) {
      return new byte[0];
    }
    Part part = parts.get(random.nextInt(parts.size()));
    int granule = random.nextInt(part.granules());
    try (PartReader reader = part.open(layout.key(), allocator)) {
      reader.seek(granule);
      return key(reader, random.nextInt(part.granuleRows(granule)));
    }
  }

  private byte[] key(PartReader reader, int row) {
    List<Vector> keys = new ArrayList<>();
    for (int c = 0; c < layout.key().size(); c++) {
      keys.add(reader.read(c));
    }
    return KeyEncoder.ascending(layout.keyTypes()).encode(keys, row);
  }

  private void addRows(VisiblePart visible, KeyBounds range, List<String> to) {
    List<String> names = definition.columns().stream().map(ColumnDefinition::name).toList();
    try (PartReader keys = visible.part().open(layout.key(), allocator);
        PartReader reader = visible.part().open(names, allocator)) {
      for (int g = 0; g < visible.part().granules(); g++) {
        keys.seek(g);
        reader.seek(g);
        long[] alive = visible.dead().count(g) > 0 ? visible.dead().alive(g) : null;
        for (int row = 0; row < visible.part().granuleRows(g); row++) {
          boolean isAlive = alive == null || (alive[row >> 6] >>> row & 1) != 0;
          if (isAlive && range.contains(key(keys, row))) {
            to.add(text(names, reader, row));
          }
        }
      }
    }
  }

  private void addRows(VisiblePart visible, List<String> to) {
    List<String> names = definition.columns().stream().map(ColumnDefinition::name).toList();
    try (PartReader reader = visible.part().open(names, allocator)) {
      for (int g = 0; g < visible.part().granules(); g++) {
        reader.seek(g);
        int dead = visible.dead().count(g);
        int alive = 0;
        for (int row = 0; row < visible.part().granuleRows(g); row++) {
          if (dead > 0 && (visible.dead().alive(g)[row >> 6] >>> row & 1) == 0) {
            continue;
          }
          alive++;
          to.add(text(names, reader, row));
        }
        if (alive != visible.part().granuleRows(g) - dead) {
          throw new AssertionError("the mask of granule " + g + " and its count differ");
        }
      }
    }
  }

  private static String text(List<String> names, PartReader reader, int row) {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < names.size(); c++) {
      append(names.get(c), VectorValues.get(reader.read(c), row), text);
    }
    return text.toString();
  }

  private static void append(String name, Object value, StringBuilder to) {
    Object shown = value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
    to.append(name).append('=').append(shown).append(' ');
  }

  /// A row of a model in the form of [#answer].
  String text(Map<String, Object> values) {
    StringBuilder text = new StringBuilder();
    try (Scratch scratch = new Scratch(allocator)) {
      for (ColumnDefinition column : definition.columns()) {
        Object value =
            VectorValues.get(VectorValues.of(column.type(), scratch, values.get(column.name())), 0);
        append(column.name(), value, text);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    reads.close();
    parts.forEach(store::drop);
    parts.clear();
    allocator.close();
  }
}
