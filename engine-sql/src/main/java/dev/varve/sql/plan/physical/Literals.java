// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimestampString;

/// Constants of a plan as our literals.
final class Literals {
  private Literals() {}

  static Expression.Literal of(RexLiteral literal, DataType type) {
    if (literal.isNull()) {
      return new Expression.Literal(null, DataTypes.nullable(type));
    }
    DataType bare = type.unwrapped();
    return new Expression.Literal(value(literal, bare), bare);
  }

  private static Object value(RexLiteral literal, DataType type) {
    return switch (literal.getValue()) {
      case BigDecimal number -> number(number, type);
      case NlsString text -> text.getValue();
      case Boolean truth -> truth;
      case Double number -> type.equals(DataTypes.FLOAT32) ? (Object) number.floatValue() : number;
      case java.util.Calendar _ -> time(literal, type);
      case null, default ->
          throw new IllegalStateException("a literal " + literal + " of type " + type.name());
    };
  }

  private static Object time(RexLiteral literal, DataType type) {
    return type instanceof DataType.Date || type instanceof DataType.Date32
        ? LocalDate.parse(literal.getValueAs(DateString.class).toString())
        : LocalDateTime.parse(
            literal.getValueAs(TimestampString.class).toString().replace(' ', 'T'));
  }

  /// A number as an object of a numeric type.
  static Object number(BigDecimal number, DataType type) {
    return switch (type) {
      case DataType.Int(int bits, boolean signed) -> {
        BigInteger whole = number.setScale(0, RoundingMode.DOWN).toBigIntegerExact();
        yield bits < 64 || (bits == 64 && signed) ? (Object) whole.longValue() : whole;
      }
      case DataType.Decimal(int _, int scale) -> number.setScale(scale, RoundingMode.HALF_UP);
      case DataType.Float(int bits) ->
          bits == 32 ? (Object) number.floatValue() : (Object) number.doubleValue();
      case DataType.Bool _ -> number.signum() != 0;
      default -> throw new IllegalStateException("a number of type " + type.name());
    };
  }
}
