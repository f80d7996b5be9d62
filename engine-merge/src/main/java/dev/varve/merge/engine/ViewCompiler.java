// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Batch;
import java.util.List;
import java.util.function.Consumer;

/// Runs the queries of materialized views. The engine never reads SQL: engine-sql implements this.
/// Safe for threads.
public interface ViewCompiler {
  /// The table whose inserted blocks a view transforms: the first one in its FROM.
  TableName source(TableDefinition view);

  /// Runs the view's query with the block in place of its source. Other tables that the query names
  /// are read as they are now.
  ///
  /// @param target takes the rows
  /// @param sink gets batches of the insertable columns of the target; each lives until the next
  void transform(Block block, MergeTable target, Consumer<Batch> sink);

  /// Rows on their way into a table.
  ///
  /// @param columns the stored columns of the source, hidden ones included, in the order of `rows`
  record Block(
      TableDefinition view,
      TableDefinition source,
      List<ColumnDefinition> columns,
      List<Batch> rows) {
    public Block {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
    }
  }
}
