// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.vector.Batch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Merges parts of one partition into the sorted, collapsed rows of one part. What becomes of the
/// rows is the caller's: it opens a part writer with [#columns], gives its `write` as the sink, and
/// commits. Safe for threads; each merge runs in one.
public final class PartMerger {
  private final RowLayout layout;
  private final BufferAllocator allocator;

  public PartMerger(RowLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
  }

  /// Takes the merged rows: at most a granule, in key order. The batch is gone when it returns.
  public interface Sink {
    void write(Batch rows);
  }

  /// Watches a merge and stops it. Called from the merging thread after each granule.
  public interface Watcher {
    /// @param rowsRead rows of the inputs that are done
    /// @return false to stop the merge
    boolean proceed(long rowsRead);

    /// Never stops.
    Watcher NONE = rowsRead -> true;
  }

  /// What the merged part's `PartInfo` needs.
  ///
  /// @param rows rows given to the sink; 0 means that nothing was left and there is no part
  public record Merged(
      long rows, int level, List<Long> parents, SeqRange sequences, List<LogRange> sources) {}

  /// The columns of the batches that a merge of these parts gives, in order.
  public List<ColumnDefinition> columns(List<Part> inputs) {
    throw new UnsupportedOperationException("not built yet " + layout);
  }

  /// @param others every other live part and memory run of the table: rows that nothing shows any
  ///     more are dropped for good only where none of these can hold their key
  /// @throws dev.varve.storage.error.VarveException QUERY_WAS_CANCELLED when the watcher stops it
  public Merged merge(List<Part> inputs, List<Part> others, Sink sink, Watcher watcher) {
    throw new UnsupportedOperationException("not built yet " + allocator);
  }
}
