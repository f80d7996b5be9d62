// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// In which order the DEFAULT expressions of columns are evaluated: those that others name first.
final class DefaultOrder {
  private final List<ColumnDefinition> columns;
  private final TableDefinition table;
  private final Set<String> done = new HashSet<>();
  private final List<Integer> order = new ArrayList<>();

  private DefaultOrder(List<ColumnDefinition> columns, TableDefinition table) {
    this.columns = columns;
    this.table = table;
  }

  /// Positions of `columns`.
  static int[] of(List<ColumnDefinition> columns, TableDefinition table) {
    DefaultOrder order = new DefaultOrder(columns, table);
    // Those of a Nested need no other's expression, only how long its arrays are.
    columns.stream().filter(c -> c.expression().isEmpty()).forEach(order::visit);
    columns.forEach(order::visit);
    return order.order.stream().mapToInt(Integer::intValue).toArray();
  }

  private void visit(ColumnDefinition column) {
    if (!done.add(column.name())) {
      return;
    }
    for (String name : RowLayout.columnsIn(table, column.expression())) {
      table.column(name).ifPresent(this::visit);
    }
    int at = columns.indexOf(column);
    if (at >= 0) {
      order.add(at);
    }
  }
}
