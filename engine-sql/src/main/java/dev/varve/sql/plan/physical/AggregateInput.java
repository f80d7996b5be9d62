// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What an aggregate has to read and to do, with as little in between as can be: a projection that
/// only moves columns is seen through, keys that others determine are computed behind, and `sum(x +
/// 1), sum(x + 2)` are computed from one sum and one count.
///
/// @param results the columns that the plan wants (without keys' own order changed), computed from
///   what the calls give; empty where they are the plan's already
record AggregateInput(
    Operator operator, List<Integer> keys, List<AggregateCall> calls, List<Expression> results) {

  /// @param sets grouping sets over the keys, by position
  static AggregateInput of(
      Calls calls,
      Operator input,
      List<Integer> keys,
      List<List<Integer>> sets,
      List<AggregateCall> aggregates) {
    AggregateInput plain = new AggregateInput(input, keys, aggregates, List.of());
    if (!(input instanceof Project project)) {
      return plain;
    }
    if (keys.isEmpty()) {
      return plain.withOneSum(calls, project).direct();
    }
    return (sets.size() == 1 ? DependentKeys.without(plain) : plain).direct();
  }

  /// Reads below a projection of which only moved columns are used.
  private AggregateInput direct() {
    if (!(operator instanceof Project(Operator below, List<Expression> expressions))) {
      return this;
    }
    List<Integer> ownKeys = new ArrayList<>();
    for (int key : keys) {
      ownKeys.add(moved(expressions, key));
    }
    List<AggregateCall> ownCalls = new ArrayList<>();
    boolean direct = !ownKeys.contains(-1);
    for (AggregateCall call : calls) {
      List<Integer> arguments = call.arguments().stream().map(a -> moved(expressions, a)).toList();
      int filter = call.filter() < 0 ? -1 : moved(expressions, call.filter());
      direct &= !arguments.contains(-1) && (call.filter() < 0 || filter >= 0);
      ownCalls.add(new AggregateCall(call.function(), arguments, filter, call.distinct()));
    }
    return direct ? new AggregateInput(below, ownKeys, ownCalls, results) : this;
  }

  private static int moved(List<Expression> expressions, int column) {
    return expressions.get(column) instanceof Expression.InputColumn(int index, DataType _)
        ? index
        : -1;
  }

  /// `sum(x + k)` as `sum(x) + k * count()`, where `x + k` cannot leave its type: worth it where
  /// two sums then are one.
  private AggregateInput withOneSum(Calls functions, Project project) {
    List<ShiftedSum> sums = new ArrayList<>();
    Map<Expression, Integer> uses = new HashMap<>();
    for (AggregateCall call : calls) {
      ShiftedSum sum = ShiftedSum.of(call, project.expressions());
      sums.add(sum);
      if (sum != null) {
        uses.merge(sum.value(), 1, Integer::sum);
      }
    }
    if (uses.values().stream().noneMatch(count -> count > 1)) {
      return this;
    }
    List<Expression> inputs = new ArrayList<>(project.expressions());
    List<AggregateCall> run = new ArrayList<>();
    List<Expression> outputs = new ArrayList<>();
    Map<Expression, Integer> sumOf = new HashMap<>();
    AggregateCall rows =
        AggregateCall.of(functions.functions().aggregate("count", List.of(), List.of()));
    run.add(rows);
    Expression count = new Expression.InputColumn(0, rows.function().type());
    for (int c = 0; c < calls.size(); c++) {
      ShiftedSum sum = sums.get(c);
      if (sum == null || uses.get(sum.value()) == 1) {
        outputs.add(new Expression.InputColumn(run.size(), calls.get(c).function().type()));
        run.add(calls.get(c));
        continue;
      }
      int at =
          sumOf.computeIfAbsent(
              sum.value(),
              value -> {
                run.add(sum.unshifted(inputs, functions));
                return run.size() - 1;
              });
      Expression total = new Expression.InputColumn(at, run.get(at).function().type());
      outputs.add(sum.result(total, count));
    }
    return new AggregateInput(new Project(project.input(), inputs), keys, run, outputs);
  }
}
