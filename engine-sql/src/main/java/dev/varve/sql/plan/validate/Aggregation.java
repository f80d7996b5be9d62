// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/// Looks for aggregates in rewritten expressions; those of subqueries and windows do not count.
final class Aggregation extends SqlBasicVisitor<Void> {
  private boolean found;

  private Aggregation() {}

  static boolean isIn(SqlNode node) {
    Aggregation search = new Aggregation();
    node.accept(search);
    return search.found;
  }

  @Override
  public Void visit(SqlCall call) {
    if (call.getOperator().isAggregator()) {
      found = true;
      return null;
    }
    return call.isA(SqlKind.QUERY) || call.getKind() == SqlKind.OVER ? null : super.visit(call);
  }
}
