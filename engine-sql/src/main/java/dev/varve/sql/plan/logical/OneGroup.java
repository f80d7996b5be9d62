// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.sql.plan.validate.AggregateOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// The values of an aggregation without keys, as subqueries that give one value each.
///
/// The stock decorrelation joins with an aggregation by the linked columns, which has no row where
/// nothing matches, and knows of `count` alone that it is 0 there. What another aggregate gives
/// over no rows is asked for in a subquery of its own, which no row links.
final class OneGroup {
  private OneGroup() {}

  static boolean isOneGroup(RelNode node) {
    return node instanceof LogicalAggregate aggregate
        && aggregate.getGroupCount() == 0
        && aggregate.getGroupType() == Aggregate.Group.SIMPLE
        && !aggregate.getAggCallList().isEmpty();
  }

  /// One result; where nothing matches it is what the function gives over no rows, and NULL only
  /// where the type of the result allows it.
  static RexNode value(LogicalAggregate aggregate, int call) {
    AggregateCall chosen = aggregate.getAggCallList().get(call);
    RexNode linked = subquery(aggregate, aggregate.getInput(), chosen);
    if (chosen.getType().isNullable() || !linked.getType().isNullable()) {
      return linked;
    }
    RelNode nothing =
        LogicalValues.createEmpty(aggregate.getCluster(), aggregate.getInput().getRowType());
    RexBuilder builder = aggregate.getCluster().getRexBuilder();
    return builder.makeCall(
        chosen.getType(),
        SqlStdOperatorTable.COALESCE,
        List.of(linked, subquery(aggregate, nothing, chosen)));
  }

  private static RexNode subquery(LogicalAggregate aggregate, RelNode input, AggregateCall call) {
    return RexSubQuery.scalar(
        aggregate.copy(
            aggregate.getTraitSet(),
            input,
            aggregate.getGroupSet(),
            aggregate.getGroupSets(),
            List.of(call)));
  }

  /// What EXISTS and IN ask of an aggregation without keys, which always has one row: nothing, and
  /// whether that row's value is equal. The stock way has no row where nothing matches.
  static Optional<RexNode> asked(RexSubQuery query) {
    RexBuilder builder = query.rel.getCluster().getRexBuilder();
    RelNode rows = query.rel instanceof LogicalProject project ? project.getInput() : query.rel;
    if (!isOneGroup(rows) || RelOptUtil.getVariablesUsed(query.rel).isEmpty()) {
      return Optional.empty();
    }
    if (query.getKind() == SqlKind.EXISTS) {
      return Optional.of(builder.makeLiteral(true));
    }
    if (query.getKind() != SqlKind.IN || query.getOperands().size() != 1) {
      return Optional.empty();
    }
    RexSubQuery value = RexSubQuery.scalar(query.rel);
    return Optional.of(
        builder.makeCall(
            SqlStdOperatorTable.EQUALS,
            query.getOperands().getFirst(),
            counting(value).orElse(value)));
  }

  /// A linked subquery of one value that counts, as `uniq` does, in such a way that it is 0 where
  /// nothing matches; nothing for other subqueries, which are NULL there or are known already.
  static Optional<RexNode> counting(RexSubQuery query) {
    if (query.getKind() != SqlKind.SCALAR_QUERY
        || RelOptUtil.getVariablesUsed(query.rel).isEmpty()) {
      return Optional.empty();
    }
    if (query.rel instanceof LogicalAggregate aggregate) {
      return isOneGroup(aggregate) && counts(aggregate)
          ? Optional.of(value(aggregate, 0))
          : Optional.empty();
    }
    if (query.rel instanceof LogicalProject project
        && project.getInput() instanceof LogicalAggregate aggregate
        && isOneGroup(aggregate)
        && counts(aggregate)
        && isOfColumnsAlone(project.getProjects().getFirst())) {
      return Optional.of(project.getProjects().getFirst().accept(new Values(aggregate)));
    }
    return Optional.empty();
  }

  private static boolean counts(LogicalAggregate aggregate) {
    return aggregate.getAggCallList().stream()
        .anyMatch(call -> call.getAggregation() instanceof AggregateOperator && counts(call));
  }

  /// Whether SQL asks for 0 over no rows, and not for NULL.
  private static boolean counts(AggregateCall call) {
    return call.getAggregation() instanceof AggregateOperator operator
        ? operator.function().startsWith("uniq") || operator.function().startsWith("count")
        : call.getAggregation().getKind() == SqlKind.COUNT;
  }

  /// Whether an expression has neither a subquery nor a column from outside.
  private static boolean isOfColumnsAlone(RexNode expression) {
    List<RexNode> others = new ArrayList<>();
    expression.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitFieldAccess(RexFieldAccess access) {
            others.add(access);
            return null;
          }

          @Override
          public Void visitSubQuery(RexSubQuery query) {
            others.add(query);
            return null;
          }
        });
    return others.isEmpty();
  }

  /// Puts each result in its place. One that does not count stays NULL where nothing matches.
  private static final class Values extends RexShuttle {
    private final LogicalAggregate aggregate;

    Values(LogicalAggregate aggregate) {
      this.aggregate = aggregate;
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      AggregateCall call = aggregate.getAggCallList().get(reference.getIndex());
      return counts(call)
          ? value(aggregate, reference.getIndex())
          : subquery(aggregate, aggregate.getInput(), call);
    }
  }
}
