// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.plan.logical.Estimates;
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
      List<AggregateCall> aggregates,
      Estimates estimates) {
    AggregateInput plain = new AggregateInput(input, keys, aggregates, List.of());
    if (keys.isEmpty()) {
      return input instanceof Project project ? plain.withOneSum(calls, project).direct() : plain;
    }
    if (sets.size() > 1) {
      return plain.direct();
    }
    return DependentKeys.without(plain).direct().determined(calls, estimates);
  }

  /// Groups by keys alone that determine the others; of those any value of a group will do.
  private AggregateInput determined(Calls functions, Estimates estimates) {
    if (keys.size() < 2) {
      return this;
    }
    List<DataType> types = operator.types();
    List<Integer> kept = Dependencies.of(operator, estimates).determining(keys, types);
    if (kept.size() == keys.size()) {
      return this;
    }
    List<AggregateCall> run = new ArrayList<>(calls);
    List<Integer> places = new ArrayList<>();
    List<DataType> outputs = new ArrayList<>();
    for (int key : keys) {
      int place = kept.indexOf(key);
      if (place < 0) {
        place = kept.size() + run.size();
        BoundAggregate any = any(functions, types.get(key));
        if (!any.type().equals(types.get(key))) {
          return this;
        }
        run.add(AggregateCall.of(any, key));
      }
      places.add(place);
      outputs.add(types.get(key));
    }
    for (int c = 0; c < calls.size(); c++) {
      places.add(kept.size() + c);
      outputs.add(calls.get(c).function().type());
    }
    List<Expression> given = results;
    if (results.isEmpty()) {
      given = new ArrayList<>();
      for (int i = 0; i < outputs.size(); i++) {
        given.add(new Expression.InputColumn(i, outputs.get(i)));
      }
    }
    return new AggregateInput(operator, kept, run, Columns.mapped(given, places::get));
  }

  /// A value of a column that is the same in all rows of a group.
  static BoundAggregate any(Calls functions, DataType type) {
    BoundAggregate any = functions.functions().aggregate("any", List.of(), List.of(type));
    return type.isNullable() ? functions.functions().orNull(any) : any;
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
