// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.type.RelTypeFactory;
import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A number as written, with the narrowest type that holds it: `1` is UInt8, `-1` Int8, `0.05`
/// Decimal(2, 2).
final class NumberLiteral extends SqlNumericLiteral {
  private final DataType type;

  NumberLiteral(BigDecimal value, DataType type, SqlParserPos position) {
    super(value, value.precision(), Math.max(value.scale(), 0), true, position);
    this.type = type;
  }

  @Override
  public RelDataType createSqlType(RelDataTypeFactory factory) {
    return ((RelTypeFactory) factory).of(type);
  }

  @Override
  public NumberLiteral clone(SqlParserPos position) {
    return new NumberLiteral(bigDecimalValue(), type, position);
  }
}
