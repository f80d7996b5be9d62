// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.relation;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.type.RelDataType;

/// A row for each element of some arrays of a row, which are taken side by side; the last columns
/// are the arrays, and become their elements.
public final class ArrayJoin extends SingleRel {
  private final int arrays;
  private final boolean outer;

  /// @param arrays how many of the last columns are arrays
  /// @param outer whether a row of empty arrays stays, with default values
  public ArrayJoin(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      int arrays,
      boolean outer,
      RelDataType rowType) {
    super(cluster, traits, input);
    this.arrays = arrays;
    this.outer = outer;
    this.rowType = rowType;
  }

  public int arrays() {
    return arrays;
  }

  public boolean isOuter() {
    return outer;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new ArrayJoin(getCluster(), traits, inputs.getFirst(), arrays, outer, rowType);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("arrays", arrays).item("outer", outer);
  }
}
