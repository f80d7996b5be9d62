// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Shared;
import dev.varve.sql.operator.WorkingTable;
import dev.varve.sql.plan.relation.RecursiveRows;
import dev.varve.sql.plan.validate.ScanTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelDigest;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexUtil;

/// Finds what a query asks for twice: equal GROUP BYs over equal inputs, as from a view or a WITH
/// that is named more than once. They run once. Only GROUP BYs, since what they give is small
/// against what they read, and is held in memory.
final class CommonSubplans {
  private final Map<RelDigest, Integer> times = new HashMap<>();
  private final Map<RelDigest, Shared> made = new HashMap<>();
  private final Set<RelDigest> counted = new HashSet<>();

  /// Looks at a whole query.
  void count(RelNode node) {
    if (node instanceof Aggregate && isRepeatable(node)) {
      times.merge(node.getRelDigest(), 1, Integer::sum);
      if (!counted.add(node.getRelDigest())) {
        // What stands below the second one is not run again, so it is not counted again.
        return;
      }
    }
    node.getInputs().forEach(this::count);
  }

  // A random number is drawn anew wherever it is asked for.
  private static boolean isRepeatable(RelNode node) {
    boolean own =
        switch (node) {
          case Project project -> project.getProjects().stream().allMatch(RexUtil::isDeterministic);
          // What a recursive query hands to a step is other rows for each step.
          case RecursiveRows _ -> false;
          case TableScan scan ->
              !(Scans.table(scan).origin() instanceof ScanTable.Origin.Made made)
                  || !(made.operator().get() instanceof WorkingTable);
          case Filter filter -> RexUtil.isDeterministic(filter.getCondition());
          default -> true;
        };
    return own && node.getInputs().stream().allMatch(CommonSubplans::isRepeatable);
  }

  /// The operator of a GROUP BY, the same one wherever an equal one stands.
  Operator of(Aggregate aggregate, Supplier<Operator> operator) {
    if (times.getOrDefault(aggregate.getRelDigest(), 0) < 2) {
      return operator.get();
    }
    Shared shared = made.get(aggregate.getRelDigest());
    if (shared == null) {
      shared = new Shared(JoinKeyPushing.of(ColumnPruning.of(operator.get())));
      made.put(aggregate.getRelDigest(), shared);
    }
    return shared;
  }
}
