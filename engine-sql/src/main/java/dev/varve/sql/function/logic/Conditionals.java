// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.logic;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.expression.Kernel;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Functions that choose among their arguments. They evaluate all of them; `CASE` does not.
public final class Conditionals {
  private final Function<List<DataType>, DataType> commonType;

  private Conditionals(Function<List<DataType>, DataType> commonType) {
    this.commonType = commonType;
  }

  /// @param commonType the registry's rule for the type that holds several
  public static List<ScalarFunction> functions(Function<List<DataType>, DataType> commonType) {
    Conditionals make = new Conditionals(commonType);
    return List.of(
        ScalarFunction.of("if", "if(condition, then, else)", "One of two values.", make::choose)
            .handlingNulls()
            .inAnyCase(),
        ScalarFunction.of(
                "multiIf",
                "multiIf(condition, then, …, else)",
                "The value of the first condition that is true.",
                make::chooseMany)
            .handlingNulls(),
        ScalarFunction.of(
                "coalesce",
                "coalesce(a, …)",
                "The first value that is not NULL.",
                args -> make.coalesce("coalesce", args))
            .handlingNulls()
            .inAnyCase(),
        ScalarFunction.of(
                "ifNull",
                "ifNull(a, b)",
                "a, or b where a is NULL.",
                args -> {
                  Arguments.count("ifNull", args, 2, 2);
                  return make.coalesce("ifNull", args);
                })
            .alias("nvl")
            .handlingNulls()
            .inAnyCase(),
        ScalarFunction.of("nullIf", "nullIf(a, b)", "NULL where a equals b, else a.", make::nullIf)
            .handlingNulls()
            .inAnyCase(),
        ScalarFunction.of(
                "isNull", "isNull(a)", "Whether a is NULL.", args -> isNull("isNull", args, true))
            .handlingNulls(),
        ScalarFunction.of(
                "isNotNull",
                "isNotNull(a)",
                "Whether a is not NULL.",
                args -> isNull("isNotNull", args, false))
            .handlingNulls(),
        ScalarFunction.of(
                "assumeNotNull",
                "assumeNotNull(a)",
                "a without Nullable; the type's default where it is NULL after all.",
                Conditionals::assumeNotNull)
            .handlingNulls(),
        ScalarFunction.of(
                "toNullable",
                "toNullable(a)",
                "a as a Nullable type.",
                args -> {
                  Arguments.count("toNullable", args, 1, 1);
                  DataType type = DataTypes.nullable(args.getFirst().type());
                  return new Binding(type, (v, _, _) -> v.getFirst().as(type));
                })
            .handlingNulls(),
        identity("materialize", "The same value, computed for each row.").that(Stability.VOLATILE),
        identity("identity", "The same value."),
        identity("toLowCardinality", "The same value."),
        ScalarFunction.of(
                "greatest",
                "greatest(a, …)",
                "The greatest value; NULL counts as none.",
                args -> make.extreme("greatest", args, 1))
            .handlingNulls()
            .inAnyCase(),
        ScalarFunction.of(
                "least",
                "least(a, …)",
                "The least value; NULL counts as none.",
                args -> make.extreme("least", args, -1))
            .handlingNulls()
            .inAnyCase());
  }

  private static ScalarFunction identity(String name, String doc) {
    return ScalarFunction.of(
            name,
            name + "(a)",
            doc,
            args -> {
              Arguments.count(name, args, 1, 1);
              DataType type = args.getFirst().type();
              return new Binding(type, (v, _, scratch) -> VectorOps.flatten(v.getFirst(), scratch));
            })
        .handlingNulls();
  }

  private static Binding isNull(String name, List<Argument> args, boolean wanted) {
    Arguments.count(name, args, 1, 1);
    return new Binding(
        DataTypes.BOOL,
        (v, rows, scratch) -> {
          long[] mask = Masks.nulls(v.getFirst());
          mask = mask == null ? Masks.create(rows) : mask;
          if (!wanted) {
            Masks.not(mask, rows);
          }
          return Masks.toVector(DataTypes.BOOL, mask, null, rows, scratch);
        });
  }

  private static Binding assumeNotNull(List<Argument> args) {
    Arguments.count("assumeNotNull", args, 1, 1);
    DataType type = args.getFirst().plain();
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector flat = VectorOps.flatten(v.getFirst(), scratch);
          if (flat.validity() == null) {
            return flat.as(type);
          }
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            if (flat.isNull(i)) {
              builder.appendDefault();
            } else {
              builder.append(flat, i);
            }
          }
          return builder.build();
        });
  }

  private Binding choose(List<Argument> args) {
    Arguments.count("if", args, 3, 3);
    return chooseMany(args);
  }

  private Binding chooseMany(List<Argument> args) {
    Arguments.count("multiIf", args, 3, Integer.MAX_VALUE);
    if (args.size() % 2 == 0) {
      throw Arguments.illegal(
          "multiIf",
          args.size() - 1,
          args.getLast().type(),
          "a value for the case that no condition holds, so an odd number of arguments");
    }
    List<Argument> values = new ArrayList<>();
    for (int i = 1; i < args.size(); i += 2) {
      Connectives.requireCondition("a condition", args, i - 1);
      values.add(args.get(i));
    }
    values.add(args.getLast());
    DataType type = commonType.apply(values.stream().map(Argument::type).toList());
    List<Kernel> casts = casts(values, type);
    int conditions = values.size() - 1;
    return new Binding(
        type,
        (v, rows, scratch) -> {
          int[] choice = new int[rows];
          java.util.Arrays.fill(choice, conditions);
          for (int c = conditions - 1; c >= 0; c--) {
            Vector condition = v.get(2 * c);
            for (int i = 0; i < rows; i++) {
              if (!condition.isNull(i) && Connectives.isTrue(condition, i)) {
                choice[i] = c;
              }
            }
          }
          List<Vector> cast = new ArrayList<>();
          for (int c = 0; c <= conditions; c++) {
            Vector value = c == conditions ? v.getLast() : v.get(2 * c + 1);
            cast.add(casts.get(c).evaluate(List.of(value), rows, scratch));
          }
          return picked(cast, choice, type, rows, scratch);
        });
  }

  private static List<Kernel> casts(List<Argument> values, DataType type) {
    List<Kernel> casts = new ArrayList<>();
    for (Argument value : values) {
      DataType target = value.type().isNullable() ? DataTypes.nullable(type) : type;
      casts.add(
          value.type().equals(type)
              ? (v, _, _) -> v.getFirst()
              : Conversion.cast(value.type(), target));
    }
    return casts;
  }

  /// Row `i` of the vector `choice[i]`.
  private static Vector picked(
      List<Vector> vectors, int[] choice, DataType type, int rows, Scratch scratch) {
    int[] index = new int[rows];
    for (int i = 0; i < rows; i++) {
      index[i] = choice[i] * rows + i;
    }
    List<Vector> typed = vectors.stream().map(vector -> vector.as(type)).toList();
    return VectorOps.gather(VectorOps.concat(typed, scratch), index, rows, scratch).as(type);
  }

  private Binding coalesce(String name, List<Argument> args) {
    Arguments.count(name, args, 1, Integer.MAX_VALUE);
    DataType common = commonType.apply(args.stream().map(Argument::type).toList());
    boolean surelyThere = args.stream().anyMatch(a -> !a.type().isNullable());
    DataType type = surelyThere && common.isNullable() ? common.unwrapped() : common;
    DataType working = common;
    List<Kernel> casts = casts(args, working);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          int[] choice = new int[rows];
          for (int i = 0; i < rows; i++) {
            while (choice[i] < v.size() - 1 && v.get(choice[i]).isNull(i)) {
              choice[i]++;
            }
          }
          List<Vector> cast = new ArrayList<>();
          for (int c = 0; c < v.size(); c++) {
            cast.add(casts.get(c).evaluate(List.of(v.get(c)), rows, scratch));
          }
          Vector result = picked(cast, choice, working, rows, scratch);
          return type.isNullable() ? result : result.withValidity(null).as(type);
        });
  }

  private Binding nullIf(List<Argument> args) {
    Arguments.count("nullIf", args, 2, 2);
    DataType type = DataTypes.nullable(args.get(0).type());
    DataType common = commonType.apply(List.of(args.get(0).type(), args.get(1).type()));
    List<Kernel> casts = casts(args, common);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector a = casts.get(0).evaluate(List.of(v.get(0)), rows, scratch);
          Vector b = casts.get(1).evaluate(List.of(v.get(1)), rows, scratch);
          long[] present = Masks.all(rows);
          for (int i = 0; i < rows; i++) {
            boolean isNull = a.isNull(i);
            if (isNull || !b.isNull(i) && ValueOrder.compare(a, i, b, i) == 0) {
              present[i >>> 6] &= ~(1L << i);
            }
          }
          return VectorOps.flatten(v.get(0), scratch)
              .withValidity(Masks.toBitmap(present, scratch))
              .as(type);
        });
  }

  private Binding extreme(String name, List<Argument> args, int sign) {
    Arguments.count(name, args, 1, Integer.MAX_VALUE);
    List<DataType> types = args.stream().map(Argument::type).toList();
    DataType common = commonType.apply(types).unwrapped();
    DataType working = DataTypes.nullable(common);
    DataType type = types.stream().allMatch(DataType::isNullable) ? working : common;
    List<Kernel> casts = casts(args, working);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> cast = new ArrayList<>();
          for (int c = 0; c < v.size(); c++) {
            cast.add(casts.get(c).evaluate(List.of(v.get(c)), rows, scratch));
          }
          int[] choice = new int[rows];
          for (int c = 1; c < cast.size(); c++) {
            for (int i = 0; i < rows; i++) {
              if (!cast.get(c).isNull(i)) {
                Vector best = cast.get(choice[i]);
                boolean better =
                    best.isNull(i) || ValueOrder.compare(cast.get(c), i, best, i) * sign > 0;
                choice[i] = better ? c : choice[i];
              }
            }
          }
          Vector result = picked(cast, choice, working, rows, scratch);
          return type.isNullable() ? result : result.withValidity(null).as(type);
        });
  }
}
