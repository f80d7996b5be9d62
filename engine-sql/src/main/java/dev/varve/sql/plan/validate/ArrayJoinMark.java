// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.function.definition.Arguments;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// `arrayJoin(array)`, and an array of an ARRAY JOIN clause, until [ArrayJoins] makes an operator
/// of it. Equal calls are one.
final class ArrayJoinMark extends SqlFunction {
  private final Typing typing;
  private final boolean clause;
  private final boolean outer;

  private ArrayJoinMark(Typing typing, String name, boolean clause, boolean outer) {
    super(
        name,
        SqlKind.OTHER_FUNCTION,
        null,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.typing = typing;
    this.clause = clause;
    this.outer = outer;
  }

  /// The function, whose calls unnest one after another.
  static ArrayJoinMark function(Typing typing) {
    return new ArrayJoinMark(typing, "arrayJoin", false, false);
  }

  /// One of the arrays of a clause, which are unnested side by side.
  static ArrayJoinMark clause(Typing typing, int number, boolean outer) {
    return new ArrayJoinMark(typing, "arrayJoin:" + number + outer, true, outer);
  }

  /// Calls with the same key are unnested side by side.
  Object groupOf(Object call) {
    return clause ? getName() : call;
  }

  boolean isOuter() {
    return outer;
  }

  static DataType element(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Array(DataType element) -> element;
      case DataType.MapOf map -> DataTypes.entries(map);
      default -> throw Arguments.illegal("arrayJoin", 0, type, "an array or a map");
    };
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    DataType type = typing.types().dataType(validator.deriveType(scope, call.operand(0)));
    try {
      return typing.types().of(element(type));
    } catch (dev.varve.storage.error.VarveException e) {
      throw Place.at(call.getParserPosition(), e);
    }
  }

  @Override
  public RelDataType inferReturnType(SqlOperatorBinding binding) {
    return typing.types().of(element(typing.types().dataType(binding.getOperandType(0))));
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
