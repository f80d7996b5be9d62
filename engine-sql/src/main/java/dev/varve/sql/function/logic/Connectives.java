// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.logic;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;

/// `and`, `or`, `not`, `xor` as functions, three-valued as in SQL.
public final class Connectives {
  private Connectives() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
                "and", "and(a, b, …)", "Whether all are true.", args -> connect("and", args, 0))
            .handlingNulls(),
        ScalarFunction.of(
                "or", "or(a, b, …)", "Whether any is true.", args -> connect("or", args, 1))
            .handlingNulls(),
        ScalarFunction.of("not", "not(a)", "Whether a is not true.", Connectives::not),
        ScalarFunction.of("xor", "xor(a, b)", "Whether one of two is true.", Connectives::xor));
  }

  /// @param decisive the value that decides the result whatever the others are
  private static Binding connect(String name, List<Argument> args, int decisive) {
    Arguments.count(name, args, 2, Integer.MAX_VALUE);
    for (int i = 0; i < args.size(); i++) {
      requireCondition(name, args, i);
    }
    boolean nullable = args.stream().anyMatch(a -> a.type().isNullable());
    DataType type = nullable ? DataTypes.nullable(DataTypes.BOOL) : DataTypes.BOOL;
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            boolean decided = false;
            boolean unknown = false;
            for (Vector argument : v) {
              boolean isNull = argument.isNull(i);
              unknown |= isNull;
              decided |= !isNull && isTrue(argument, i) == (decisive == 1);
            }
            if (unknown && !decided) {
              builder.appendNull();
            } else {
              builder.appendLong(decided ? decisive : 1 - decisive);
            }
          }
          return builder.build();
        });
  }

  /// Whether a number that is not NULL counts as true.
  static boolean isTrue(Vector vector, int row) {
    if (vector.physical().isFloat()) {
      return vector.getDouble(row) != 0;
    }
    return vector.physical().isLong()
        ? vector.getLong(row) != 0
        : vector.getInteger(row).signum() != 0;
  }

  static void requireCondition(String function, List<Argument> args, int index) {
    if (!(args.get(index).plain() instanceof DataType.Nothing)) {
      Arguments.requireNumber(function, args, index);
    }
  }

  private static Binding not(List<Argument> args) {
    Arguments.count("not", args, 1, 1);
    Arguments.requireNumber("not", args, 0);
    return new Binding(
        DataTypes.BOOL,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(DataTypes.BOOL, scratch);
          for (int i = 0; i < rows; i++) {
            builder.appendLong(isTrue(v.getFirst(), i) ? 0 : 1);
          }
          return builder.build();
        });
  }

  private static Binding xor(List<Argument> args) {
    Arguments.count("xor", args, 2, 2);
    requireCondition("xor", args, 0);
    requireCondition("xor", args, 1);
    return new Binding(
        DataTypes.BOOL,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(DataTypes.BOOL, scratch);
          for (int i = 0; i < rows; i++) {
            builder.appendLong(isTrue(v.get(0), i) != isTrue(v.get(1), i) ? 1 : 0);
          }
          return builder.build();
        });
  }
}
