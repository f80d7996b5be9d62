// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/// What the validator lets pass. Liberal, but for two habits: a non-strict GROUP BY gives wrong
/// subtotals under ROLLUP, and aliases in expressions are resolved before the validator sees them.
final class Conformance extends SqlDelegatingConformance {
  Conformance() {
    super(SqlConformanceEnum.BABEL);
  }

  @Override
  public boolean isNonStrictGroupBy() {
    return false;
  }

  @Override
  public SelectAliasLookup isSelectAlias() {
    return SelectAliasLookup.UNSUPPORTED;
  }
}
