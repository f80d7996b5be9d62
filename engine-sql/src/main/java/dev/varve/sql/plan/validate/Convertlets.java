// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.NumberTypes;
import dev.varve.sql.plan.OpenValues;
import dev.varve.sql.plan.type.RelType;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.StandardConvertletTable;

/// Turns calls of our operators into the plan's expressions.
///
/// Comparisons become the standard operators, by which planner rules know keys of joins and ranges;
/// a constant on one side takes the type of the other where it fits, so that neither planner rules
/// nor kernels meet two types where there is one.
final class Convertlets implements SqlRexConvertletTable {
  private final Typing typing;
  private final OpenValues open;

  /// @param open literals that are to stay recognizable
  Convertlets(Typing typing, OpenValues open) {
    this.typing = typing;
    this.open = open;
  }

  @Override
  public SqlRexConvertlet get(SqlCall call) {
    SqlOperator operator = call.getOperator();
    return switch (operator) {
      case SqlOperator _ when Captures.isCaptured(call) -> Convertlets::same;
      case ComparisonOperator _ -> this::comparison;
      case TruthOperator _ -> (context, truth) -> truth(context, truth.operand(0));
      case InListOperator _,
          ScalarOperator _,
          CastOperator _,
          PickMark _,
          ArrayJoinMark _,
          FillMark _ ->
          Convertlets::same;
      default -> StandardConvertletTable.INSTANCE.get(call);
    };
  }

  private static RexNode same(SqlRexContext context, SqlCall call) {
    List<RexNode> operands = new ArrayList<>();
    for (SqlNode operand : call.getOperandList()) {
      operands.add(context.convertExpression(operand));
    }
    RelDataType type = context.getValidator().getValidatedNodeType(call);
    return context.getRexBuilder().makeCall(type, call.getOperator(), operands);
  }

  private RexNode truth(SqlRexContext context, SqlNode operand) {
    RexNode value = context.convertExpression(operand);
    if (value.getType().getSqlTypeName() == SqlTypeName.BOOLEAN) {
      return value;
    }
    RexBuilder builder = context.getRexBuilder();
    if (value.getType().getSqlTypeName() == SqlTypeName.NULL) {
      return builder.makeNullLiteral(typing.types().of(DataTypes.nullable(DataTypes.BOOL)));
    }
    RexNode zero = builder.makeExactLiteral(BigDecimal.ZERO, typing.types().of(DataTypes.UINT8));
    return compare(builder, SqlKind.NOT_EQUALS, value, zero, operand, List.of());
  }

  private RexNode comparison(SqlRexContext context, SqlCall call) {
    return compare(
        context.getRexBuilder(),
        call.getKind(),
        context.convertExpression(call.operand(0)),
        context.convertExpression(call.operand(1)),
        call,
        call.getOperandList());
  }

  /// @param written what the sides are made of; empty where nobody wrote them
  private RexNode compare(
      RexBuilder builder,
      SqlKind kind,
      RexNode left,
      RexNode right,
      SqlNode place,
      List<SqlNode> written) {
    RexNode adaptedLeft = adapt(builder, left, right.getType());
    RexNode adaptedRight = adapt(builder, right, adaptedLeft.getType());
    try {
      typing
          .functions()
          .commonType(
              List.of(
                  typing.types().dataType(adaptedLeft.getType()),
                  typing.types().dataType(adaptedRight.getType())));
    } catch (VarveException e) {
      throw Place.at(place.getParserPosition(), e);
    }
    if (written.isEmpty()) {
      return builder.makeCall(standard(kind), adaptedLeft, adaptedRight);
    }
    return builder.makeCall(
        standard(kind),
        opened(builder, written.get(0), adaptedLeft, adaptedLeft != left),
        opened(builder, written.get(1), adaptedRight, adaptedRight != right));
  }

  /// A literal that may have another value the next time, marked so that it can be exchanged.
  private RexNode opened(RexBuilder builder, SqlNode written, RexNode node, boolean adapted) {
    int index =
        written instanceof SqlLiteral
            ? open.indexOf(
                written.getParserPosition().getLineNum(),
                written.getParserPosition().getColumnNum())
            : -1;
    if (index < 0) {
      return node;
    }
    if (node instanceof RexLiteral literal && node.getType() instanceof RelType type) {
      boolean isText = type.bare() instanceof DataType.Text;
      if (isText || literal.getValue() instanceof BigDecimal) {
        open.settle(index, type.bare(), adapted);
        return builder.makeCall(type, new OpenValueOperator(index), List.of(literal));
      }
    }
    if (node instanceof RexCall call
        && call.getOperator() instanceof CastOperator cast
        && isMoment(cast.target())
        && call.getOperands().getFirst() instanceof RexLiteral text
        && text.getType() instanceof RelType type) {
      open.settle(index, type.bare(), adapted);
      RexNode inside = builder.makeCall(type, new OpenValueOperator(index), List.of(text));
      return call.clone(call.getType(), List.of(inside));
    }
    return node;
  }

  private static boolean isMoment(DataType type) {
    return type instanceof DataType.Date
        || type instanceof DataType.Date32
        || type instanceof DataType.DateTime
        || type instanceof DataType.DateTime64
        || type instanceof DataType.Time
        || type instanceof DataType.Time64;
  }

  private static SqlOperator standard(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> SqlStdOperatorTable.EQUALS;
      case NOT_EQUALS -> SqlStdOperatorTable.NOT_EQUALS;
      case LESS_THAN -> SqlStdOperatorTable.LESS_THAN;
      case LESS_THAN_OR_EQUAL -> SqlStdOperatorTable.LESS_THAN_OR_EQUAL;
      case GREATER_THAN -> SqlStdOperatorTable.GREATER_THAN;
      case GREATER_THAN_OR_EQUAL -> SqlStdOperatorTable.GREATER_THAN_OR_EQUAL;
      case IS_DISTINCT_FROM -> SqlStdOperatorTable.IS_DISTINCT_FROM;
      case IS_NOT_DISTINCT_FROM -> SqlStdOperatorTable.IS_NOT_DISTINCT_FROM;
      default -> throw new IllegalStateException("not a comparison: " + kind);
    };
  }

  // A constant in the type of what it is compared with: text as a date, 24 as Decimal(15, 2).
  private RexNode adapt(RexBuilder builder, RexNode node, RelDataType other) {
    if (!(node instanceof RexLiteral literal)
        || literal.isNull()
        || !(other instanceof RelType wanted)
        || !(node.getType() instanceof RelType own)
        || own.bare().equals(wanted.bare())) {
      return node;
    }
    if (own.bare() instanceof DataType.Text) {
      // A whole number that the type does not hold is compared as the number it is.
      String text = literal.getValueAs(String.class);
      if (wanted.bare() instanceof DataType.Int && text.matches("-?\\d{1,70}")) {
        BigDecimal number = new BigDecimal(text);
        if (!NumberTypes.holds(wanted.bare(), number)) {
          return builder.makeExactLiteral(number, typing.types().of(NumberTypes.of(number)));
        }
      }
      return wanted.bare() instanceof DataType.FixedText
              || wanted.bare() instanceof DataType.Nothing
          ? node
          : builder.makeCall(new CastOperator(typing, wanted.bare()), node);
    }
    return literal.getValue() instanceof BigDecimal number
            && NumberTypes.holds(wanted.bare(), number)
        ? builder.makeExactLiteral(number, typing.types().of(wanted.bare()))
        : node;
  }
}
