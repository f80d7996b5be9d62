// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.relation.FillRows;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// Stands in ORDER BY around a value whose gaps are to be filled (its bounds behind it), or for a
/// column that new rows compute (its expression behind it), until [#resolve] makes [FillRows].
final class FillMark extends SqlFunction {
  private static final String ALL = "INTERPOLATE ALL";

  private final String unit;
  private final String stalenessUnit;
  private final boolean interpolates;

  private FillMark(String name, String unit, String stalenessUnit, boolean interpolates) {
    super(
        name,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.ARG0,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.SYSTEM);
    this.unit = unit;
    this.stalenessUnit = stalenessUnit;
    this.interpolates = interpolates;
  }

  /// @param unit of the step: `Days` and its like, or empty for a number
  static FillMark key(String unit, String stalenessUnit) {
    return new FillMark("FILL:" + unit + ":" + stalenessUnit, unit, stalenessUnit, false);
  }

  static FillMark interpolation() {
    return new FillMark("INTERPOLATE", "", "", true);
  }

  /// Of all columns that neither order nor fill: new rows repeat them.
  static SqlNode interpolationOfAll(SqlParserPos position) {
    return new FillMark(ALL, "", "", true)
        .createCall(position, SqlLiteral.createExactNumeric("0", position));
  }

  // No lookup: the operator is here already.
  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    RelDataType type = null;
    for (int i = call.operandCount() - 1; i >= 0; i--) {
      type = validator.deriveType(scope, call.operand(i));
    }
    return type;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }

  static RelNode resolve(RelNode tree) {
    return tree.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            RelNode node = super.visit(other);
            return node instanceof LogicalSort sort
                    && sort.getInput() instanceof LogicalProject project
                    && project.getProjects().stream().anyMatch(e -> mark(e) != null)
                ? filled(sort, project)
                : node;
          }
        });
  }

  private static FillMark mark(RexNode node) {
    return node instanceof RexCall call && call.getOperator() instanceof FillMark mark
        ? mark
        : null;
  }

  private static RexNode value(RexNode node) {
    return mark(node) == null ? node : ((RexCall) node).getOperands().getFirst();
  }

  private static RelNode filled(LogicalSort sort, LogicalProject project) {
    List<RexNode> values = project.getProjects().stream().map(FillMark::value).toList();
    List<RelFieldCollation> collations = new ArrayList<>();
    List<Integer> prefix = new ArrayList<>();
    List<FillRows.Key> keys = new ArrayList<>();
    List<FillRows.Interpolation> interpolations = new ArrayList<>();
    boolean all = false;
    for (RelFieldCollation field : sort.getCollation().getFieldCollations()) {
      RexNode expression = project.getProjects().get(field.getFieldIndex());
      FillMark mark = mark(expression);
      if (mark != null && mark.getName().equals(ALL)) {
        all = true;
        continue;
      }
      if (mark != null && mark.interpolates) {
        interpolations.add(interpolation((RexCall) expression, project.getProjects()));
        continue;
      }
      collations.add(field);
      if (mark != null) {
        keys.add(key((RexCall) expression, field, values));
      } else if (keys.isEmpty()) {
        prefix.add(field.getFieldIndex());
      }
    }
    if (all) {
      interpolations.addAll(repeated(project, prefix, keys));
    }
    RelNode plain =
        LogicalProject.create(
            project.getInput(),
            project.getHints(),
            values,
            project.getRowType().getFieldNames(),
            project.getVariablesSet());
    RelNode sorted = LogicalSort.create(plain, RelCollations.of(collations), null, null);
    RelNode filled =
        new FillRows(sort.getCluster(), plain.getTraitSet(), sorted, prefix, keys, interpolations);
    return sort.offset == null && sort.fetch == null
        ? filled
        : LogicalSort.create(filled, RelCollations.EMPTY, sort.offset, sort.fetch);
  }

  private static List<FillRows.Interpolation> repeated(
      LogicalProject project, List<Integer> prefix, List<FillRows.Key> keys) {
    List<FillRows.Interpolation> repeated = new ArrayList<>();
    for (int i = 0; i < project.getProjects().size(); i++) {
      int column = i;
      RexNode item = project.getProjects().get(i);
      if (mark(item) == null
          && !prefix.contains(column)
          && keys.stream().noneMatch(key -> key.columns().contains(column))) {
        repeated.add(new FillRows.Interpolation(column, new RexInputRef(column, item.getType())));
      }
    }
    return repeated;
  }

  private static FillRows.Key key(RexCall call, RelFieldCollation field, List<RexNode> values) {
    RexNode value = call.getOperands().getFirst();
    List<Integer> columns = new ArrayList<>();
    columns.add(field.getFieldIndex());
    for (int i = 0; i < values.size(); i++) {
      if (i != field.getFieldIndex() && values.get(i).equals(value)) {
        columns.add(i);
      }
    }
    FillMark mark = (FillMark) call.getOperator();
    return new FillRows.Key(
        columns,
        field.getDirection().isDescending(),
        given(call, 1),
        given(call, 2),
        given(call, 3),
        given(call, 4),
        mark.unit,
        mark.stalenessUnit);
  }

  private static RexNode given(RexCall call, int operand) {
    RexNode node = call.getOperands().get(operand);
    return node instanceof RexLiteral literal && literal.isNull() ? null : node;
  }

  private static FillRows.Interpolation interpolation(RexCall call, List<RexNode> items) {
    int column = items.indexOf(call.getOperands().getFirst());
    if (column < 0) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "INTERPOLATE names a column that is not selected");
    }
    RexNode expression =
        call.getOperands()
            .get(1)
            .accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitCall(RexCall inner) {
                    int item = items.indexOf(inner);
                    return item < 0
                        ? super.visitCall(inner)
                        : new RexInputRef(item, inner.getType());
                  }

                  @Override
                  public RexNode visitInputRef(RexInputRef reference) {
                    int item = items.indexOf(reference);
                    if (item < 0) {
                      throw new VarveException(
                          ErrorCode.BAD_ARGUMENTS,
                          "INTERPOLATE computes of columns that are selected");
                    }
                    return new RexInputRef(item, reference.getType());
                  }
                });
    return new FillRows.Interpolation(column, expression);
  }
}
