// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;

/// An aggregate function of our registry, its parameters (`quantile(0.9)`) in the operator.
public final class AggregateOperator extends SqlAggFunction {
  private final String function;
  private final List<Object> parameters;
  private final Typing typing;

  AggregateOperator(Typing typing, String function, List<Object> parameters) {
    super(
        parameters.isEmpty() ? function : function + parameters,
        null,
        kind(function),
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.OPTIONAL);
    this.function = function;
    this.parameters = List.copyOf(parameters);
    this.typing = typing;
  }

  private static SqlKind kind(String function) {
    return switch (function.toLowerCase(Locale.ROOT)) {
      case "min" -> SqlKind.MIN;
      case "max" -> SqlKind.MAX;
      default -> SqlKind.OTHER_FUNCTION;
    };
  }

  public String function() {
    return function;
  }

  public List<Object> parameters() {
    return parameters;
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    SqlValidatorScope operandScope = scope.getOperandScope(call);
    List<DataType> arguments = new ArrayList<>();
    for (SqlNode operand : call.getOperandList()) {
      arguments.add(typing.types().dataType(validator.deriveType(operandScope, operand)));
    }
    try {
      return typing.aggregate(function, parameters, arguments);
    } catch (VarveException e) {
      throw Place.at(call.getParserPosition(), e);
    }
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    List<DataType> arguments = new ArrayList<>();
    for (int i = 0; i < binding.getOperandCount(); i++) {
      arguments.add(typing.types().dataType(binding.getOperandType(i)));
    }
    return typing.aggregate(function, parameters, arguments);
  }

  @Override
  public Optionality getDistinctOptionality() {
    return kind == SqlKind.MIN || kind == SqlKind.MAX ? Optionality.IGNORED : Optionality.OPTIONAL;
  }
}
