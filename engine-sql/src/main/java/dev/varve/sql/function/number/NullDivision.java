// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.List;

/// Divisions that give NULL for a divisor of zero, and rounding down to one of some numbers.
public final class NullDivision {
  private NullDivision() {}

  /// @param numbers the arithmetic whose functions divide
  public static List<ScalarFunction> functions(List<ScalarFunction> numbers) {
    return List.of(
        orNull("divideOrNull", "divide", numbers),
        orNull("intDivOrNull", "intDivOrZero", numbers),
        orNull("moduloOrNull", "moduloOrZero", numbers).alias("modOrNull"),
        ScalarFunction.of(
            "roundDown",
            "roundDown(x, numbers)",
            "The greatest of the numbers that is not above x, or else the least.",
            NullDivision::roundDown));
  }

  private static ScalarFunction orNull(String name, String plain, List<ScalarFunction> numbers) {
    ScalarFunction function =
        numbers.stream().filter(f -> f.name().equals(plain)).findFirst().orElseThrow();
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        "As " + plain + ", and NULL for b = 0.",
        args -> {
          Arguments.count(name, args, 2, 2);
          Arguments.requireNumber(name, args, 1);
          Binding bound = function.binder().bind(args);
          DataType type = DataTypes.nullable(bound.type());
          return new Binding(
              type,
              (v, rows, scratch) -> {
                Vector divisor = v.get(1);
                Vector quotients =
                    VectorOps.flatten(bound.kernel().evaluate(v, rows, scratch), scratch);
                VectorBuilder to = new VectorBuilder(type, scratch);
                for (int i = 0; i < rows; i++) {
                  if (divisor.isNull(i) || Numeric.doubleOf(divisor, i) == 0) {
                    to.appendNull();
                  } else {
                    to.append(quotients, i);
                  }
                }
                return to.build();
              });
        });
  }

  private static Binding roundDown(List<Argument> args) {
    Arguments.count("roundDown", args, 2, 2);
    Arguments.requireNumber("roundDown", args, 0);
    if (!(args.get(1).plain() instanceof DataType.Array(DataType element))
        || !Arguments.isNumber(element)
        || element.physical() == Physical.STRUCT) {
      throw Arguments.illegal("roundDown", 1, args.get(1).type(), "an array of numbers");
    }
    return RowBinding.of(
        element.unwrapped(),
        (v, row, to) -> {
          Vector numbers = v.get(1);
          double x = Numeric.doubleOf(v.getFirst(), row);
          int best = -1;
          int least = -1;
          for (int e = numbers.listFrom(row); e < numbers.listTo(row); e++) {
            if (numbers.elements().isNull(e)) {
              continue;
            }
            double number = Numeric.doubleOf(numbers.elements(), e);
            if (least < 0 || number < Numeric.doubleOf(numbers.elements(), least)) {
              least = e;
            }
            boolean higher = best < 0 || number > Numeric.doubleOf(numbers.elements(), best);
            best = number <= x && higher ? e : best;
          }
          int found = best < 0 ? least : best;
          if (found < 0) {
            to.appendDefault();
          } else {
            to.append(numbers.elements(), found);
          }
        });
  }
}
