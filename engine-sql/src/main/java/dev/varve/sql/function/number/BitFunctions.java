// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Bits turned, tested and listed; steps of rounding; functions of numbers that few ask for.
public final class BitFunctions {
  private static final long[] DURATIONS = {
    0, 1, 10, 30, 60, 120, 180, 240, 300, 600, 1200, 1800, 3600, 7200, 18_000, 36_000
  };

  private BitFunctions() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(rotate("bitRotateLeft", 1));
    all.add(rotate("bitRotateRight", -1));
    all.add(test("bitTestAll", true));
    all.add(test("bitTestAny", false));
    all.add(
        Declared.rows(
            "bitHammingDistance(a Integer, b Integer)",
            "How many bits differ.",
            DataTypes.UINT8,
            (v, row, to) ->
                to.appendLong(v.get(0).getInteger(row).xor(v.get(1).getInteger(row)).bitCount())));
    all.add(
        Declared.bound(
            "bitmaskToArray(n Int)",
            "The powers of two that n is the sum of.",
            args ->
                RowBinding.of(
                    DataTypes.array(args.getFirst().plain()),
                    (v, row, to) -> {
                      long n = v.getFirst().getLong(row) & mask(args.getFirst().plain());
                      for (long bits = n; bits != 0; bits &= bits - 1) {
                        to.child(0).appendLong(Long.lowestOneBit(bits));
                      }
                      to.endList();
                    })));
    all.add(
        Declared.bound(
            "bitPositionsToArray(n Int)",
            "Where the set bits of n are, from 0.",
            args -> {
              requireLong("bitPositionsToArray", args);
              return RowBinding.of(
                  DataTypes.array(DataTypes.UINT64),
                  (v, row, to) -> {
                    long n = v.getFirst().getLong(row) & mask(args.getFirst().plain());
                    for (long bits = n; bits != 0; bits &= bits - 1) {
                      to.child(0).appendLong(Long.numberOfTrailingZeros(bits));
                    }
                    to.endList();
                  });
            }));
    all.add(
        Declared.bound(
            "bitmaskToList(n Int)",
            "The powers of two that n is the sum of, as text.",
            args ->
                RowBinding.of(
                    DataTypes.STRING,
                    (v, row, to) -> {
                      List<String> powers = new ArrayList<>();
                      long n = v.getFirst().getLong(row) & mask(args.getFirst().plain());
                      for (long bits = n; bits != 0; bits &= bits - 1) {
                        powers.add(Long.toUnsignedString(Long.lowestOneBit(bits)));
                      }
                      RowBinding.append(String.join(",", powers), to);
                    })));
    all.add(
        Declared.bound(
            "byteSwap(n Int)",
            "The bytes of n in reverse.",
            args ->
                RowBinding.of(
                    args.getFirst().plain(),
                    (v, row, to) ->
                        to.appendLong(
                            Long.reverseBytes(v.getFirst().getLong(row))
                                >> 64 - 8 * args.getFirst().plain().width()))));
    all.add(real("asinh", x -> Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1))));
    all.add(real("acosh", x -> Math.log(x + Math.sqrt(x * x - 1))));
    all.add(real("atanh", x -> 0.5 * Math.log((1 + x) / (1 - x))));
    all.add(real("sigmoid", x -> 1 / (1 + Math.exp(-x))));
    all.add(
        Declared.rows(
                "factorial(n Int)",
                "The product of the numbers from 1 to n.",
                DataTypes.UINT64,
                (v, row, to) -> to.appendInteger(factorial(v.getFirst().getLong(row))))
            .inAnyCase());
    all.add(
        Declared.rows(
            "intExp2(n Number)",
            "2 to the power n, as UInt64.",
            DataTypes.UINT64,
            (v, row, to) ->
                to.appendInteger(power(2, (long) Numeric.doubleOf(v.getFirst(), row)))));
    all.add(
        Declared.rows(
            "intExp10(n Number)",
            "10 to the power n, as UInt64.",
            DataTypes.UINT64,
            (v, row, to) ->
                to.appendInteger(power(10, (long) Numeric.doubleOf(v.getFirst(), row)))));
    all.add(
        Declared.rows(
            "roundAge(age Number)",
            "The lower end of an age's bracket.",
            DataTypes.UINT8,
            (v, row, to) -> {
              double age = Numeric.doubleOf(v.getFirst(), row);
              to.appendLong(
                  age < 1
                      ? 0
                      : age < 18
                          ? 17
                          : age < 25 ? 18 : age < 35 ? 25 : age < 45 ? 35 : age < 55 ? 45 : 55);
            }));
    all.add(
        Declared.rows(
            "roundDuration(seconds Number)",
            "The step of durations below.",
            DataTypes.UINT16,
            (v, row, to) -> {
              double seconds = Numeric.doubleOf(v.getFirst(), row);
              long found = 0;
              for (long step : DURATIONS) {
                found = seconds >= step ? step : found;
              }
              to.appendLong(found);
            }));
    all.add(
        Declared.bound(
            "roundToExp2(x Number)",
            "The power of two below.",
            args -> {
              boolean isFloat = args.getFirst().plain() instanceof DataType.Float;
              if (!isFloat) {
                Arguments.requireLong("roundToExp2", args, 0);
              }
              return RowBinding.of(
                  args.getFirst().plain(),
                  (v, row, to) -> {
                    if (isFloat) {
                      double x = v.getFirst().getDouble(row);
                      to.appendDouble(
                          x == 0 ? 0 : Math.signum(x) * Math.pow(2, Math.getExponent(x)));
                    } else {
                      long x = v.getFirst().getLong(row);
                      to.appendLong(x < 0 ? -Long.highestOneBit(-x) : Long.highestOneBit(x));
                    }
                  });
            }));
    all.add(
        Declared.rows(
            "ifNotFinite(x Number, otherwise Number)",
            "x, or the other where x is no finite number.",
            DataTypes.FLOAT64,
            (v, row, to) -> {
              double x = Numeric.doubleOf(v.get(0), row);
              to.appendDouble(Double.isFinite(x) ? x : Numeric.doubleOf(v.get(1), row));
            }));
    all.add(
        Declared.rows(
                "widthBucket(x Number, low Number, high Number, count Int)",
                "The number of the bucket that x is in, of so many between low and high.",
                DataTypes.UINT32,
                (v, row, to) ->
                    to.appendLong(
                        bucket(v.stream().mapToDouble(a -> Numeric.doubleOf(a, row)).toArray())))
            .alias("WIDTH_BUCKET")
            .inAnyCase());
    return all;
  }

  private static long mask(DataType type) {
    int bits = type.width() * 8;
    return bits >= 64 ? -1 : (1L << bits) - 1;
  }

  private static ScalarFunction rotate(String name, int sign) {
    return Declared.bound(
        name + "(n Int, places Int)",
        "The bits of n turned by so many places.",
        args -> {
          DataType type = args.getFirst().plain();
          int bits = type.width() * 8;
          if (bits > 64) {
            throw Arguments.illegal(name, 0, type, "an integer of at most 64 bits");
          }
          return RowBinding.of(
              type,
              (v, row, to) -> {
                long n = v.get(0).getLong(row) & mask(type);
                int by = (int) Math.floorMod(sign * v.get(1).getLong(row), (long) bits);
                to.appendLong(by == 0 ? n : n << by | n >>> bits - by);
              });
        });
  }

  private static ScalarFunction test(String name, boolean every) {
    return Declared.rows(
        name + "(n Int, place Int, …)",
        "Whether the bits at these places are set, " + (every ? "all of them." : "any of them."),
        DataTypes.UINT8,
        (v, row, to) -> {
          boolean found = !every;
          for (int i = 1; i < v.size(); i++) {
            boolean set = (v.getFirst().getLong(row) >>> v.get(i).getLong(row) & 1) != 0;
            found = i == 1 ? set : every ? found && set : found || set;
          }
          to.appendLong(found ? 1 : 0);
        });
  }

  private static ScalarFunction real(String name, DoubleUnaryOperator function) {
    return Declared.rows(
        name + "(x Number)",
        "The function of that name.",
        DataTypes.FLOAT64,
        (v, row, to) ->
            to.appendDouble(function.applyAsDouble(Numeric.doubleOf(v.getFirst(), row))));
  }

  private static BigInteger factorial(long n) {
    if (n > 20) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "factorial knows numbers to 20, found " + n);
    }
    BigInteger product = BigInteger.ONE;
    for (long i = 2; i <= n; i++) {
      product = product.multiply(BigInteger.valueOf(i));
    }
    return product;
  }

  private static BigInteger power(int base, long exponent) {
    BigInteger most = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    return exponent < 0
        ? BigInteger.ZERO
        : exponent > 64 ? most : BigInteger.valueOf(base).pow((int) exponent).min(most);
  }

  private static long bucket(double[] of) {
    double share = (of[0] - of[1]) / (of[2] - of[1]);
    return share < 0 ? 0 : share >= 1 ? (long) of[3] + 1 : (long) (share * of[3]) + 1;
  }

  private static void requireLong(String function, List<Argument> args) {
    if (!args.getFirst().plain().physical().isLong()) {
      throw Arguments.illegal(function, 0, args.getFirst().type(), "an integer of at most 64 bits");
    }
  }
}
