// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.sql.function.time.LocalTimes;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;

/// `plus, minus, multiply, divide, intDiv, modulo, negate, abs` and their kin.
public final class Arithmetic {
  private Arithmetic() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of("plus", "plus(a, b)", "Sum; also days to a date.", Arithmetic::plus),
        ScalarFunction.of("minus", "minus(a, b)", "Difference.", Arithmetic::minus),
        ScalarFunction.of(
            "multiply",
            "multiply(a, b)",
            "Product.",
            args -> binary("multiply", Operation.MULTIPLY, args)),
        ScalarFunction.of(
            "divide",
            "divide(a, b)",
            "Quotient: Float64, or a decimal where both are exact and one is a decimal.",
            Arithmetic::divide),
        ScalarFunction.of(
            "intDiv",
            "intDiv(a, b)",
            "Quotient of integers, rounded towards zero; fails for b = 0.",
            args -> integer("intDiv", args, DivisionKind.DIVIDE)),
        ScalarFunction.of(
            "intDivOrZero",
            "intDivOrZero(a, b)",
            "As intDiv, and 0 for b = 0.",
            args -> integer("intDivOrZero", args, DivisionKind.DIVIDE_OR_ZERO)),
        ScalarFunction.of(
                "modulo",
                "modulo(a, b)",
                "Remainder with the sign of a; fails for b = 0.",
                args -> integer("modulo", args, DivisionKind.REMAINDER))
            .alias("mod", "moduloLegacy")
            .inAnyCase(),
        ScalarFunction.of(
            "moduloOrZero",
            "moduloOrZero(a, b)",
            "As modulo, and 0 for b = 0.",
            args -> integer("moduloOrZero", args, DivisionKind.REMAINDER_OR_ZERO)),
        ScalarFunction.of(
                "positiveModulo",
                "positiveModulo(a, b)",
                "Remainder that is never below zero.",
                args -> integer("positiveModulo", args, DivisionKind.POSITIVE_REMAINDER))
            .alias("positive_modulo", "pmod"),
        ScalarFunction.of(
            "negate", "negate(a)", "The number with its sign changed.", Arithmetic::negate),
        ScalarFunction.of("abs", "abs(a)", "The number without its sign.", Arithmetic::abs)
            .inAnyCase());
  }

  private static Binding plus(List<Argument> args) {
    Arguments.count("plus", args, 2, 2);
    if (isCounted(args.get(0).type()) && Arguments.isInteger(args.get(1).type())) {
      Arguments.requireLong("plus", args, 1);
      return shiftTime(args.get(0).plain(), 1, false);
    }
    if (Arguments.isInteger(args.get(0).type()) && isCounted(args.get(1).type())) {
      Arguments.requireLong("plus", args, 0);
      return shiftTime(args.get(1).plain(), 1, true);
    }
    return binary("plus", Operation.PLUS, args);
  }

  /// Days or seconds; seconds with the finer one's digits where the types have some.
  private static DataType difference(DataType a, DataType b) {
    return switch (a) {
      case DataType.DateTime64(int digits, String _) ->
          new DataType.Decimal(18, Math.max(digits, ((DataType.DateTime64) b).precision()));
      case DataType.Time64(int digits) ->
          new DataType.Decimal(18, Math.max(digits, ((DataType.Time64) b).precision()));
      default -> DataTypes.INT32;
    };
  }

  private static boolean isCounted(DataType type) {
    return Arguments.isTime(type) || Arguments.isSpan(type);
  }

  private static Binding minus(List<Argument> args) {
    Arguments.count("minus", args, 2, 2);
    DataType a = args.get(0).plain();
    DataType b = args.get(1).plain();
    if (isCounted(a) && Arguments.isInteger(b)) {
      Arguments.requireLong("minus", args, 1);
      return shiftTime(a, -1, false);
    }
    if (isCounted(a) && a.getClass() == b.getClass()) {
      DataType type = difference(a, b);
      long unitA = LocalTimes.of(a).unit();
      long unitB = LocalTimes.of(b).unit();
      long finer = Math.max(unitA, unitB);
      return new Binding(
          type,
          (v, rows, scratch) -> {
            MemorySegment out = scratch.allocate(rows * 8L);
            IntegerArithmetic.sum(
                v.get(0), finer / unitA, v.get(1), -finer / unitB, out, rows, scratch);
            return Vector.fixed(
                type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
          });
    }
    return binary("minus", Operation.MINUS, args);
  }

  /// Days to a date, seconds to a time.
  private static Binding shiftTime(DataType type, long sign, boolean swapped) {
    long unit = LocalTimes.of(type).unit();
    return new Binding(
        type,
        (v, rows, scratch) -> {
          MemorySegment out = scratch.allocate(rows * 8L);
          Vector time = v.get(swapped ? 1 : 0);
          Vector amount = v.get(swapped ? 0 : 1);
          IntegerArithmetic.sum(time, 1, amount, sign * unit, out, rows, scratch);
          return Vector.fixed(type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
        });
  }

  static DataType number(DataType type) {
    return type instanceof DataType.Bool ? DataTypes.UINT8 : type;
  }

  /// An integer as the decimal that holds all of its values.
  static DataType.Decimal asDecimal(DataType type) {
    return switch (type) {
      case DataType.Decimal decimal -> decimal;
      case DataType.Int i -> new DataType.Decimal(digits(i), 0);
      default -> throw new IllegalStateException(type.name() + " is not exact");
    };
  }

  private static int digits(DataType.Int type) {
    return switch (type.bits()) {
      case 8 -> 3;
      case 16 -> 5;
      case 32 -> 10;
      case 64 -> type.signed() ? 19 : 20;
      case 128 -> 39;
      default -> 76;
    };
  }

  private static Binding binary(String name, Operation operation, List<Argument> args) {
    Arguments.count(name, args, 2, 2);
    Arguments.requireNumber(name, args, 0);
    Arguments.requireNumber(name, args, 1);
    DataType a = number(args.get(0).plain());
    DataType b = number(args.get(1).plain());
    if (a instanceof DataType.Float || b instanceof DataType.Float) {
      DataType type = floatType(a, b);
      return new Binding(type, floats(operation, type));
    }
    if (a instanceof DataType.Int x && b instanceof DataType.Int y) {
      DataType type = IntegerArithmetic.resultType(operation, x, y);
      return new Binding(
          type,
          (v, rows, scratch) ->
              IntegerArithmetic.evaluate(operation, type, v.get(0), v.get(1), rows, scratch));
    }
    DataType.Decimal x = asDecimal(a);
    DataType.Decimal y = asDecimal(b);
    DataType.Decimal type = DecimalArithmetic.resultType(operation, x, y);
    return new Binding(
        type,
        (v, rows, scratch) ->
            DecimalArithmetic.evaluate(
                operation, type, v.get(0), x.scale(), v.get(1), y.scale(), rows, scratch));
  }

  private static DataType floatType(DataType a, DataType b) {
    return isSmallFloat(a) && isSmallFloat(b) ? DataTypes.FLOAT32 : DataTypes.FLOAT64;
  }

  private static boolean isSmallFloat(DataType type) {
    return type instanceof DataType.Float(int bits) && bits == 32
        || type instanceof DataType.Int i && i.bits() <= 16;
  }

  private static Kernel floats(Operation operation, DataType type) {
    return (v, rows, scratch) -> {
      MemorySegment a = Doubles.of(v.get(0), scratch);
      MemorySegment b = Doubles.of(v.get(1), scratch);
      MemorySegment out = scratch.allocate(rows * 8L);
      switch (operation) {
        case PLUS -> ArithmeticKernels.add(a, 1, b, out, rows);
        case MINUS -> ArithmeticKernels.add(a, -1, b, out, rows);
        case MULTIPLY -> ArithmeticKernels.multiplyDoubles(a, b, out, rows);
      }
      return Doubles.vector(type, out, rows, scratch);
    };
  }

  private static Binding divide(List<Argument> args) {
    Arguments.count("divide", args, 2, 2);
    Arguments.requireNumber("divide", args, 0);
    Arguments.requireNumber("divide", args, 1);
    DataType a = number(args.get(0).plain());
    DataType b = number(args.get(1).plain());
    boolean exact = !(a instanceof DataType.Float) && !(b instanceof DataType.Float);
    if (exact && (a instanceof DataType.Decimal || b instanceof DataType.Decimal)) {
      DataType.Decimal x = asDecimal(a);
      DataType.Decimal y = asDecimal(b);
      DataType.Decimal type = DecimalArithmetic.quotientType(x, y);
      return new Binding(
          type,
          (v, rows, scratch) ->
              DecimalArithmetic.divide(
                  type, v.get(0), x.scale(), v.get(1), y.scale(), rows, scratch));
    }
    return new Binding(
        DataTypes.FLOAT64,
        (v, rows, scratch) -> {
          MemorySegment out = scratch.allocate(rows * 8L);
          ArithmeticKernels.divideDoubles(
              Doubles.of(v.get(0), scratch), Doubles.of(v.get(1), scratch), out, rows);
          return Doubles.vector(out, rows);
        });
  }

  private enum DivisionKind {
    DIVIDE,
    DIVIDE_OR_ZERO,
    REMAINDER,
    REMAINDER_OR_ZERO,
    POSITIVE_REMAINDER;

    boolean isDivision() {
      return this == DIVIDE || this == DIVIDE_OR_ZERO;
    }

    boolean givesZero() {
      return this == DIVIDE_OR_ZERO || this == REMAINDER_OR_ZERO;
    }
  }

  private static Binding integer(String name, List<Argument> args, DivisionKind kind) {
    Arguments.count(name, args, 2, 2);
    DataType a = number(args.get(0).plain());
    DataType b = number(args.get(1).plain());
    if (Arguments.isTime(a) && b instanceof DataType.Int) {
      a = new DataType.Int(a.physical().width() * 8, !a.isUnsigned());
    }
    if (!(a instanceof DataType.Int) || !(b instanceof DataType.Int)) {
      return fractional(name, args, kind);
    }
    DataType.Int x = (DataType.Int) a;
    DataType.Int y = (DataType.Int) b;
    boolean signed = x.signed() || kind.isDivision() && y.signed();
    DataType type =
        IntegerArithmetic.ofBits(
            kind.isDivision() ? widened(x, signed) : Math.min(x.bits(), widerOf(y, signed)),
            signed);
    if (x.bits() > 64 || y.bits() > 64 || !type.physical().isLong()) {
      return new Binding(type, (v, rows, scratch) -> wideDivision(kind, type, v, rows, scratch));
    }
    boolean unsigned64 = !x.signed() && x.bits() == 64 || !y.signed() && y.bits() == 64;
    return new Binding(
        type, (v, rows, scratch) -> longDivision(kind, type, unsigned64, v, rows, scratch));
  }

  private static int widened(DataType.Int dividend, boolean signed) {
    return signed && !dividend.signed() ? Math.min(256, dividend.bits() * 2) : dividend.bits();
  }

  private static int widerOf(DataType.Int divisor, boolean signed) {
    return signed && !divisor.signed() ? Math.min(256, divisor.bits() * 2) : divisor.bits();
  }

  private static VarveException divisionByZero() {
    return new VarveException(
        ErrorCode.ILLEGAL_DIVISION, "division by zero; use nullIf(divisor, 0) for NULL");
  }

  private static Vector longDivision(
      DivisionKind kind,
      DataType type,
      boolean unsigned64,
      List<Vector> v,
      int rows,
      Scratch scratch) {
    MemorySegment a = Longs.of(v.get(0), scratch);
    MemorySegment out = scratch.allocate(rows * 8L);
    if (isExactByDoubles(v.get(1), a, unsigned64, rows)) {
      divide(kind, a, v.get(1).single().getLong(0), out, rows);
      return Vector.fixed(type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
    }
    MemorySegment b = Longs.of(v.get(1), scratch);
    // With an unsigned 64-bit side both are unsigned, unless the other is negative: rare, and slow.
    boolean mixed = unsigned64 && (isNegative(v.get(0), a, rows) || isNegative(v.get(1), b, rows));
    if (mixed) {
      return wideDivision(kind, type, v, rows, scratch);
    }
    for (int i = 0; i < rows; i++) {
      long x = a.get(Vector.I64, i * 8L);
      long y = b.get(Vector.I64, i * 8L);
      if (y == 0) {
        if (!kind.givesZero() && !v.get(0).isNull(i) && !v.get(1).isNull(i)) {
          throw divisionByZero();
        }
        out.set(Vector.I64, i * 8L, 0);
        continue;
      }
      long value;
      if (kind.isDivision()) {
        value = unsigned64 ? Long.divideUnsigned(x, y) : x / y;
      } else {
        value = unsigned64 ? Long.remainderUnsigned(x, y) : x % y;
        if (kind == DivisionKind.POSITIVE_REMAINDER && value < 0) {
          value += Math.abs(y);
        }
      }
      out.set(Vector.I64, i * 8L, value);
    }
    return Vector.fixed(type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
  }

  /// Whether all rows are divided by one number, which is not zero, and no number is so large that
  /// its quotient of doubles, cut to a whole number, might not be that of longs.
  private static boolean isExactByDoubles(
      Vector divisor, MemorySegment dividends, boolean unsigned64, int rows) {
    if (!divisor.isConstant() || divisor.single().isNull(0)) {
      return false;
    }
    long y = divisor.single().getLong(0);
    return Math.abs(y) > 0 // which the least of all longs is not either
        && Math.abs(y) < ArithmeticKernels.EXACT_DOUBLES
        && (!unsigned64 || y > 0)
        && Longs.maxMagnitude(dividends, rows) < ArithmeticKernels.EXACT_DOUBLES
        && (!unsigned64 || !ArithmeticKernels.isAnyNegative(dividends, rows));
  }

  private static void divide(
      DivisionKind kind, MemorySegment a, long divisor, MemorySegment out, int rows) {
    if (kind.isDivision()) {
      ArithmeticKernels.quotients(a, divisor, out, rows);
      return;
    }
    ArithmeticKernels.remainders(a, divisor, out, rows);
    if (kind == DivisionKind.POSITIVE_REMAINDER) {
      ArithmeticKernels.liftNegatives(out, Math.abs(divisor), rows);
    }
  }

  private static boolean isNegative(Vector vector, MemorySegment longs, int rows) {
    if (vector.type().isUnsigned()) {
      return false;
    }
    return ArithmeticKernels.isAnyNegative(longs, rows);
  }

  private static Vector wideDivision(
      DivisionKind kind, DataType type, List<Vector> v, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      if (v.get(0).isNull(i) || v.get(1).isNull(i)) {
        builder.appendLong(0);
        continue;
      }
      BigInteger y = v.get(1).getInteger(i);
      if (y.signum() == 0) {
        if (!kind.givesZero()) {
          throw divisionByZero();
        }
        builder.appendLong(0);
        continue;
      }
      BigInteger x = v.get(0).getInteger(i);
      BigInteger value =
          kind.isDivision()
              ? x.divide(y)
              : kind == DivisionKind.POSITIVE_REMAINDER ? x.mod(y.abs()) : x.remainder(y);
      builder.appendInteger(IntegerArithmetic.wrap(value, type));
    }
    return builder.build();
  }

  /// Floats and decimals: whole quotients as Int64, remainders as Float64 or as the decimal is.
  private static Binding fractional(String name, List<Argument> args, DivisionKind kind) {
    Arguments.requireNumber(name, args, 0);
    Arguments.requireNumber(name, args, 1);
    DataType a = number(args.get(0).plain());
    DataType b = number(args.get(1).plain());
    if (!kind.isDivision() && !(a instanceof DataType.Float) && !(b instanceof DataType.Float)) {
      return decimalRemainder(kind, asDecimal(a), asDecimal(b));
    }
    DataType type = kind.isDivision() ? DataTypes.INT64 : DataTypes.FLOAT64;
    return new Binding(
        type,
        (v, rows, scratch) -> {
          MemorySegment x = Doubles.of(v.get(0), scratch);
          MemorySegment y = Doubles.of(v.get(1), scratch);
          MemorySegment out = scratch.allocate(rows * 8L);
          for (int i = 0; i < rows; i++) {
            double p = x.get(Vector.F64, i * 8L);
            double q = y.get(Vector.F64, i * 8L);
            if (kind.isDivision()) {
              if (q == 0 && !kind.givesZero() && !v.get(0).isNull(i) && !v.get(1).isNull(i)) {
                throw divisionByZero();
              }
              out.set(Vector.I64, i * 8L, q == 0 ? 0 : (long) (p / q));
            } else {
              double r = p % q;
              boolean lift = kind == DivisionKind.POSITIVE_REMAINDER && r < 0;
              out.set(Vector.F64, i * 8L, lift ? r + Math.abs(q) : r);
            }
          }
          return Vector.fixed(type, rows, out, null);
        });
  }

  private static Binding decimalRemainder(
      DivisionKind kind, DataType.Decimal a, DataType.Decimal b) {
    int scale = Math.max(a.scale(), b.scale());
    DataType.Decimal type =
        new DataType.Decimal(Math.min(76, Math.max(a.precision() - a.scale(), 1) + scale), scale);
    BigInteger am = BigInteger.TEN.pow(scale - a.scale());
    BigInteger bm = BigInteger.TEN.pow(scale - b.scale());
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            boolean isNull = v.get(0).isNull(i) || v.get(1).isNull(i);
            BigInteger y = isNull ? BigInteger.ONE : v.get(1).getInteger(i).multiply(bm);
            if (y.signum() == 0 && !kind.givesZero()) {
              throw divisionByZero();
            }
            BigInteger x = isNull ? BigInteger.ZERO : v.get(0).getInteger(i).multiply(am);
            BigInteger r = y.signum() == 0 ? BigInteger.ZERO : x.remainder(y);
            boolean lift = kind == DivisionKind.POSITIVE_REMAINDER && r.signum() < 0;
            builder.appendInteger(lift ? r.add(y.abs()) : r);
          }
          return builder.build();
        });
  }

  private static Binding negate(List<Argument> args) {
    Arguments.count("negate", args, 1, 1);
    Arguments.requireNumber("negate", args, 0);
    DataType a = number(args.getFirst().plain());
    return switch (a) {
      case DataType.Float _ ->
          new Binding(
              a,
              (v, rows, scratch) -> {
                MemorySegment x = Doubles.of(v.getFirst(), scratch);
                MemorySegment out = scratch.allocate(rows * 8L);
                for (int i = 0; i < rows; i++) {
                  out.set(Vector.F64, i * 8L, -x.get(Vector.F64, i * 8L));
                }
                return Doubles.vector(a, out, rows, scratch);
              });
      case DataType.Int i -> {
        DataType type =
            i.signed() ? i : new DataType.Int(i.bits() >= 64 ? i.bits() : i.bits() * 2, true);
        yield new Binding(type, (v, rows, scratch) -> negated(type, v.getFirst(), rows, scratch));
      }
      default -> new Binding(a, (v, rows, scratch) -> negated(a, v.getFirst(), rows, scratch));
    };
  }

  private static Vector negated(DataType type, Vector vector, int rows, Scratch scratch) {
    if (vector.physical().isLong() && type.physical().isLong()) {
      MemorySegment out = scratch.allocate(rows * 8L);
      ArithmeticKernels.linear(Longs.of(vector, scratch), -1, 0, out, rows);
      return Vector.fixed(type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
    }
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      builder.appendInteger(
          vector.isNull(i)
              ? BigInteger.ZERO
              : IntegerArithmetic.wrap(vector.getInteger(i).negate(), type));
    }
    return builder.build();
  }

  private static Binding abs(List<Argument> args) {
    Arguments.count("abs", args, 1, 1);
    Arguments.requireNumber("abs", args, 0);
    DataType a = number(args.getFirst().plain());
    if (a instanceof DataType.Float) {
      return new Binding(
          a,
          (v, rows, scratch) -> {
            MemorySegment x = Doubles.of(v.getFirst(), scratch);
            MemorySegment out = scratch.allocate(rows * 8L);
            for (int i = 0; i < rows; i++) {
              out.set(Vector.F64, i * 8L, Math.abs(x.get(Vector.F64, i * 8L)));
            }
            return Doubles.vector(a, out, rows, scratch);
          });
    }
    DataType type = a instanceof DataType.Int i ? new DataType.Int(i.bits(), false) : a;
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          Vector vector = v.getFirst();
          for (int i = 0; i < rows; i++) {
            if (vector.physical().isLong()) {
              long x = vector.getLong(i);
              builder.appendLong(vector.type().isUnsigned() ? x : Math.abs(x));
            } else {
              builder.appendInteger(vector.getInteger(i).abs());
            }
          }
          return builder.build();
        });
  }
}
