// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keys of a GROUP BY that other keys determine: constants, a column that stands there twice, and
/// `x - 1` beside `x`. Rows need not be grouped by them; they are computed once for each group.
final class DependentKeys {
  private DependentKeys() {}

  /// The aggregate without such keys and with what computes them behind it, or the same where there
  /// are none.
  static AggregateInput without(AggregateInput all) {
    if (!(all.operator() instanceof Project(Operator _, List<Expression> expressions))) {
      return all;
    }
    BitSet columns = new BitSet();
    for (int key : all.keys()) {
      if (expressions.get(key) instanceof Expression.InputColumn(int index, DataType _)) {
        columns.set(index);
      }
    }
    List<Integer> kept = new ArrayList<>();
    Map<Integer, Integer> places = new HashMap<>();
    for (int key : all.keys()) {
      Expression expression = expressions.get(key);
      if (expression instanceof Expression.InputColumn(int index, DataType _)
          ? places.putIfAbsent(index, kept.size()) == null
          : !isDetermined(expression, columns)) {
        kept.add(key);
      }
    }
    // Without any key there would be a group even of no rows.
    if (kept.isEmpty() || kept.size() == all.keys().size()) {
      return all;
    }
    List<Expression> results = new ArrayList<>();
    for (int key : all.keys()) {
      Expression expression = expressions.get(key);
      int place = kept.indexOf(key);
      results.add(
          place >= 0
              ? new Expression.InputColumn(place, expression.type())
              : Columns.mapped(expression, places::get));
    }
    for (AggregateCall call : all.calls()) {
      int place = kept.size() + results.size() - all.keys().size();
      results.add(new Expression.InputColumn(place, call.function().type()));
    }
    return new AggregateInput(all.operator(), kept, all.calls(), results);
  }

  /// Whether the value is the same in all rows of the query that have the same values in these
  /// columns.
  private static boolean isDetermined(Expression expression, BitSet columns) {
    return switch (expression) {
      case Expression.InputColumn(int index, DataType _) -> columns.get(index);
      case Expression.Lambda _ -> false;
      case Expression.Call(BoundFunction function, List<Expression> arguments) ->
          function.stability() != BoundFunction.Stability.VOLATILE
              && arguments.stream().allMatch(argument -> isDetermined(argument, columns));
      default -> expression.children().stream().allMatch(child -> isDetermined(child, columns));
    };
  }
}
