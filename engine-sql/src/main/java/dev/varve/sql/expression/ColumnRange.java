// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;

/// A column of numbers or moments that must lie from `low` to `high`, in the units that it is
/// stored in; NULL does not. What comparisons with constants come down to: storage can answer it
/// without making the values.
///
/// @param column position in the batch
public record ColumnRange(int column, long low, long high) {
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

  /// Rows in both ranges of a column.
  ColumnRange and(ColumnRange other) {
    return new ColumnRange(column, Math.max(low, other.low), Math.min(high, other.high));
  }

  /// The values that must not be, where a condition is `<>` of a column without NULLs and a
  /// constant.
  static Optional<ColumnRange> excludedBy(Expression condition) {
    return condition instanceof Expression.Call call
            && call.function().name().equals("notEquals")
            && call.arguments().stream().noneMatch(argument -> argument.type().isNullable())
        ? of(call, "equals")
        : Optional.empty();
  }

  /// What a comparison of a column with a constant asks for, where it is one.
  static Optional<ColumnRange> of(Expression condition) {
    return condition instanceof Expression.Call call
        ? of(call, call.function().name())
        : Optional.empty();
  }

  private static Optional<ColumnRange> of(Expression.Call call, String name) {
    if (call.arguments().size() != 2) {
      return Optional.empty();
    }
    Expression left = call.arguments().get(0);
    Expression right = call.arguments().get(1);
    if (left instanceof Expression.InputColumn column
        && right instanceof Expression.Literal literal) {
      return of(name, column, literal);
    }
    if (right instanceof Expression.InputColumn column
        && left instanceof Expression.Literal literal) {
      return of(mirrored(name), column, literal);
    }
    return Optional.empty();
  }

  private static String mirrored(String comparison) {
    return switch (comparison) {
      case "less" -> "greater";
      case "lessOrEquals" -> "greaterOrEquals";
      case "greater" -> "less";
      case "greaterOrEquals" -> "lessOrEquals";
      default -> comparison;
    };
  }

  private static Optional<ColumnRange> of(
      String comparison, Expression.InputColumn column, Expression.Literal literal) {
    BigDecimal bound = units(literal, column.type().unwrapped());
    if (bound == null) {
      return Optional.empty();
    }
    BigInteger floor = bound.setScale(0, RoundingMode.FLOOR).toBigInteger();
    BigInteger ceiling = bound.setScale(0, RoundingMode.CEILING).toBigInteger();
    int at = column.index();
    return switch (comparison) {
      case "equals" -> range(at, ceiling, floor);
      case "less" -> range(at, LEAST, ceiling.subtract(BigInteger.ONE));
      case "lessOrEquals" -> range(at, LEAST, floor);
      case "greater" -> range(at, floor.add(BigInteger.ONE), GREATEST);
      case "greaterOrEquals" -> range(at, ceiling, GREATEST);
      default -> Optional.empty();
    };
  }

  private static Optional<ColumnRange> range(int column, BigInteger low, BigInteger high) {
    if (low.compareTo(GREATEST) > 0 || high.compareTo(LEAST) < 0) {
      return Optional.of(new ColumnRange(column, Long.MAX_VALUE, Long.MIN_VALUE));
    }
    return Optional.of(
        new ColumnRange(column, low.max(LEAST).longValue(), high.min(GREATEST).longValue()));
  }

  /// A constant in the units of a column, perhaps between two of them; null where the two are not
  /// compared as whole numbers.
  private static BigDecimal units(Expression.Literal literal, DataType type) {
    DataType of = literal.type().unwrapped();
    return switch (type) {
      case DataType.Int(int bits, boolean signed) ->
          bits < 64 || bits == 64 && signed ? number(literal.value(), of) : null;
      case DataType.Decimal(int _, int scale) -> {
        BigDecimal number = number(literal.value(), of);
        yield number == null ? null : number.movePointRight(scale);
      }
      case DataType.Date _ -> of instanceof DataType.Date ? days(literal.value()) : null;
      case DataType.Date32 _ -> of instanceof DataType.Date32 ? days(literal.value()) : null;
      case DataType.Time _ ->
          of instanceof DataType.Time && literal.value() instanceof Duration span
              ? BigDecimal.valueOf(span.toSeconds())
              : null;
      case DataType.DateTime _ when of instanceof DataType.DateTime(String zone) ->
          literal.value() instanceof LocalDateTime time
              ? BigDecimal.valueOf(time.atZone(VectorValues.zone(zone)).toEpochSecond())
              : null;
      default -> null;
    };
  }

  private static BigDecimal days(Object value) {
    return value instanceof LocalDate date ? BigDecimal.valueOf(date.toEpochDay()) : null;
  }

  private static BigDecimal number(Object value, DataType type) {
    if (!(type instanceof DataType.Int || type instanceof DataType.Decimal)) {
      return null;
    }
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number);
      case BigInteger number -> new BigDecimal(number);
      case BigDecimal number -> number;
      case null, default -> null;
    };
  }
}
