// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/// Takes what stood in the query's place for things the converter does not know out of the tree,
/// that of subqueries included.
final class Marks {
  private Marks() {}

  static RelNode resolve(RelNode tree) {
    RelNode joins = PickMark.resolve(Recursion.resolve(tree));
    RelNode inside =
        joins.accept(
            new RelHomogeneousShuttle() {
              @Override
              public RelNode visit(RelNode other) {
                return super.visit(other).accept(SUBQUERIES);
              }
            });
    return FillMark.resolve(inside.accept(new ArrayJoins()));
  }

  private static final RexShuttle SUBQUERIES =
      new RexShuttle() {
        @Override
        public RexNode visitSubQuery(RexSubQuery query) {
          return query.clone(resolve(query.rel));
        }
      };
}
