// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.sql.plan.relation.ArrayJoin;
import dev.varve.sql.plan.relation.FillRows;
import dev.varve.sql.plan.relation.PickJoin;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/// Keeps the ORDER BY of a subquery where somebody sees its order: the result, a LIMIT, an
/// aggregate that lists its rows or takes the first. Drops it elsewhere, so that joins and sums do
/// not pay for it.
final class UnseenSorts {
  private static final List<String> LISTS =
      List.of("grouparray", "groupconcat", "array_agg", "any", "first", "last", "deltasum");

  private static final RexShuttle SUBQUERIES =
      new RexShuttle() {
        @Override
        public RexNode visitSubQuery(RexSubQuery query) {
          return query.clone(drop(query.rel, false));
        }
      };

  private UnseenSorts() {}

  static RelNode drop(RelNode tree) {
    return drop(tree, true);
  }

  private static RelNode drop(RelNode node, boolean seen) {
    return switch (node) {
      case Sort sort when sort.fetch == null && sort.offset == null ->
          seen ? over(sort, false, true) : drop(sort.getInput(), false);
      case Sort sort -> over(sort, sort.getCollation().getFieldCollations().isEmpty(), true);
      case Filter filter -> filtered((Filter) over(filter, seen, true));
      case Project project -> over(project, seen || project.containsOver(), true);
      case ArrayJoin join -> over(join, seen, true);
      case FillRows fill -> over(fill, true, true);
      case Aggregate aggregate -> over(aggregate, lists(aggregate), true);
      case Join join -> over(join, false, false);
      case PickJoin join -> over(join, false, false);
      case Correlate lateral -> over(lateral, false, false);
      default -> over(node, seen, seen);
    };
  }

  private static RelNode over(RelNode node, boolean firstSeen, boolean othersSeen) {
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode input : node.getInputs()) {
      inputs.add(drop(input, inputs.isEmpty() ? firstSeen : othersSeen));
    }
    RelNode changed =
        inputs.equals(node.getInputs()) ? node : node.copy(node.getTraitSet(), inputs);
    return changed.accept(SUBQUERIES);
  }

  // The condition goes below the sort: fewer rows are sorted, and it can reach the table.
  private static RelNode filtered(Filter filter) {
    return filter.getInput() instanceof Sort sort && sort.fetch == null && sort.offset == null
        ? sort.copy(
            sort.getTraitSet(), List.of(filter.copy(filter.getTraitSet(), sort.getInputs())))
        : filter;
  }

  private static boolean lists(Aggregate aggregate) {
    for (AggregateCall call : aggregate.getAggCallList()) {
      String name = call.getAggregation().getName().toLowerCase(java.util.Locale.ROOT);
      if (LISTS.stream().anyMatch(name::startsWith)) {
        return true;
      }
    }
    return false;
  }
}
