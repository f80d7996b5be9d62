// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.random;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Numbers drawn from distributions, one for each row.
public final class RandomNumbers {
  private RandomNumbers() {}

  /// Draws a number given the distribution's parameters.
  @FunctionalInterface
  private interface Draw {
    double of(RandomGenerator random, double a, double b);
  }

  public static List<ScalarFunction> functions() {
    return List.of(
        real("randUniform(low, high)", 2, (r, a, b) -> a + r.nextDouble() * (b - a)),
        real("randNormal(mean, deviation)", 2, (r, a, b) -> a + b * r.nextGaussian()),
        real("randLogNormal(mean, deviation)", 2, (r, a, b) -> Math.exp(a + b * r.nextGaussian())),
        real("randExponential(rate)", 1, (r, a, _) -> r.nextExponential() / positive(a)),
        real("randChiSquared(degrees)", 1, (r, a, _) -> 2 * gamma(r, positive(a) / 2)),
        real("randStudentT(degrees)", 1, RandomNumbers::student),
        real("randFisherF(d1, d2)", 2, RandomNumbers::fisher),
        real("randCanonical()", 0, (r, _, _) -> r.nextDouble()),
        whole("randBernoulli(probability)", 1, (r, a, _) -> r.nextDouble() < share(a) ? 1 : 0),
        whole("randBinomial(trials, probability)", 2, RandomNumbers::binomial),
        whole("randNegativeBinomial(trials, probability)", 2, RandomNumbers::negativeBinomial),
        whole("randPoisson(mean)", 1, (r, a, _) -> poisson(r, positive(a))),
        ScalarFunction.of(
                "randConstant",
                "randConstant()",
                "A random UInt32, the same for all rows of a query.",
                _ -> {
                  long value = ThreadLocalRandom.current().nextLong(1L << 32);
                  return rows(DataTypes.UINT32, (_, to) -> to.appendLong(value));
                })
            .that(Stability.STABLE));
  }

  /// Appends the value of a row.
  @FunctionalInterface
  interface Row {
    void append(RandomGenerator random, VectorBuilder to);
  }

  static Binding rows(DataType type, Row row) {
    return new Binding(
        type,
        (_, rows, scratch) -> {
          RandomGenerator random = ThreadLocalRandom.current();
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            row.append(random, builder);
          }
          return builder.build();
        });
  }

  private static ScalarFunction real(String signature, int arity, Draw draw) {
    return drawn(signature, arity, DataTypes.FLOAT64, draw);
  }

  private static ScalarFunction whole(String signature, int arity, Draw draw) {
    return drawn(signature, arity, DataTypes.UINT64, draw);
  }

  private static ScalarFunction drawn(String signature, int arity, DataType type, Draw draw) {
    String name = signature.substring(0, signature.indexOf('('));
    return ScalarFunction.of(
            name,
            signature,
            "A random number of the distribution for each row.",
            args -> {
              // One more argument keeps calls apart that would be taken for the same.
              Arguments.count(name, args, arity, arity + 1);
              double a = arity > 0 ? parameter(name, args, 0) : 0;
              double b = arity > 1 ? parameter(name, args, 1) : 0;
              boolean real = type instanceof DataType.Float;
              return rows(
                  type,
                  (random, to) -> {
                    double value = draw.of(random, a, b);
                    if (real) {
                      to.appendDouble(value);
                    } else {
                      to.appendLong((long) value);
                    }
                  });
            })
        .that(Stability.VOLATILE);
  }

  private static double parameter(String name, List<Argument> args, int index) {
    Argument argument = args.get(index);
    if (!argument.isConstant() || !(argument.constant() instanceof Number number)) {
      throw Arguments.illegal(name, index, argument.type(), "a constant number");
    }
    return number.doubleValue();
  }

  private static double positive(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "the distribution wants a positive parameter, found " + value);
    }
    return value;
  }

  private static double share(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "a probability is from 0 to 1, found " + value);
    }
    return value;
  }

  /// A gamma variate of this shape and scale 1, by Marsaglia and Tsang's rejection.
  private static double gamma(RandomGenerator random, double shape) {
    if (shape < 1) {
      return gamma(random, shape + 1) * Math.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  private static double student(RandomGenerator random, double degrees, double unused) {
    return random.nextGaussian() / Math.sqrt(2 * gamma(random, positive(degrees) / 2) / degrees);
  }

  private static double fisher(RandomGenerator random, double d1, double d2) {
    return gamma(random, positive(d1) / 2) / d1 / (gamma(random, positive(d2) / 2) / d2);
  }

  private static double binomial(RandomGenerator random, double trials, double probability) {
    share(probability);
    long successes = 0;
    for (long i = 0; i < Math.min((long) trials, 10_000_000); i++) {
      successes += random.nextDouble() < probability ? 1 : 0;
    }
    return successes;
  }

  private static double negativeBinomial(
      RandomGenerator random, double trials, double probability) {
    double p = positive(share(probability));
    return p == 1 ? 0 : poisson(random, gamma(random, positive(trials)) * (1 - p) / p);
  }

  // Halving keeps the product of uniform numbers above the smallest double.
  private static double poisson(RandomGenerator random, double mean) {
    if (mean > 500) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    long events = -1;
    for (double product = 1; product > limit; product *= random.nextDouble()) {
      events++;
    }
    return Math.max(0, events);
  }
}
