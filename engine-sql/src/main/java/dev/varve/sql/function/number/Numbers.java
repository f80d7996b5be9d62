// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/// Prime numbers, and decimals of 76 digits with the scale one asks for.
public final class Numbers {
  private static final int DIGITS = 76;
  private static final int CERTAINTY = 40;

  private Numbers() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.rows(
                "isPrime(n Integer)",
                "Whether a number has no divisors but 1 and itself.",
                DataTypes.UINT8,
                (v, row, to) -> {
                  BigInteger n = v.getFirst().getInteger(row);
                  boolean prime = n.signum() > 0 && n.isProbablePrime(CERTAINTY);
                  to.appendLong(prime ? 1 : 0);
                })
            .alias("isProbablePrime"),
        Declared.bound(
            "toDecimalString(x Number, digits const Int)",
            "The number as text with so many digits behind the point.",
            Numbers::text),
        decimal(
            "divideDecimal(a Number, b Number[, scale const Int])",
            "The quotient of two decimals, cut to a scale.",
            true),
        decimal(
            "multiplyDecimal(a Number, b Number[, scale const Int])",
            "The product of two decimals, cut to a scale.",
            false));
  }

  private static Binding text(List<Argument> args) {
    int digits = Math.clamp(Arguments.constantInt("toDecimalString", args, 1), 0, DIGITS);
    DataType type = args.getFirst().plain();
    int scale = type instanceof DataType.Decimal decimal ? decimal.scale() : 0;
    boolean isFloat = type instanceof DataType.Float;
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> {
          double number = isFloat ? Numeric.doubleOf(v.getFirst(), row) : 0;
          if (Double.isNaN(number) || Double.isInfinite(number)) {
            RowBinding.append(Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf", to);
            return;
          }
          BigDecimal exact =
              isFloat
                  ? new BigDecimal(number)
                  : new BigDecimal(v.getFirst().getInteger(row), scale);
          RowBinding.append(exact.setScale(digits, RoundingMode.HALF_UP).toPlainString(), to);
        });
  }

  private static ScalarFunction decimal(String signature, String doc, boolean divides) {
    String name = signature.substring(0, signature.indexOf('('));
    return Declared.bound(signature, doc, args -> bind(name, args, divides));
  }

  private static Binding bind(String name, List<Argument> args, boolean divides) {
    int left = scale(name, args, 0);
    int right = scale(name, args, 1);
    int scale =
        args.size() > 2
            ? Math.clamp(Arguments.constantInt(name, args, 2), 0, DIGITS)
            : Math.max(left, right);
    return RowBinding.of(
        new DataType.Decimal(DIGITS, scale),
        (v, row, to) -> {
          BigDecimal a = new BigDecimal(v.get(0).getInteger(row), left);
          BigDecimal b = new BigDecimal(v.get(1).getInteger(row), right);
          if (divides && b.signum() == 0) {
            throw new VarveException(ErrorCode.ILLEGAL_DIVISION, name + " divides by zero");
          }
          BigDecimal result =
              divides
                  ? a.divide(b, scale, RoundingMode.DOWN)
                  : a.multiply(b).setScale(scale, RoundingMode.DOWN);
          if (result.precision() > DIGITS) {
            throw new VarveException(
                ErrorCode.DECIMAL_OVERFLOW, name + " gives more than 76 digits");
          }
          to.appendInteger(result.unscaledValue());
        });
  }

  private static int scale(String name, List<Argument> args, int index) {
    if (!(args.get(index).plain() instanceof DataType.Decimal decimal)) {
      throw Arguments.illegal(name, index, args.get(index).type(), "a decimal");
    }
    return decimal.scale();
  }
}
