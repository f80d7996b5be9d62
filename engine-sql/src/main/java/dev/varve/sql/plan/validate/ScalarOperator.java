// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlLambdaScope;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// A scalar function of our registry, which alone knows its types. Operators of the grammar (`+`,
/// `LIKE`, `||`) are such functions too once the dialect has been rewritten.
public final class ScalarOperator extends SqlFunction {
  private final Typing typing;

  ScalarOperator(Typing typing, String name) {
    super(
        name,
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.typing = typing;
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    SqlValidatorScope operandScope = scope.getOperandScope(call);
    try {
      return typing.scalar(getName(), arguments(validator, operandScope, call));
    } catch (VarveException e) {
      throw Place.at(call.getParserPosition(), e);
    }
  }

  private List<Argument> arguments(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    List<SqlNode> operands = call.getOperandList();
    if (operands.isEmpty() || !(operands.getFirst() instanceof SqlLambda lambda)) {
      return typing.arguments(validator, scope, call);
    }
    List<Argument> others = new ArrayList<>();
    List<RelDataType> captured = new ArrayList<>();
    for (SqlNode operand : operands.subList(1, operands.size())) {
      if (Captures.isCaptured(operand)) {
        captured.add(validator.deriveType(scope, operand));
      } else {
        others.add(typing.argument(validator, scope, operand));
      }
    }
    others.addFirst(Argument.of(lambdaType(validator, lambda, others, captured)));
    return others;
  }

  // The parameters' types follow from the other arguments, so the body is typed after those.
  private DataType lambdaType(
      SqlValidator validator, SqlLambda lambda, List<Argument> others, List<RelDataType> captured) {
    int own = lambda.getParameters().size() - captured.size();
    List<DataType> otherTypes = others.stream().map(Argument::type).toList();
    Optional<List<DataType>> parameters =
        typing.functions().lambdaParameters(getName(), otherTypes);
    if (parameters.isEmpty() || parameters.get().size() < own) {
      throw Place.error(
          dev.varve.storage.error.ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          lambda.getParserPosition(),
          "function " + getName() + " takes no lambda of " + own + " parameters here");
    }
    SqlLambdaScope scope = (SqlLambdaScope) validator.getLambdaScope(lambda);
    for (int i = 0; i < lambda.getParameters().size(); i++) {
      SqlIdentifier parameter = (SqlIdentifier) lambda.getParameters().get(i);
      scope
          .getParameterTypes()
          .put(
              parameter.getSimple(),
              i < own ? typing.types().of(parameters.get().get(i)) : captured.get(i - own));
    }
    return typing.types().dataType(validator.deriveType(scope, lambda.getExpression()));
  }

  @Override
  public void validateCall(
      SqlCall call,
      SqlValidator validator,
      SqlValidatorScope scope,
      SqlValidatorScope operandScope) {
    for (SqlNode operand : call.getOperandList()) {
      if (operand instanceof SqlLambda lambda) {
        lambda.getExpression().validateExpr(validator, validator.getLambdaScope(lambda));
      } else {
        operand.validateExpr(validator, operandScope);
      }
    }
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return typing.scalar(getName(), typing.arguments(binding));
  }

  @Override
  public boolean isDeterministic() {
    return typing.functions().scalarDeclaration(getName()).stream()
        .allMatch(f -> f.stability() != Stability.VOLATILE);
  }

  @Override
  public boolean isDynamicFunction() {
    return typing.functions().scalarDeclaration(getName()).stream()
        .anyMatch(f -> f.stability() != Stability.IMMUTABLE);
  }
}
