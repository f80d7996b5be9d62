// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// Constants of an IN list in the type of what is looked up.
final class InValues {
  private InValues() {}

  /// Adds the constant, unless no value of the type can equal it.
  static void add(Calls calls, Expression constant, DataType type, List<Object> values) {
    Object value = calls.value(constant);
    boolean address = type instanceof DataType.Ipv4 || type instanceof DataType.Ipv6;
    if (value == null || constant.type().unwrapped().equals(type) && !address) {
      values.add(value);
      return;
    }
    if (address) {
      values.add(calls.address(calls.cast(constant, type)));
      return;
    }
    BigDecimal number = number(value);
    if (number == null) {
      addConverted(calls, constant, type, values);
      return;
    }
    switch (type) {
      case DataType.Int integer -> {
        BigDecimal plain = number.stripTrailingZeros();
        if (plain.scale() <= 0 && holds(integer, plain.toBigIntegerExact())) {
          values.add(Literals.number(plain, type));
        }
      }
      case DataType.Decimal(int precision, int scale) -> {
        BigDecimal plain = number.stripTrailingZeros();
        if (plain.scale() <= scale && plain.precision() - plain.scale() <= precision - scale) {
          values.add(Literals.number(plain, type));
        }
      }
      case DataType.Float _ -> values.add(Literals.number(number, type));
      default -> values.add(calls.value(calls.cast(constant, type)));
    }
  }

  private static void addConverted(
      Calls calls, Expression constant, DataType type, List<Object> values) {
    try {
      values.add(calls.value(calls.cast(constant, type)));
    } catch (VarveException e) {
      // A value that the type does not hold equals none of it.
      if (e.code() != ErrorCode.CANNOT_CONVERT_TYPE) {
        throw e;
      }
    }
  }

  private static BigDecimal number(Object value) {
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number);
      case BigInteger number -> new BigDecimal(number);
      case BigDecimal number -> number;
      case Double number when Double.isFinite(number) -> new BigDecimal(number);
      default -> null;
    };
  }

  private static boolean holds(DataType.Int type, BigInteger value) {
    return type.signed()
        ? value.bitLength() < type.bits()
        : value.signum() >= 0 && value.bitLength() <= type.bits();
  }
}
