// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercion;

/// Changes no type: casts come in when operators are made. It only knows which type two types
/// share, which the columns of USING need.
record NoCoercion(RelDataTypeFactory types) implements TypeCoercion {
  @Override
  public RelDataType getTightestCommonType(RelDataType a, RelDataType b) {
    return types.leastRestrictive(List.of(a, b));
  }

  @Override
  public RelDataType getWiderTypeForTwo(RelDataType a, RelDataType b, boolean toText) {
    return types.leastRestrictive(List.of(a, b));
  }

  @Override
  public RelDataType getWiderTypeFor(List<RelDataType> all, boolean toText) {
    return types.leastRestrictive(all);
  }

  @Override
  public RelDataType getWiderTypeForDecimal(RelDataType a, RelDataType b) {
    return types.leastRestrictive(List.of(a, b));
  }

  @Override
  public RelDataType commonTypeForBinaryComparison(RelDataType a, RelDataType b) {
    return types.leastRestrictive(List.of(a, b));
  }

  @Override
  public boolean rowTypeCoercion(
      SqlValidatorScope scope, SqlNode query, int column, RelDataType target) {
    return false;
  }

  @Override
  public boolean inOperationCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean quantifyOperationCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean binaryArithmeticCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean caseWhenCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean caseOrEquivalentCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean builtinFunctionCoercion(
      SqlCallBinding binding, List<RelDataType> operands, List<SqlTypeFamily> families) {
    return false;
  }

  @Override
  public boolean userDefinedFunctionCoercion(
      SqlValidatorScope scope, SqlCall call, SqlFunction function) {
    return false;
  }

  @Override
  public boolean querySourceCoercion(
      SqlValidatorScope scope, RelDataType source, RelDataType target, SqlNode query) {
    return false;
  }
}
