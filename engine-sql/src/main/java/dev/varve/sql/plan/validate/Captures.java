// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Litmus;

/// Closes lambdas: what a body takes from around it (a column, a parameter of a lambda outside, an
/// aggregate, a query) becomes a further argument of the call, marked by [#MARK], and a further
/// parameter of the lambda. So `arrayMap(x -> x + k, a)` is `arrayMap((x, c) -> x + c, a,
/// MARK(k))`.
///
/// The validator resolves nothing but parameters in a lambda, and planner rules do not look into
/// it; an argument both of them treat like any other.
public final class Captures extends SqlShuttle {
  /// Stands around an argument that the function does not see.
  private static final SqlFunction MARK = new Mark();

  private final Set<String> parameters;
  private final List<SqlNode> captured = new ArrayList<>();

  private Captures(Set<String> parameters) {
    this.parameters = parameters;
  }

  /// The operands of a call whose first is a lambda that is rewritten already.
  static List<SqlNode> closed(List<SqlNode> operands) {
    SqlLambda lambda = (SqlLambda) operands.getFirst();
    Captures captures =
        new Captures(
            lambda.getParameters().stream()
                .map(parameter -> ((SqlIdentifier) parameter).getSimple())
                .collect(Collectors.toSet()));
    SqlNode body = lambda.getExpression().accept(captures);
    if (captures.captured.isEmpty()) {
      return operands;
    }
    List<SqlNode> longer = new ArrayList<>(operands);
    List<SqlNode> names = new ArrayList<>(lambda.getParameters().getList());
    for (int i = 0; i < captures.captured.size(); i++) {
      SqlNode value = captures.captured.get(i);
      names.add(name(i, value.getParserPosition()));
      longer.add(MARK.createCall(value.getParserPosition(), value));
    }
    SqlParserPos position = lambda.getParserPosition();
    longer.set(0, new SqlLambda(position, new SqlNodeList(names, position), body));
    return longer;
  }

  static boolean isCaptured(SqlNode operand) {
    return operand instanceof SqlCall call && call.getOperator() == MARK;
  }

  public static boolean isCaptured(RexNode operand) {
    return operand instanceof RexCall call && call.getOperator() == MARK;
  }

  // No name that somebody writes has a space at its end.
  private static SqlIdentifier name(int index, SqlParserPos position) {
    return new SqlIdentifier("captured " + index + " ", position);
  }

  private SqlNode capture(SqlNode node) {
    for (int i = 0; i < captured.size(); i++) {
      if (captured.get(i).equalsDeep(node, Litmus.IGNORE)) {
        return name(i, node.getParserPosition());
      }
    }
    captured.add(node);
    return name(captured.size() - 1, node.getParserPosition());
  }

  @Override
  public SqlNode visit(SqlIdentifier identifier) {
    return identifier.isStar() || parameters.contains(identifier.names.getFirst())
        ? identifier
        : capture(identifier);
  }

  @Override
  public SqlNode visit(SqlCall call) {
    // What is in a lambda inside comes as arguments of its call.
    if (call instanceof SqlLambda) {
      return call;
    }
    return switch (call.getKind()) {
      case OVER, SCALAR_QUERY, EXISTS -> capture(call);
      case IN, NOT_IN, SOME, ALL ->
          throw Place.error(
              ErrorCode.NOT_IMPLEMENTED,
              call.getParserPosition(),
              "a lambda does not look into a query; put the query's values into an array and ask"
                  + " has(array, x)");
      default ->
          call.getOperator().isAggregator() || call.isA(SqlKind.QUERY)
              ? capture(call)
              : super.visit(call);
    };
  }

  private static final class Mark extends SqlFunction {
    Mark() {
      super(
          "captured",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0,
          null,
          OperandTypes.ANY,
          SqlFunctionCategory.SYSTEM);
    }

    // No lookup: the operator is here already.
    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
      return validator.deriveType(scope, call.operand(0));
    }
  }
}
