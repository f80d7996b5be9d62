// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Turns EXISTS and IN of WHERE into semi joins, NOT EXISTS and NOT IN into anti joins, whatever
/// links the subquery to the query outside, if it stands among the subquery's own conditions.
///
/// The stock way joins with the distinct values of the subquery, which is many times the work. What
/// is not of this form stays for it: NOT IN of a subquery without links where a NULL may be on
/// either side, subqueries that aggregate what is linked. A linked NOT IN with NULLs is an anti
/// join by "equal, or nobody knows".
final class SemiJoins extends RelHomogeneousShuttle {
  @Override
  public RelNode visit(RelNode other) {
    RelNode node = super.visit(other);
    return node instanceof LogicalFilter filter ? rewrite(filter) : node;
  }

  private RelNode rewrite(LogicalFilter filter) {
    List<RexNode> plain = new ArrayList<>();
    List<RexNode> subqueries = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
      (subquery(conjunct).isPresent() ? subqueries : plain).add(conjunct);
    }
    if (subqueries.isEmpty()) {
      return filter;
    }
    List<RexNode> left = new ArrayList<>();
    List<RexNode> simple = new ArrayList<>();
    plain.forEach(conjunct -> (hasSubquery(conjunct) ? left : simple).add(conjunct));
    RelNode input = filter(filter.getInput(), simple, Set.of());
    for (RexNode conjunct : subqueries) {
      Optional<RelNode> joined = join(input, conjunct, filter.getVariablesSet());
      if (joined.isPresent()) {
        input = joined.get();
      } else {
        left.add(conjunct);
      }
    }
    return filter(input, left, filter.getVariablesSet());
  }

  private static RelNode filter(RelNode input, List<RexNode> conjuncts, Set<CorrelationId> ids) {
    if (conjuncts.isEmpty()) {
      return input;
    }
    RexNode condition = RexUtil.composeConjunction(input.getCluster().getRexBuilder(), conjuncts);
    return LogicalFilter.create(
        input, condition, com.google.common.collect.ImmutableSet.copyOf(ids));
  }

  private static boolean hasSubquery(RexNode node) {
    return RexUtil.SubQueryFinder.find(node) != null;
  }

  private static Optional<RexSubQuery> subquery(RexNode conjunct) {
    RexNode inner =
        conjunct.getKind() == SqlKind.NOT
            ? ((RexCall) conjunct).getOperands().getFirst()
            : conjunct;
    return inner instanceof RexSubQuery subquery
            && (subquery.getKind() == SqlKind.EXISTS || subquery.getKind() == SqlKind.IN)
        ? Optional.of(subquery)
        : Optional.empty();
  }

  private Optional<RelNode> join(RelNode left, RexNode conjunct, Set<CorrelationId> ids) {
    RexSubQuery subquery = subquery(conjunct).orElseThrow();
    boolean anti = conjunct.getKind() == SqlKind.NOT;
    boolean unknown = subquery.getKind() == SqlKind.IN && anti && mayBeNull(subquery);
    if (unknown && !isLinked(subquery.rel, ids)) {
      return Optional.empty();
    }
    if (subquery.getOperands().stream().anyMatch(SemiJoins::hasSubquery)) {
      return Optional.empty();
    }
    int width = left.getRowType().getFieldCount();
    RelNode query = subquery.rel;
    List<RexNode> values = List.of();
    if (query instanceof LogicalProject project
        && !hasSubquery(project)
        && !project.containsOver()) {
      values = project.getProjects();
      query = project.getInput();
    }
    List<RexNode> own = new ArrayList<>();
    List<RexNode> links = new ArrayList<>();
    Set<CorrelationId> inner = Set.of();
    if (query instanceof LogicalFilter filter) {
      for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
        (isLinked(condition, ids) ? links : own).add(condition);
      }
      inner = filter.getVariablesSet();
      query = filter.getInput();
    }
    if (isLinked(query, ids) || links.stream().anyMatch(SemiJoins::hasSubquery)) {
      return Optional.empty();
    }
    RelNode right = filter(query, own, inner).accept(this);
    RexBuilder builder = left.getCluster().getRexBuilder();
    List<RexNode> conditions = new ArrayList<>();
    for (int i = 0; i < subquery.getOperands().size(); i++) {
      RexNode value = values.isEmpty() ? builder.makeInputRef(right, i) : values.get(i);
      RexNode operand = subquery.getOperands().get(i);
      RexNode other = moved(value, width, left, ids);
      RexNode equal = builder.makeCall(SqlStdOperatorTable.EQUALS, operand, other);
      conditions.add(unknown ? builder.makeCall(SqlStdOperatorTable.IS_NOT_FALSE, equal) : equal);
    }
    links.forEach(link -> conditions.add(moved(link, width, left, ids)));
    return Optional.of(
        LogicalJoin.create(
            left,
            right,
            List.of(),
            RexUtil.composeConjunction(builder, conditions),
            Set.of(),
            anti ? JoinRelType.ANTI : JoinRelType.SEMI));
  }

  private static boolean mayBeNull(RexSubQuery in) {
    return in.getOperands().stream().anyMatch(operand -> operand.getType().isNullable())
        || in.rel.getRowType().getFieldList().stream()
            .anyMatch(field -> field.getType().isNullable());
  }

  private static boolean hasSubquery(LogicalProject project) {
    return project.getProjects().stream().anyMatch(SemiJoins::hasSubquery);
  }

  private static boolean isLinked(RelNode node, Set<CorrelationId> ids) {
    Set<CorrelationId> used = RelOptUtil.getVariablesUsed(node);
    return used.stream().anyMatch(ids::contains);
  }

  private static boolean isLinked(RexNode node, Set<CorrelationId> ids) {
    boolean[] found = new boolean[1];
    node.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitCorrelVariable(RexCorrelVariable variable) {
            found[0] |= ids.contains(variable.id);
            return null;
          }

          @Override
          public Void visitSubQuery(RexSubQuery subquery) {
            found[0] |= isLinked(subquery.rel, ids);
            return super.visitSubQuery(subquery);
          }
        });
    return found[0];
  }

  // Fields of the query outside are the left columns of the join, those of the subquery follow.
  private static RexNode moved(RexNode node, int width, RelNode left, Set<CorrelationId> ids) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return new RexInputRef(reference.getIndex() + width, reference.getType());
          }

          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            return access.getReferenceExpr() instanceof RexCorrelVariable variable
                    && ids.contains(variable.id)
                ? RexInputRef.of(access.getField().getIndex(), left.getRowType())
                : super.visitFieldAccess(access);
          }
        });
  }
}
