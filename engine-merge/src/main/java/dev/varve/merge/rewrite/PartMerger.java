// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.vector.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Merges parts of one partition into the sorted, collapsed rows of one part. What becomes of the
/// rows is the caller's: it opens a part writer with [#columns], gives its `write` as the sink, and
/// commits. Safe for threads.
///
/// The parts need not be neighbours in time. Memory is bounded by a block of each column of each
/// input and the rows of one output batch, for each thread that merges.
public final class PartMerger {
  private final RowLayout layout;
  private final BufferAllocator allocator;
  private final RewriteLimits limits;
  private final List<String> duplicatesBy;

  public PartMerger(RowLayout layout, BufferAllocator allocator) {
    this(layout, allocator, RewriteLimits.DEFAULT);
  }

  PartMerger(RowLayout layout, BufferAllocator allocator, RewriteLimits limits) {
    this(layout, allocator, limits, List.of());
  }

  private PartMerger(
      RowLayout layout,
      BufferAllocator allocator,
      RewriteLimits limits,
      List<String> duplicatesBy) {
    this.layout = layout;
    this.allocator = allocator;
    this.limits = limits;
    this.duplicatesBy = List.copyOf(duplicatesBy);
  }

  /// The same, but rows that are equal in these columns, the sorting key among them, become the
  /// first of them. Only for a rule that keeps rows of one key.
  public PartMerger withoutDuplicates(List<String> columns) {
    if (layout.rule().collapsesKeys()) {
      throw new IllegalStateException("a key stands once anyway under " + layout.rule());
    }
    return new PartMerger(layout, allocator, limits, columns);
  }

  /// Takes the merged rows: at most a granule or so, in key order. The batch is gone when it
  /// returns.
  public interface Sink {
    void write(Batch rows);

    /// The granules of a part between which [#copy] can take them, ascending; none where it cannot.
    default int[] cuts(Part part) {
      return new int[0];
    }

    /// Takes granules of an input as they are stored, from one of its cuts to another.
    default void copy(Part part, int from, int to) {
      throw new IllegalStateException("nothing of " + part.info().name() + " can be copied");
    }
  }

  /// Takes a merge in pieces that are merged at the same time.
  @FunctionalInterface
  public interface Target {
    /// A sink whose rows stand behind those of the sinks opened before. Each is used by one thread.
    Sink open();
  }

  /// How many threads merge.
  ///
  /// @param executor lends threads beside the calling one; may be busy, then the merge does without
  /// @param atOnce threads at most, the calling one included
  public record Workers(Executor executor, int atOnce) {
    /// Only the calling thread.
    public static final Workers NONE = new Workers(Runnable::run, 1);
  }

  /// Watches a merge and stops it. Called from the merging threads after each batch.
  public interface Watcher {
    /// @param rowsRead rows of the inputs that are done
    /// @param rowsWritten rows given to the sinks
    /// @return false to stop the merge
    boolean proceed(long rowsRead, long rowsWritten);

    /// Never stops.
    Watcher NONE = (_, _) -> true;
  }

  /// What became of the rows.
  ///
  /// @param trace what became of each row of the inputs
  /// @param deleted rows given to the sink that a DELETE hides and that had to stay, as they beat
  ///   older rows of their keys
  public record Merged(MergeTrace trace, RoaringBitmap deleted) {
    /// Rows given to the sink; 0 means that nothing was left and there is no part.
    public long rows() {
      return trace.outputRows();
    }
  }

  /// A part to merge.
  ///
  /// @param deleted rows of it that a DELETE hides; may be empty
  /// @param isMature whether its rows are so old that no lower version of their keys is expected
  ///   any more, so that deleted ones need not stay to beat it
  public record Input(Part part, RoaringBitmap deleted, boolean isMature) {
    public Input(Part part, RoaringBitmap deleted) {
      this(part, deleted, false);
    }

    /// A part without deleted rows.
    public static Input of(Part part) {
      return new Input(part, new RoaringBitmap());
    }
  }

  /// The columns of the batches that a merge of these parts gives, in order.
  public List<ColumnDefinition> columns(List<Part> inputs) {
    List<ColumnDefinition> columns = new ArrayList<>(layout.columns());
    boolean keysMeet = keysMeet(inputs);
    for (ColumnDefinition state : layout.stateColumns()) {
      if (keysMeet || inputs.stream().anyMatch(p -> p.hasColumn(state.name()))) {
        columns.add(state);
      }
    }
    return columns;
  }

  /// Whether a key may stand in two of the parts. Where not, no row needs state beside itself.
  private static boolean keysMeet(List<Part> parts) {
    List<Part> sorted = new ArrayList<>(parts);
    sorted.sort((a, b) -> Arrays.compareUnsigned(a.firstKey(0), b.firstKey(0)));
    for (int i = 1; i < sorted.size(); i++) {
      if (Arrays.compareUnsigned(sorted.get(i - 1).lastKey(), sorted.get(i).firstKey(0)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// As the other, where nobody is about to publish rows older than those of the inputs.
  public Merged merge(List<Part> inputs, List<Part> others, Sink sink, Watcher watcher) {
    return merge(inputs.stream().map(Input::of).toList(), others, true, sink, watcher);
  }

  /// As the other, by the calling thread alone.
  public Merged merge(
      List<Input> inputs, List<Part> others, boolean complete, Sink sink, Watcher watcher) {
    return merge(inputs, others, complete, () -> sink, Workers.NONE, watcher);
  }

  /// @param others every other live part and memory run of the table: rows that nothing shows any
  ///   more are dropped for good only where none of these can hold their key
  /// @param complete whether no part that is still to come can hold rows older than those of the
  ///   inputs; where one may (an INSERT under way), nothing is dropped
  /// @throws VarveException QUERY_WAS_CANCELLED when the watcher stops it
  public Merged merge(
      List<Input> inputs,
      List<Part> others,
      boolean complete,
      Target target,
      Workers workers,
      Watcher watcher) {
    List<Input> ordered = ordered(inputs);
    return merge(ordered, others, complete, target, workers, watcher, columns(parts(ordered)));
  }

  /// As the other, of a table so wide that not all of its columns can be merged at once: those that
  /// order and rule ask for first, then the others, some at a time. Uses one thread and copies no
  /// block.
  ///
  /// @param writer of a part with [#columns]; finished by the caller
  public Merged mergeInTurns(
      List<Input> inputs,
      List<Part> others,
      boolean complete,
      PartWriter writer,
      int columnsAtOnce,
      Watcher watcher) {
    List<Input> ordered = ordered(inputs);
    ColumnTurns turns =
        new ColumnTurns(layout, columns(parts(ordered)), duplicatesBy, columnsAtOnce);
    Sink sink = turns.sink(writer);
    Merged merged =
        merge(ordered, others, complete, () -> sink, Workers.NONE, watcher, turns.first());
    if (merged.rows() > 0) {
      turns.finish(merged.trace(), writer, watcher, allocator);
    }
    return merged;
  }

  private static List<Input> ordered(List<Input> inputs) {
    List<Input> ordered = new ArrayList<>(inputs);
    ordered.sort(
        Comparator.comparingLong((Input i) -> i.part().info().sequences().first())
            .thenComparingLong(i -> i.part().info().id()));
    return ordered;
  }

  private static List<Part> parts(List<Input> inputs) {
    return inputs.stream().map(Input::part).toList();
  }

  /// @param columns of the batches
  private Merged merge(
      List<Input> ordered,
      List<Part> others,
      boolean complete,
      Target target,
      Workers workers,
      Watcher watcher,
      List<ColumnDefinition> columns) {
    List<Part> parts = parts(ordered);
    KeyEncoder encoder = KeyEncoder.ascending(layout.keyTypes());
    DropRule dropRule = new DropRule(parts, others, complete, encoder, layout.key());
    List<MergeSlice> slices =
        MergeSlice.cut(parts, layout.key(), encoder, sliceCount(parts, workers), allocator);
    List<Sink> sinks = slices.stream().map(_ -> target.open()).toList();
    SlicedMerge.Result result =
        new SlicedMerge(
                slices,
                sinks,
                slice ->
                    new MergeStream(
                        layout, ordered, slice, dropRule, columns, duplicatesBy, limits, allocator),
                watcher)
            .run(workers.executor(), workers.atOnce());
    return new Merged(result.trace(), result.deleted());
  }

  /// More slices than threads, as some take longer; but not so small that the short granules at
  /// their ends count.
  private int sliceCount(List<Part> parts, Workers workers) {
    if (workers.atOnce() == 1) {
      return 1;
    }
    long rows = parts.stream().mapToLong(part -> part.info().rows()).sum();
    return (int) Math.clamp(rows / limits.sliceRows(), 1, 2L * workers.atOnce());
  }
}
