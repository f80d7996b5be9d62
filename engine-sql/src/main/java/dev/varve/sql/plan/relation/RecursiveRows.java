// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.relation;

import dev.varve.sql.operator.WorkingTable;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;

/// WITH RECURSIVE: the rows of the left input, and of the right one over the rows before, again and
/// again. The right input reads them from a working table.
public final class RecursiveRows extends BiRel {
  private static final double ROWS = 10_000;

  private final String name;
  private final WorkingTable working;
  private final boolean distinct;
  private final long maxSteps;
  private final RelDataType type;

  public RecursiveRows(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode first,
      RelNode step,
      String name,
      WorkingTable working,
      boolean distinct,
      long maxSteps,
      RelDataType type) {
    super(cluster, traits, first, step);
    this.name = name;
    this.working = working;
    this.distinct = distinct;
    this.maxSteps = maxSteps;
    this.type = type;
  }

  public String name() {
    return name;
  }

  public WorkingTable working() {
    return working;
  }

  /// Whether a row comes once.
  public boolean isDistinct() {
    return distinct;
  }

  public long maxSteps() {
    return maxSteps;
  }

  @Override
  protected RelDataType deriveRowType() {
    return type;
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    return ROWS;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new RecursiveRows(
        getCluster(),
        traits,
        inputs.get(0),
        inputs.get(1),
        name,
        working,
        distinct,
        maxSteps,
        type);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("name", name).item("distinct", distinct);
  }
}
