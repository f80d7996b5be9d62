// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/// Rounding, roots, logarithms, angles, bits, random numbers.
public final class Mathematics {
  /// More than a 256-bit integer has, before its point.
  private static final int MOST_DIGITS = 80;

  /// More than a double has, before its point or behind it.
  private static final int MOST_FLOAT_DIGITS = 1100;

  private Mathematics() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(unary("sqrt", "Square root.", Math::sqrt));
    all.add(unary("cbrt", "Cube root.", Math::cbrt));
    all.add(unary("exp", "e to the power of x.", Math::exp));
    all.add(unary("exp2", "2 to the power of x.", x -> Math.pow(2, x)));
    all.add(unary("exp10", "10 to the power of x.", x -> Math.pow(10, x)));
    all.add(unary("erf", "Error function.", SpecialFunctions::erf));
    all.add(unary("erfc", "1 less the error function.", SpecialFunctions::erfc));
    all.add(unary("tgamma", "Gamma function.", SpecialFunctions::gamma));
    all.add(unary("lgamma", "Logarithm of the gamma function.", SpecialFunctions::logGamma));
    all.add(unary("log", "Natural logarithm.", Math::log).alias("ln"));
    all.add(unary("log2", "Logarithm to base 2.", Mathematics::log2));
    all.add(unary("log10", "Logarithm to base 10.", Math::log10));
    all.add(unary("log1p", "Natural logarithm of 1 + x.", Math::log1p));
    all.add(unary("sin", "Sine.", Math::sin));
    all.add(unary("cos", "Cosine.", Math::cos));
    all.add(unary("tan", "Tangent.", Math::tan));
    all.add(unary("asin", "Arc sine.", Math::asin));
    all.add(unary("acos", "Arc cosine.", Math::acos));
    all.add(unary("atan", "Arc tangent.", Math::atan));
    all.add(unary("sinh", "Hyperbolic sine.", Math::sinh));
    all.add(unary("cosh", "Hyperbolic cosine.", Math::cosh));
    all.add(unary("tanh", "Hyperbolic tangent.", Math::tanh));
    all.add(unary("degrees", "Radians as degrees.", Math::toDegrees));
    all.add(unary("radians", "Degrees as radians.", Math::toRadians));
    all.add(binary("pow", "x to the power of y.", Math::pow).alias("power"));
    all.add(binary("atan2", "The angle of a point.", Math::atan2));
    all.add(binary("hypot", "Length of the hypotenuse.", Math::hypot));
    all.add(constant("pi", "The number pi.", Math.PI));
    all.add(constant("e", "The number e.", Math.E));
    all.add(round("round", RoundingMode.HALF_EVEN, RoundingMode.HALF_UP));
    all.add(round("roundBankers", RoundingMode.HALF_EVEN, RoundingMode.HALF_EVEN));
    all.add(round("floor", RoundingMode.FLOOR, RoundingMode.FLOOR));
    all.add(round("ceil", RoundingMode.CEILING, RoundingMode.CEILING).alias("ceiling"));
    all.add(round("trunc", RoundingMode.DOWN, RoundingMode.DOWN).alias("truncate"));
    all.add(sign());
    all.add(bits("bitAnd", "Bits set in both.", (a, b) -> a & b));
    all.add(bits("bitOr", "Bits set in either.", (a, b) -> a | b));
    all.add(bits("bitXor", "Bits set in one of both.", (a, b) -> a ^ b));
    all.add(bits("bitShiftLeft", "a moved b bits up.", (a, b) -> b > 63 ? 0 : a << b));
    all.add(bits("bitShiftRight", "a moved b bits down.", (a, b) -> b > 63 ? 0 : a >>> b));
    all.add(bits("bitTest", "Bit b of a.", (a, b) -> a >>> b & 1));
    all.add(onLong("bitNot", "Every bit turned.", null, x -> ~x));
    all.add(onLong("bitCount", "How many bits are set.", DataTypes.UINT8, Long::bitCount));
    all.add(test("isNaN", "Whether x is not a number.", Double::isNaN));
    all.add(test("isFinite", "Whether x is a finite number.", Double::isFinite));
    all.add(test("isInfinite", "Whether x is infinite.", Double::isInfinite));
    all.add(gcd("gcd", "Greatest common divisor.", false));
    all.add(gcd("lcm", "Least common multiple.", true));
    all.add(
        ScalarFunction.of("rand", "rand()", "A random UInt32.", _ -> random(DataTypes.UINT32))
            .alias("rand32")
            .that(Stability.VOLATILE));
    all.add(
        ScalarFunction.of("rand64", "rand64()", "A random UInt64.", _ -> random(DataTypes.UINT64))
            .that(Stability.VOLATILE));
    return all;
  }

  private static double log2(double x) {
    int exponent = Math.getExponent(x);
    // Powers of two come out whole.
    return x > 0 && Math.scalb(1.0, exponent) == x ? exponent : Math.log(x) / Math.log(2);
  }

  private static ScalarFunction unary(String name, String doc, DoubleUnaryOperator operator) {
    return ScalarFunction.of(
            name,
            name + "(x)",
            doc,
            args -> {
              Arguments.count(name, args, 1, 1);
              Arguments.requireNumber(name, args, 0);
              return new Binding(
                  DataTypes.FLOAT64,
                  (v, rows, scratch) -> {
                    MemorySegment in = Doubles.of(v.getFirst(), scratch);
                    MemorySegment out = scratch.allocate(rows * 8L);
                    for (int i = 0; i < rows; i++) {
                      out.set(
                          Vector.F64, i * 8L, operator.applyAsDouble(in.get(Vector.F64, i * 8L)));
                    }
                    return Doubles.vector(out, rows);
                  });
            })
        .inAnyCase();
  }

  private static ScalarFunction binary(String name, String doc, DoubleBinaryOperator operator) {
    return ScalarFunction.of(
            name,
            name + "(x, y)",
            doc,
            args -> {
              Arguments.count(name, args, 2, 2);
              Arguments.requireNumber(name, args, 0);
              Arguments.requireNumber(name, args, 1);
              return new Binding(
                  DataTypes.FLOAT64,
                  (v, rows, scratch) -> {
                    MemorySegment x = Doubles.of(v.get(0), scratch);
                    MemorySegment y = Doubles.of(v.get(1), scratch);
                    MemorySegment out = scratch.allocate(rows * 8L);
                    for (int i = 0; i < rows; i++) {
                      out.set(
                          Vector.F64,
                          i * 8L,
                          operator.applyAsDouble(
                              x.get(Vector.F64, i * 8L), y.get(Vector.F64, i * 8L)));
                    }
                    return Doubles.vector(out, rows);
                  });
            })
        .inAnyCase();
  }

  private static ScalarFunction constant(String name, String doc, double value) {
    return ScalarFunction.of(
        name,
        name + "()",
        doc,
        args -> {
          Arguments.count(name, args, 0, 0);
          return new Binding(
              DataTypes.FLOAT64,
              (_, rows, scratch) -> {
                MemorySegment out = scratch.allocate(8);
                out.set(Vector.F64, 0, value);
                return Vector.constant(
                    DataTypes.FLOAT64, rows, Vector.fixed(DataTypes.FLOAT64, 1, out, null));
              });
        });
  }

  /// @param floats how a float is rounded, and decimals and integers in `exact`
  private static ScalarFunction round(String name, RoundingMode floats, RoundingMode exact) {
    return ScalarFunction.of(
            name,
            name + "(x[, digits])",
            "x rounded to this many digits behind the point, or before it where negative.",
            args -> {
              Arguments.count(name, args, 1, 2);
              Arguments.requireNumber(name, args, 0);
              int digits = args.size() < 2 ? 0 : Arguments.constantInt(name, args, 1);
              return rounding(args.getFirst(), digits, floats, exact);
            })
        .inAnyCase();
  }

  private static Binding rounding(
      Argument argument, int digits, RoundingMode floats, RoundingMode exact) {
    DataType type = Arithmetic.number(argument.plain());
    if (type instanceof DataType.Float) {
      return new Binding(
          type,
          (v, rows, scratch) -> {
            MemorySegment in = Doubles.of(v.getFirst(), scratch);
            MemorySegment out = scratch.allocate(rows * 8L);
            for (int i = 0; i < rows; i++) {
              out.set(Vector.F64, i * 8L, rounded(in.get(Vector.F64, i * 8L), digits, floats));
            }
            return Doubles.vector(type, out, rows, scratch);
          });
    }
    int scale = type instanceof DataType.Decimal d ? d.scale() : 0;
    if (digits >= scale) {
      return new Binding(type, (v, _, _) -> v.getFirst());
    }
    // No integer has more digits; the power of a number that somebody typed could fill the memory.
    BigInteger unit = BigInteger.TEN.pow((int) Math.min(MOST_DIGITS, (long) scale - digits));
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            BigInteger value =
                v.getFirst().isNull(i) ? BigInteger.ZERO : v.getFirst().getInteger(i);
            BigInteger whole =
                new BigDecimal(value).divide(new BigDecimal(unit), 0, exact).toBigInteger();
            builder.appendInteger(IntegerArithmetic.wrap(whole.multiply(unit), type));
          }
          return builder.build();
        });
  }

  private static double rounded(double value, int digits, RoundingMode mode) {
    if (!Double.isFinite(value)) {
      return value;
    }
    if (digits == 0) {
      return switch (mode) {
        case FLOOR -> Math.floor(value);
        case CEILING -> Math.ceil(value);
        case DOWN -> value < 0 ? Math.ceil(value) : Math.floor(value);
        default -> Math.rint(value);
      };
    }
    int near = Math.clamp(digits, -MOST_FLOAT_DIGITS, MOST_FLOAT_DIGITS);
    return BigDecimal.valueOf(value).setScale(near, mode).doubleValue();
  }

  private static ScalarFunction sign() {
    return ScalarFunction.of(
            "sign",
            "sign(x)",
            "-1, 0 or 1.",
            args -> {
              Arguments.count("sign", args, 1, 1);
              Arguments.requireNumber("sign", args, 0);
              return new Binding(
                  DataTypes.INT8,
                  (v, rows, scratch) -> {
                    VectorBuilder builder = new VectorBuilder(DataTypes.INT8, scratch);
                    for (int i = 0; i < rows; i++) {
                      Vector x = v.getFirst();
                      builder.appendLong(
                          x.isNull(i)
                              ? 0
                              : x.physical().isFloat()
                                  ? (long) Math.signum(x.getDouble(i))
                                  : x.getInteger(i).signum());
                    }
                    return builder.build();
                  });
            })
        .inAnyCase();
  }

  private static ScalarFunction bits(String name, String doc, LongBinaryOperator operator) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        doc,
        args -> {
          Arguments.count(name, args, 2, 2);
          if (TextBits.areTexts(name, args)) {
            return TextBits.bind(name, args);
          }
          Arguments.requireInteger(name, args, 0);
          Arguments.requireInteger(name, args, 1);
          DataType.Int a = (DataType.Int) Arithmetic.number(args.get(0).plain());
          DataType.Int b = (DataType.Int) Arithmetic.number(args.get(1).plain());
          boolean moves = name.startsWith("bitShift");
          DataType type =
              name.equals("bitTest")
                  ? DataTypes.UINT8
                  : IntegerArithmetic.ofBits(
                      moves ? a.bits() : Math.max(a.bits(), b.bits()),
                      moves ? a.signed() : a.signed() || b.signed());
          if (a.bits() > 64 || b.bits() > 64) {
            return WideBits.bind(name, type);
          }
          LongBinaryOperator own =
              name.equals("bitShiftRight") && a.signed()
                  ? (x, y) -> x >> (y < 0 || y > 63 ? 63 : y)
                  : operator;
          return new Binding(type, (v, rows, scratch) -> longs(own, type, v, rows, scratch));
        });
  }

  private static Vector longs(
      LongBinaryOperator operator, DataType type, List<Vector> v, int rows, Scratch scratch) {
    MemorySegment a = Longs.of(v.get(0), scratch);
    MemorySegment b = Longs.of(v.get(1), scratch);
    MemorySegment out = scratch.allocate(rows * 8L);
    for (int i = 0; i < rows; i++) {
      out.set(
          Vector.I64,
          i * 8L,
          operator.applyAsLong(a.get(Vector.I64, i * 8L), b.get(Vector.I64, i * 8L)));
    }
    return Vector.fixed(type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
  }

  /// @param type of the result, or null for the argument's
  private static ScalarFunction onLong(
      String name, String doc, DataType type, LongUnaryOperator operator) {
    return ScalarFunction.of(
        name,
        name + "(a)",
        doc,
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireInteger(name, args, 0);
          DataType own = Arithmetic.number(args.getFirst().plain());
          DataType result = type == null ? own : type;
          if (!own.physical().isLong()) {
            return WideBits.ofOne(name, result, own);
          }
          long low = own.physical().width() >= 8 ? -1L : (1L << own.physical().width() * 8) - 1;
          return new Binding(
              result,
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(result, scratch);
                for (int i = 0; i < rows; i++) {
                  builder.appendLong(operator.applyAsLong(v.getFirst().getLong(i) & low));
                }
                return builder.build();
              });
        });
  }

  private interface DoubleTest {
    boolean holds(double value);
  }

  private static ScalarFunction test(String name, String doc, DoubleTest test) {
    return ScalarFunction.of(
        name,
        name + "(x)",
        doc,
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireNumber(name, args, 0);
          return new Binding(
              DataTypes.BOOL,
              (v, rows, scratch) -> {
                MemorySegment in = Doubles.of(v.getFirst(), scratch);
                VectorBuilder builder = new VectorBuilder(DataTypes.BOOL, scratch);
                for (int i = 0; i < rows; i++) {
                  builder.appendLong(test.holds(in.get(Vector.F64, i * 8L)) ? 1 : 0);
                }
                return builder.build();
              });
        });
  }

  private static ScalarFunction gcd(String name, String doc, boolean multiple) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        doc,
        args -> {
          Arguments.count(name, args, 2, 2);
          Arguments.requireLong(name, args, 0);
          Arguments.requireLong(name, args, 1);
          return new Binding(
              DataTypes.INT64,
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(DataTypes.INT64, scratch);
                for (int i = 0; i < rows; i++) {
                  BigInteger a = BigInteger.valueOf(v.get(0).getLong(i));
                  BigInteger b = BigInteger.valueOf(v.get(1).getLong(i));
                  BigInteger gcd = a.gcd(b);
                  boolean none = gcd.signum() == 0;
                  builder.appendLong(
                      (multiple ? none ? gcd : a.divide(gcd).multiply(b).abs() : gcd).longValue());
                }
                return builder.build();
              });
        });
  }

  private static Binding random(DataType type) {
    return new Binding(
        type,
        (_, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            builder.appendLong(ThreadLocalRandom.current().nextLong());
          }
          return builder.build();
        });
  }
}
