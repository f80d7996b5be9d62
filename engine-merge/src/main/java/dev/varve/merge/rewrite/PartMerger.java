// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.vector.Batch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.roaringbitmap.RoaringBitmap;

/// Merges parts of one partition into the sorted, collapsed rows of one part. What becomes of the
/// rows is the caller's: it opens a part writer with [#columns], gives its `write` as the sink, and
/// commits. Safe for threads; each merge runs in one.
///
/// The parts need not be neighbours in time. Memory is bounded by a granule of each input and the
/// rows of one output batch.
public final class PartMerger {
  private final RowLayout layout;
  private final BufferAllocator allocator;

  public PartMerger(RowLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
  }

  /// Takes the merged rows: at most a granule or so, in key order. The batch is gone when it
  /// returns.
  public interface Sink {
    void write(Batch rows);
  }

  /// Watches a merge and stops it. Called from the merging thread after each batch.
  public interface Watcher {
    /// @param rowsRead rows of the inputs that are done
    /// @return false to stop the merge
    boolean proceed(long rowsRead);

    /// Never stops.
    Watcher NONE = _ -> true;
  }

  /// What the merged part's `PartInfo` needs.
  ///
  /// @param rows rows given to the sink; 0 means that nothing was left and there is no part
  /// @param trace what became of each row of the inputs
  /// @param deleted rows given to the sink that a DELETE hides and that had to stay, as they beat
  ///   older rows of their keys
  public record Merged(
      long rows,
      int level,
      List<Long> parents,
      SeqRange sequences,
      List<LogRange> sources,
      MergeTrace trace,
      RoaringBitmap deleted) {}

  /// A part to merge.
  ///
  /// @param deleted rows of it that a DELETE hides; may be empty
  public record Input(Part part, RoaringBitmap deleted) {
    /// A part without deleted rows.
    public static Input of(Part part) {
      return new Input(part, new RoaringBitmap());
    }
  }

  /// The columns of the batches that a merge of these parts gives, in order.
  public List<ColumnDefinition> columns(List<Part> inputs) {
    List<ColumnDefinition> columns = new ArrayList<>(layout.columns());
    for (ColumnDefinition state : layout.stateColumns()) {
      if (inputs.size() > 1 || inputs.getFirst().hasColumn(state.name())) {
        columns.add(state);
      }
    }
    return columns;
  }

  /// As the other, where nobody is about to publish rows older than those of the inputs.
  public Merged merge(List<Part> inputs, List<Part> others, Sink sink, Watcher watcher) {
    return merge(inputs.stream().map(Input::of).toList(), others, true, sink, watcher);
  }

  /// @param others every other live part and memory run of the table: rows that nothing shows any
  ///   more are dropped for good only where none of these can hold their key
  /// @param complete whether no part that is still to come can hold rows older than those of the
  ///   inputs; where one may (an INSERT under way), nothing is dropped
  /// @throws VarveException QUERY_WAS_CANCELLED when the watcher stops it
  public Merged merge(
      List<Input> inputs, List<Part> others, boolean complete, Sink sink, Watcher watcher) {
    List<Input> ordered = new ArrayList<>(inputs);
    ordered.sort(
        Comparator.comparingLong((Input i) -> i.part().info().sequences().first())
            .thenComparingLong(i -> i.part().info().id()));
    List<Part> parts = ordered.stream().map(Input::part).toList();
    try (MergeStream stream =
        new MergeStream(layout, ordered, others, complete, columns(parts), allocator)) {
      for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
        if (batch.rows() > 0) {
          sink.write(batch);
        }
        if (!watcher.proceed(stream.rowsRead())) {
          throw new VarveException(
              ErrorCode.QUERY_WAS_CANCELLED,
              "the merge was stopped after "
                  + stream.rowsRead()
                  + " rows; its parts stay as they were");
        }
      }
      return merged(parts, stream.trace(), stream.deleted());
    }
  }

  private static Merged merged(List<Part> inputs, MergeTrace trace, RoaringBitmap deleted) {
    int level = 0;
    List<Long> parents = new ArrayList<>();
    SeqRange sequences = inputs.getFirst().info().sequences();
    List<LogRange> sources = new ArrayList<>();
    for (Part input : inputs) {
      PartInfo info = input.info();
      level = Math.max(level, info.level());
      parents.add(info.id());
      sequences = sequences.union(info.sequences());
      sources.addAll(info.sources());
    }
    return new Merged(
        trace.outputRows(), level + 1, parents, sequences, united(sources), trace, deleted);
  }

  /// Joins ranges that touch or overlap.
  static List<LogRange> united(List<LogRange> ranges) {
    List<LogRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingInt(LogRange::partition).thenComparingLong(LogRange::from));
    List<LogRange> united = new ArrayList<>();
    for (LogRange range : sorted) {
      LogRange last = united.isEmpty() ? null : united.getLast();
      if (last != null && last.partition() == range.partition() && range.from() <= last.to()) {
        united.removeLast();
        united.add(new LogRange(last.partition(), last.from(), Math.max(last.to(), range.to())));
      } else {
        united.add(range);
      }
    }
    return united;
  }
}
