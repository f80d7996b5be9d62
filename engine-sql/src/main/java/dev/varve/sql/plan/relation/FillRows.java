// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.relation;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rex.RexNode;

/// ORDER BY … WITH FILL: sorted rows, and rows for the values that are missing between them.
public final class FillRows extends SingleRel {
  /// A column whose gaps are filled. The bounds are constants, null where not given.
  ///
  /// @param columns where the value stands, the sorted one first
  /// @param unit of the step: `Days` and its like, or empty for a number
  public record Key(
      List<Integer> columns,
      boolean descending,
      RexNode from,
      RexNode to,
      RexNode step,
      RexNode staleness,
      String unit,
      String stalenessUnit) {}

  /// A column that a new row computes of the row before; over the columns of the row.
  public record Interpolation(int column, RexNode expression) {}

  private final List<Integer> prefix;
  private final List<Key> keys;
  private final List<Interpolation> interpolations;

  /// @param prefix sorted columns before the first key; each of their values is filled on its own
  public FillRows(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      List<Integer> prefix,
      List<Key> keys,
      List<Interpolation> interpolations) {
    super(cluster, traits, input);
    this.prefix = List.copyOf(prefix);
    this.keys = List.copyOf(keys);
    this.interpolations = List.copyOf(interpolations);
  }

  public List<Integer> prefix() {
    return prefix;
  }

  public List<Key> keys() {
    return keys;
  }

  public List<Interpolation> interpolations() {
    return interpolations;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new FillRows(getCluster(), traits, inputs.getFirst(), prefix, keys, interpolations);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("keys", keys).item("interpolate", interpolations);
  }
}
