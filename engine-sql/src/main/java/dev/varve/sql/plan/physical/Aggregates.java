// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.function.definition.BoundAggregate;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.sql.plan.validate.AggregateOperator;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/// GROUP BY: the plan's aggregate calls as ours. What is no aggregate of rows (GROUPING, a constant
/// that unnesting put there) is computed behind.
final class Aggregates {
  private final Calls calls;
  private final Estimates estimates;

  Aggregates(Calls calls, Estimates estimates) {
    this.calls = calls;
    this.estimates = estimates;
  }

  Operator of(Aggregate aggregate, Operator input) {
    List<Integer> keys = aggregate.getGroupSet().asList();
    List<List<Integer>> sets = new ArrayList<>();
    for (ImmutableBitSet set : aggregate.getGroupSets()) {
      sets.add(set.asList().stream().map(keys::indexOf).toList());
    }
    List<AggregateCall> run = new ArrayList<>();
    for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
      if (!isComputed(call)) {
        run.add(call(call, input.types()));
      }
    }
    boolean checked =
        aggregate.getAggCallList().stream()
            .anyMatch(call -> call.getAggregation().getKind() == SqlKind.SINGLE_VALUE);
    if (checked) {
      run.add(AggregateCall.of(calls.functions().aggregate("count", List.of(), List.of())));
    }
    Operator grouped =
        StoredSums.of(calls, estimates, input, keys, sets, run)
            .orElseGet(() ->
                grouped(
                    AggregateInput.of(calls, input, keys, sets, run, estimates), sets, estimates));
    return run.size() == aggregate.getAggCallList().size() && sets.size() == 1
        ? grouped
        : behind(aggregate, grouped, keys.size());
  }

  static Operator grouped(AggregateInput input, List<List<Integer>> sets, Estimates estimates) {
    Operator rows =
        sets.size() == 1
            ? SortedGroups.of(
                HashAggregate.of(input.operator(), input.keys(), input.calls()), estimates)
            : new HashAggregate(input.operator(), input.keys(), sets, input.calls());
    boolean single = input.keys().isEmpty() && sets.size() == 1;
    Operator grouped =
        single ? MetadataAnswers.of(input.operator(), input.calls(), rows).orElse(rows) : rows;
    return input.results().isEmpty() ? grouped : new Project(grouped, input.results());
  }

  private static boolean isComputed(org.apache.calcite.rel.core.AggregateCall call) {
    SqlKind kind = call.getAggregation().getKind();
    return kind == SqlKind.GROUPING || kind == SqlKind.GROUPING_ID || kind == SqlKind.LITERAL_AGG;
  }

  private AggregateCall call(
      org.apache.calcite.rel.core.AggregateCall call, List<DataType> inputs) {
    List<Integer> arguments = call.getArgList();
    List<DataType> types = arguments.stream().map(inputs::get).toList();
    boolean distinct =
        call.isDistinct()
            && call.getAggregation().getKind() != SqlKind.MIN
            && call.getAggregation().getKind() != SqlKind.MAX;
    if (call.getAggregation().getKind() == SqlKind.COUNT
        && !distinct
        && types.stream().noneMatch(DataType::isNullable)) {
      arguments = List.of();
      types = List.of();
    }
    return new AggregateCall(function(call, types), arguments, call.filterArg, distinct);
  }

  private BoundAggregate function(
      org.apache.calcite.rel.core.AggregateCall call, List<DataType> types) {
    if (call.getAggregation() instanceof AggregateOperator ours) {
      return calls.functions().aggregate(ours.function(), ours.parameters(), types);
    }
    return switch (call.getAggregation().getKind()) {
      case COUNT -> calls.functions().aggregate("count", List.of(), types);
      case MIN -> calls.functions().aggregate("min", List.of(), types);
      case MAX -> calls.functions().aggregate("max", List.of(), types);
      case SUM0 -> calls.functions().aggregate("sum", List.of(), types);
      case SUM -> calls.functions().orNull(calls.functions().aggregate("sum", List.of(), types));
      case ANY_VALUE -> calls.functions().aggregate("any", List.of(), types);
      case SINGLE_VALUE ->
          calls.functions().orNull(calls.functions().aggregate("any", List.of(), types));
      default ->
          throw new VarveException(
              ErrorCode.NOT_IMPLEMENTED,
              "the aggregate " + call.getAggregation().getName() + " is not supported");
    };
  }

  // Keys and calls in the plan's order, without the number of the grouping set.
  private Operator behind(Aggregate aggregate, Operator grouped, int keys) {
    List<DataType> types = grouped.types();
    List<Expression> expressions = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      expressions.add(new Expression.InputColumn(i, types.get(i)));
    }
    int next = keys;
    int rows = types.size() - (aggregate.getGroupSets().size() > 1 ? 2 : 1);
    for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
      if (!isComputed(call)) {
        Expression value = new Expression.InputColumn(next, types.get(next));
        expressions.add(
            call.getAggregation().getKind() == SqlKind.SINGLE_VALUE
                ? OneRow.of(value, new Expression.InputColumn(rows, types.get(rows)))
                : value);
        next++;
      } else if (call.getAggregation().getKind() == SqlKind.LITERAL_AGG) {
        RexLiteral literal = (RexLiteral) call.rexList.getFirst();
        expressions.add(
            Literals.of(
                literal,
                ((dev.varve.sql.plan.type.RelTypeFactory) aggregate.getCluster().getTypeFactory())
                    .dataType(literal.getType())));
      } else {
        expressions.add(grouping(aggregate, call.getArgList(), types.size() - 1));
      }
    }
    return new Project(grouped, expressions);
  }

  // One bit for each argument, 1 where the row's grouping set does not hold it.
  private Expression grouping(Aggregate aggregate, List<Integer> arguments, int setColumn) {
    List<Long> bits = new ArrayList<>();
    for (ImmutableBitSet set : aggregate.getGroupSets()) {
      long value = 0;
      for (int argument : arguments) {
        value = value << 1 | (set.get(argument) ? 0 : 1);
      }
      bits.add(value);
    }
    Expression result = new Expression.Literal(bits.getFirst(), DataTypes.INT64);
    if (bits.size() == 1) {
      return result;
    }
    Expression set = new Expression.InputColumn(setColumn, DataTypes.UINT32);
    List<Expression> conditions = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    for (int i = 1; i < bits.size(); i++) {
      conditions.add(calls.call("equals", set, new Expression.Literal((long) i, DataTypes.UINT32)));
      values.add(new Expression.Literal(bits.get(i), DataTypes.INT64));
    }
    return new Expression.Case(conditions, values, result, DataTypes.INT64);
  }
}
