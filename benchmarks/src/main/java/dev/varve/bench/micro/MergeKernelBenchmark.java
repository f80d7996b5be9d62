// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.micro;

import dev.varve.merge.order.KeyCursor;
import dev.varve.merge.order.LoserTree;
import dev.varve.merge.order.MergeOrder;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.Resolution;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What does a row cost that is merged by its key, and one whose key is looked for in other parts?
/// And what does a value cost that is fetched to its place?
///
/// The unit is nanoseconds a row; the keys of eight parts are read from the page cache. Expected: a
/// loser tree of eight makes three comparisons, of which one is a coin toss at 5 ns, and a key
/// costs 1 ns to decode, so 10 ns, and 5 ns more for two columns, whose codes are made once a row;
/// the pairs of eight parts hash each key once, 15 ns. A value is decoded, placed and passed on in
/// three passes of 0.5 ns.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MergeKernelBenchmark {
  private static final int PARTS = 8;
  private static final int ROWS = 1 << 17;
  private static final ColumnDefinition KEY = ColumnDefinition.of("k", DataTypes.INT64);
  private static final PartLayout LAYOUT =
      new PartLayout(List.of(KEY, ColumnDefinition.of(Part.SEQ, DataTypes.INT64)), List.of("k"));

  private final BufferAllocator allocator = new RootAllocator();
  private static final ColumnDefinition SECOND = ColumnDefinition.of("l", DataTypes.INT64);
  private static final PartLayout WIDE = new PartLayout(List.of(KEY, SECOND), List.of("k", "l"));

  private final List<Part> parts = new ArrayList<>();
  private final List<Part> wideParts = new ArrayList<>();
  private SampleParts samples;
  private RowLayout layout;

  @Setup
  public void make() throws IOException {
    samples = new SampleParts();
    TableDefinition table =
        new TableDefinition(
            new TableName("default", "t"),
            List.of(KEY),
            "ReplacingMergeTree",
            List.of(),
            List.of("k"),
            List.of("k"),
            List.of(),
            Map.of(),
            "",
            "",
            1);
    layout = RowLayout.of(table, _ -> DataTypes.INT64);
    for (int p = 0; p < PARTS; p++) {
      int part = p;
      parts.add(
          samples.write(
              LAYOUT.columns(),
              LAYOUT.sortingKey(),
              ROWS,
              (from, scratch) -> rows(part, from, scratch)));
      wideParts.add(
          samples.write(
              WIDE.columns(),
              WIDE.sortingKey(),
              ROWS,
              (from, scratch) -> wideRows(part, from, scratch)));
    }
  }

  /// The first column is the same for 64 rows of each part, so that only the second decides.
  private static List<Vector> wideRows(int part, int from, Scratch scratch) {
    VectorBuilder first = new VectorBuilder(DataTypes.INT64, scratch);
    VectorBuilder second = new VectorBuilder(DataTypes.INT64, scratch);
    for (int row = from; row < from + Batch.MAX_ROWS; row++) {
      long mixed = (row + 1L) * (part + 3) * 0x9E3779B97F4A7C15L;
      first.appendLong(row >>> 6);
      second.appendLong(1000L * (row & 63) + (mixed >>> 55));
    }
    return List.of(first.build(), second.build());
  }

  /// Three keys of ten stand in several parts.
  private static List<Vector> rows(int part, int from, Scratch scratch) {
    VectorBuilder keys = new VectorBuilder(DataTypes.INT64, scratch);
    VectorBuilder sequences = new VectorBuilder(DataTypes.INT64, scratch);
    for (int row = from; row < from + Batch.MAX_ROWS; row++) {
      long mixed = (row + 1L) * 0x9E3779B97F4A7C15L;
      keys.appendLong(row % 10 < 3 ? 1000L * row : 1000L * row + (mixed >>> 55) + part + 1);
      sequences.appendLong((long) part * ROWS + row);
    }
    return List.of(keys.build(), sequences.build());
  }

  @TearDown
  public void free() throws IOException {
    for (Part part : parts) {
      ((DiskPart) part).close();
    }
    for (Part part : wideParts) {
      ((DiskPart) part).close();
    }
    samples.close();
    allocator.close();
  }

  @Benchmark
  @OperationsPerInvocation(PARTS * ROWS)
  public long loserTree() {
    return ordered(parts, LAYOUT);
  }

  @Benchmark
  @OperationsPerInvocation(PARTS * ROWS)
  public long loserTreeOfTwoColumns() {
    return ordered(wideParts, WIDE);
  }

  private long ordered(List<Part> inputs, PartLayout layout) {
    List<KeyCursor> cursors = new ArrayList<>();
    for (Part part : inputs) {
      cursors.add(
          new KeyCursor(
              part, layout.sortingKey(), layout.keyEncoder(), 0, part.granules(), allocator, null));
    }
    MergeOrder order = new MergeOrder(new LoserTree(cursors), true);
    long rows = 0;
    for (int taken = order.next(Batch.MAX_ROWS).size(); taken > 0; ) {
      rows += taken;
      taken = order.next(Batch.MAX_ROWS).size();
    }
    cursors.forEach(KeyCursor::close);
    return rows;
  }

  @Benchmark
  @OperationsPerInvocation(PARTS * ROWS)
  public long gather() {
    List<RowGather.Wanted> wanted = List.of(new RowGather.Wanted(KEY, null));
    SourceMap map = new SourceMap(Batch.MAX_ROWS);
    long rows = 0;
    try (RowGather gather = new RowGather(parts, wanted, allocator);
        Scratch scratch = new Scratch(allocator)) {
      for (int from = 0; from < ROWS; from += Batch.MAX_ROWS / PARTS) {
        map.clear();
        for (int i = 0; i < Batch.MAX_ROWS; i++) {
          map.add(i % PARTS, from + i / PARTS);
        }
        rows += gather.gather(map, scratch).getFirst().rows();
        scratch.reset();
      }
    }
    return rows;
  }

  @Benchmark
  @OperationsPerInvocation(PARTS * ROWS)
  public long pairs() {
    try (ExactReads reads = new ExactReads(layout, allocator);
        Resolution found = reads.resolve(parts)) {
      return found.parts().stream().mapToLong(part -> part.dead().total()).sum();
    }
  }
}
