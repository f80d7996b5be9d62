// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.plan.type.RelTypeFactory;
import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCallBinding;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// Asks the function registry for the types of calls, on behalf of the validator.
public record Typing(FunctionRegistry functions, RelTypeFactory types) {

  /// What is known of an operand while the query is validated.
  Argument argument(SqlValidator validator, SqlValidatorScope scope, SqlNode operand) {
    DataType type = types.dataType(validator.deriveType(scope, operand));
    return operand instanceof SqlLiteral literal && !(literal.getValue() == null)
        ? Argument.constant(value(literal, type), type)
        : Argument.of(type);
  }

  /// What is known of the operands of a call in a plan.
  List<Argument> arguments(SqlOperatorBinding binding) {
    List<Argument> arguments = new ArrayList<>();
    for (int i = 0; i < binding.getOperandCount(); i++) {
      if (binding instanceof RexCallBinding call && Captures.isCaptured(call.operands().get(i))) {
        continue;
      }
      DataType type = types.dataType(binding.getOperandType(i));
      arguments.add(
          binding.isOperandLiteral(i, false)
              ? Argument.constant(constant(binding.getOperandLiteralValue(i, Object.class)), type)
              : Argument.of(type));
    }
    return arguments;
  }

  private static Object value(SqlLiteral literal, DataType type) {
    if (literal instanceof SqlNumericLiteral number) {
      return number(number.bigDecimalValue());
    }
    return type.unwrapped() instanceof DataType.Text
        ? literal.getValueAs(String.class)
        : literal.getValue();
  }

  private static Object number(Object value) {
    BigDecimal decimal = (BigDecimal) value;
    if (decimal.scale() > 0) {
      return decimal;
    }
    return decimal.toBigInteger().bitLength() < 64
        ? (Object) decimal.longValueExact()
        : decimal.toBigInteger();
  }

  private static Object constant(Object value) {
    return switch (value) {
      case BigDecimal decimal -> number(decimal);
      case org.apache.calcite.util.NlsString text -> text.getValue();
      case null, default -> value;
    };
  }

  RelDataType scalar(String name, List<Argument> arguments) {
    return types.of(functions.scalarOf(name, arguments).type());
  }

  RelDataType aggregate(String name, List<?> parameters, List<DataType> arguments) {
    return types.of(functions.aggregate(name, parameters, arguments).type());
  }

  List<Argument> arguments(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    List<Argument> arguments = new ArrayList<>();
    for (SqlNode operand : call.getOperandList()) {
      arguments.add(argument(validator, scope, operand));
    }
    return arguments;
  }
}
