// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.sql.plan.relation.ArrayJoin;
import dev.varve.sql.plan.relation.FillRows;
import dev.varve.sql.plan.relation.PickJoin;
import dev.varve.sql.plan.relation.RecursiveRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;

/// Leaves out columns nobody needs, below our own operators too. The methods are found by the type
/// of their first argument.
public final class FieldTrimmer extends RelFieldTrimmer {
  FieldTrimmer(RelBuilder builder) {
    super(null, builder);
  }

  /// The arrays stay, as their lengths count though nobody reads them.
  public TrimResult trimFields(
      ArrayJoin join, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
    int width = join.getRowType().getFieldCount();
    ImmutableBitSet wanted = fieldsUsed.union(ImmutableBitSet.range(width - join.arrays(), width));
    TrimResult input = trimChild(join, join.getInput(), wanted, Set.of());
    Mapping mapping = input.right;
    RelDataTypeFactory.Builder row = join.getCluster().getTypeFactory().builder();
    for (int i = 0; i < mapping.getTargetCount(); i++) {
      row.add(join.getRowType().getFieldList().get(mapping.getSource(i)));
    }
    RelNode trimmed =
        new ArrayJoin(
            join.getCluster(),
            join.getTraitSet(),
            input.left,
            join.arrays(),
            join.isOuter(),
            row.build());
    return result(trimmed, mapping, join);
  }

  /// All columns stay, as any may be filled; those below that none of them needs go.
  public TrimResult trimFields(
      FillRows fill, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
    int width = fill.getRowType().getFieldCount();
    TrimResult input = trimChild(fill, fill.getInput(), ImmutableBitSet.range(width), Set.of());
    RelNode trimmed = fill.copy(fill.getTraitSet(), List.of(input.left));
    return result(trimmed, Mappings.createIdentity(width), fill);
  }

  /// All columns stay: a step may read any of them.
  public TrimResult trimFields(
      RecursiveRows rows, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
    int width = rows.getRowType().getFieldCount();
    ImmutableBitSet all = ImmutableBitSet.range(width);
    TrimResult first = trimChild(rows, rows.getLeft(), all, Set.of());
    TrimResult step = trimChild(rows, rows.getRight(), all, Set.of());
    RelNode trimmed = rows.copy(rows.getTraitSet(), List.of(first.left, step.left));
    return result(trimmed, Mappings.createIdentity(width), rows);
  }

  public TrimResult trimFields(
      PickJoin join, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
    int width = join.getRowType().getFieldCount();
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    ImmutableBitSet wanted = fieldsUsed.union(RelOptUtil.InputFinder.bits(join.condition()));
    ImmutableBitSet ofLeft = wanted.intersect(ImmutableBitSet.range(leftWidth));
    TrimResult left = trimChild(join, join.getLeft(), atLeastOne(ofLeft), Set.of());
    ImmutableBitSet ofRight =
        wanted.intersect(ImmutableBitSet.range(leftWidth, width)).shift(-leftWidth);
    TrimResult right = trimChild(join, join.getRight(), atLeastOne(ofRight), Set.of());
    int newLeft = left.right.getTargetCount();
    int newWidth = newLeft + right.right.getTargetCount();
    Mapping mapping = Mappings.create(MappingType.INVERSE_SURJECTION, width, newWidth);
    List<RelDataTypeField> fields = new ArrayList<>();
    for (int i = 0; i < newWidth; i++) {
      boolean ofLeftSide = i < newLeft;
      int inside = ofLeftSide ? i : i - newLeft;
      TrimResult side = ofLeftSide ? left : right;
      int source = side.right.getSource(inside);
      // A column that was made up, as none is needed, stands for none.
      if (source < 0) {
        fields.add(side.left.getRowType().getFieldList().get(inside));
        continue;
      }
      int place = ofLeftSide ? source : leftWidth + source;
      fields.add(join.getRowType().getFieldList().get(place));
      mapping.set(place, i);
    }
    RexNode condition =
        join.condition()
            .accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitInputRef(RexInputRef reference) {
                    return new RexInputRef(
                        mapping.getTarget(reference.getIndex()), reference.getType());
                  }
                });
    RelNode trimmed =
        new PickJoin(
            join.getCluster(),
            join.getTraitSet(),
            left.left,
            right.left,
            condition,
            join.pick(),
            join.getCluster().getTypeFactory().builder().addAll(fields).build());
    return result(trimmed, mapping, join);
  }

  // An input of which no column is needed would get a made-up one.
  private static ImmutableBitSet atLeastOne(ImmutableBitSet fields) {
    return fields.isEmpty() ? ImmutableBitSet.of(0) : fields;
  }
}
