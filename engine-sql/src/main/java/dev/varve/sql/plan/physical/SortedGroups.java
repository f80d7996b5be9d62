// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.storage.type.DataType;

/// Finds GROUP BYs whose groups lie together in the table that they read.
final class SortedGroups {
  private SortedGroups() {}

  /// The same GROUP BY, which says so if its rows are sorted by its only key.
  static HashAggregate of(HashAggregate aggregate, Estimates estimates) {
    return aggregate.keys().size() == 1
            && aggregate.calls().stream().noneMatch(AggregateCall::distinct)
            && isSorted(aggregate.input(), aggregate.keys().getFirst(), estimates)
        ? aggregate.ofSorted()
        : aggregate;
  }

  private static boolean isSorted(Operator operator, int column, Estimates estimates) {
    return switch (operator) {
      case TableScan scan ->
          estimates.isSorted(scan.view(), scan.columns().get(scan.output().get(column)).name());
      case Filter filter -> isSorted(filter.input(), column, estimates);
      case Project project ->
          project.expressions().get(column) instanceof Expression.InputColumn(int index, DataType _)
              && isSorted(project.input(), index, estimates);
      default -> false;
    };
  }
}
