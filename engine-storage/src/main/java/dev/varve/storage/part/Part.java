// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.index.SparseIndex;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Sorted immutable rows in granules: a part on disk, or a run in memory over the tail of the log.
/// Safe for threads; readers are not.
///
/// Rows are sorted by the normalised sorting key, then by `_seq`. Under the five rules that
/// collapse keys each key stands once.
public interface Part {
  /// The hidden column of insert sequences, Int64.
  String SEQ = "_seq";

  PartInfo info();

  /// The stored columns, hidden ones (`_seq`, key expressions, rule state) included.
  List<ColumnDefinition> columns();

  boolean hasColumn(String name);

  int granules();

  /// Rows of a granule: 1 to 8,192.
  int granuleRows(int granule);

  /// Number of the granule's first row in the part.
  long granuleFirstRow(int granule);

  /// Normalised sorting key of the granule's first row: `memcmp` order is key order. Not to be
  /// changed by the caller.
  byte[] firstKey(int granule);

  /// Normalised sorting key of the part's last row.
  byte[] lastKey();

  /// The same keys as an index: finds the granules that may hold keys of a range.
  SparseIndex index();

  /// Bounds and sums of a stored column, or null where none are kept.
  ColumnStats stats(String column, int granule);

  /// As [#stats], but perhaps without the sum: what is asked of every granule before a scan.
  default ColumnStats bounds(String column, int granule) {
    return stats(column, granule);
  }

  /// A reader of these stored columns. Its memory comes from the allocator and goes with its close.
  PartReader open(List<String> columns, BufferAllocator allocator);

  /// As [#open], for a query: blocks that the engine's cache holds are not read again, and those
  /// read are left there for the next.
  default PartReader openCached(List<String> columns, BufferAllocator allocator) {
    return open(columns, allocator);
  }

  /// Bytes of a column on disk (or in memory), compressed and plain.
  ColumnBytes columnBytes(String column);

  /// @param stored bytes on disk; for a run in memory, bytes held
  /// @param plain bytes before encoding
  /// @param marks bytes of metadata: where granules are, and what is known of each
  record ColumnBytes(long stored, long plain, long marks) {
    public ColumnBytes plus(ColumnBytes other) {
      return new ColumnBytes(stored + other.stored, plain + other.plain, marks + other.marks);
    }
  }
}
