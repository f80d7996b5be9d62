// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.catalog;

import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import java.util.List;
import java.util.function.Supplier;

/// What stands behind a name in FROM.
public sealed interface Relation {
  /// A table with parts.
  record Stored(MergeTable table) implements Relation {}

  /// Rows on their way into a table, which a materialized view reads in its place.
  ///
  /// @param definition of the table
  /// @param columns of the batches; those the definition names are found by name
  /// @param batches gives the rows of each run
  record Block(
      TableDefinition definition, List<ColumnDefinition> columns, Supplier<List<Batch>> batches)
      implements Relation {
    public Block {
      columns = List.copyOf(columns);
    }
  }

  /// A view: `definition.query()` in the dialect, names resolved in the view's own database.
  record View(TableDefinition definition) implements Relation {}

  /// Rows made at each read, as the objects that `VectorValues` names.
  record Rows(String name, List<ColumnDefinition> columns, Supplier<List<List<Object>>> rows)
      implements Relation {
    public Rows {
      columns = List.copyOf(columns);
    }
  }
}
