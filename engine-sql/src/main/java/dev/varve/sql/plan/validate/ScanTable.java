// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.operator.Operator;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelOptSchema;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelDistribution;
import org.apache.calcite.rel.RelDistributions;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelReferentialConstraint;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlAccessType;
import org.apache.calcite.sql.validate.SqlModality;
import org.apache.calcite.sql.validate.SqlMonotonicity;
import org.apache.calcite.util.ImmutableBitSet;

/// A leaf of a plan: where rows come from, and what their columns are.
public final class ScanTable extends Prepare.AbstractPreparingTable {
  /// Where the rows come from.
  public sealed interface Origin {
    /// Parts of a table.
    record Stored(MergeTable table) implements Origin {}

    /// Rows that an operator gives by itself: `numbers(10)`, a file, a system table. Made anew for
    /// each run.
    ///
    /// @param again whether a plan may ask for it more than once
    record Made(Supplier<Operator> operator, boolean again) implements Origin {}

    /// A query that names itself; its tree takes the leaf's place before the plan is optimized.
    record Recursive(RelNode rows) implements Origin {}
  }

  private final String name;
  private final List<String> columns;
  private final List<DataType> types;
  private final RelDataType rowType;
  private final Origin origin;
  private final double rowCount;
  private final Table entry = new Entry(this);
  private RelOptSchema schema;

  ScanTable(
      String name,
      List<String> columns,
      List<DataType> types,
      RelDataType rowType,
      Origin origin,
      double rowCount) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.types = List.copyOf(types);
    this.rowType = rowType;
    this.origin = origin;
    this.rowCount = rowCount;
  }

  void belongsTo(RelOptSchema owner) {
    schema = owner;
  }

  public Origin origin() {
    return origin;
  }

  public List<String> columns() {
    return columns;
  }

  /// The columns' own types, LowCardinality included.
  public List<DataType> types() {
    return types;
  }

  @Override
  public List<String> getQualifiedName() {
    return List.of(name);
  }

  @Override
  public double getRowCount() {
    return rowCount;
  }

  @Override
  public RelDataType getRowType() {
    return rowType;
  }

  @Override
  public RelOptSchema getRelOptSchema() {
    return schema;
  }

  @Override
  public RelNode toRel(ToRelContext context) {
    return LogicalTableScan.create(context.getCluster(), this, List.of());
  }

  @Override
  public List<RelCollation> getCollationList() {
    return List.of();
  }

  @Override
  public RelDistribution getDistribution() {
    return RelDistributions.ANY;
  }

  @Override
  public boolean isKey(ImmutableBitSet key) {
    return false;
  }

  @Override
  public List<ImmutableBitSet> getKeys() {
    return List.of();
  }

  @Override
  public List<RelReferentialConstraint> getReferentialConstraints() {
    return List.of();
  }

  @Override
  public Expression getExpression(Class clazz) {
    return null;
  }

  @Override
  protected RelOptTable extend(Table extended) {
    throw new UnsupportedOperationException("columns are not added to " + name);
  }

  @Override
  public SqlMonotonicity getMonotonicity(String column) {
    return SqlMonotonicity.NOT_MONOTONIC;
  }

  @Override
  public SqlAccessType getAllowedAccess() {
    return SqlAccessType.READ_ONLY;
  }

  @Override
  public boolean supportsModality(SqlModality modality) {
    return modality == SqlModality.RELATION;
  }

  @Override
  public boolean isTemporal() {
    return false;
  }

  /// This leaf as an entry of a schema, which the validator walks.
  Table entry() {
    return entry;
  }

  @Override
  public <C> C unwrap(Class<C> wanted) {
    return wanted.isInstance(this)
        ? wanted.cast(this)
        : wanted.isInstance(entry) ? wanted.cast(entry) : null;
  }

  private static final class Entry extends AbstractTable {
    private final ScanTable leaf;

    Entry(ScanTable leaf) {
      this.leaf = leaf;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory types) {
      return leaf.getRowType();
    }

    @Override
    public <C> C unwrap(Class<C> wanted) {
      return wanted.isInstance(leaf) ? wanted.cast(leaf) : super.unwrap(wanted);
    }
  }

  /// The table behind a leaf, if it is one with parts.
  public Optional<MergeTable> stored() {
    return origin instanceof Origin.Stored(MergeTable table)
        ? Optional.of(table)
        : Optional.empty();
  }
}
