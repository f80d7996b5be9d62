// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.LambdaCall;
import dev.varve.sql.expression.LambdaKernel;
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

/// Functions of maps with a lambda of key and value: `mapApply`, `mapFilter`, `mapSort`, …
final class MapLambdas {
  private MapLambdas() {}

  static List<ScalarFunction> functions() {
    return List.of(
        of("mapApply", "The map of the pairs that the lambda makes.", MapLambdas::apply),
        of("mapFilter", "The entries for which the lambda is true.", MapLambdas::filter),
        of("mapExists", "Whether the lambda is true for an entry.", a -> quantified(a, true)),
        of("mapAll", "Whether the lambda is true for all entries.", a -> quantified(a, false)),
        sorting("mapSort", "The entries in rising order of keys, or of the lambda's value.", 1),
        sorting(
            "mapReverseSort",
            "The entries in falling order of keys, or of the lambda's value.",
            -1));
  }

  private static ScalarFunction of(String name, String doc, ScalarFunction.Binder binder) {
    return declared(
        name,
        name + "((key, value) -> …, map)",
        doc,
        args -> {
          Arguments.count(name, args, 2, 2);
          Maps.map(name, args, 1);
          return binder.bind(args);
        });
  }

  private static ScalarFunction declared(
      String name, String signature, String doc, ScalarFunction.Binder binder) {
    return ScalarFunction.of(name, signature, doc, binder)
        .handlingNulls()
        .withLambda(others ->
            others.getFirst().unwrapped() instanceof DataType.MapOf map
                ? List.of(map.key(), map.value())
                : others);
  }

  private interface Body {
    /// @param value what the lambda says of each entry
    Vector apply(Vector maps, Vector value, int rows, Scratch scratch);
  }

  private static LambdaKernel kernel(Body body) {
    return new LambdaKernel() {
      @Override
      public Vector evaluate(LambdaCall lambda, List<Vector> arguments, int rows, Scratch scratch) {
        Vector maps =
            Elementwise.compact(VectorOps.flatten(arguments.getLast(), scratch), rows, scratch);
        int total = maps.elements().rows();
        int[] rowOf = new int[total];
        for (int i = 0; i < rows; i++) {
          java.util.Arrays.fill(rowOf, maps.listFrom(i), maps.listTo(i), i);
        }
        List<Vector> sides = maps.elements().children();
        Vector value = lambda.evaluate(rowOf, sides, total, scratch);
        return body.apply(maps, VectorOps.flatten(value, scratch), rows, scratch);
      }

      @Override
      public Vector evaluate(List<Vector> arguments, int rows, Scratch scratch) {
        Vector maps = VectorOps.flatten(arguments.getLast(), scratch);
        return body.apply(maps, maps.elements().children().getFirst(), rows, scratch);
      }
    };
  }

  private static Binding apply(List<Argument> args) {
    if (!(args.getFirst().type().unwrapped() instanceof DataType.Tuple pair)
        || pair.fields().size() != 2) {
      throw Arguments.illegal("mapApply", 0, args.getFirst().type(), "a lambda that gives a pair");
    }
    DataType type = new DataType.MapOf(pair.fields().get(0), pair.fields().get(1));
    return new Binding(
        type,
        kernel((maps, value, rows, _) -> Vector.list(type, rows, maps.offsets(), value, null)));
  }

  private static Binding filter(List<Argument> args) {
    DataType type = args.get(1).plain();
    return new Binding(
        type,
        kernel((maps, value, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            for (int e = maps.listFrom(i); e < maps.listTo(i); e++) {
              if (Elementwise.isTrue(value, e)) {
                builder.child(0).append(maps.elements(), e);
              }
            }
            builder.endList();
          }
          return builder.build();
        }));
  }

  private static Binding quantified(List<Argument> args, boolean any) {
    return new Binding(
        DataTypes.UINT8,
        kernel((maps, value, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(DataTypes.UINT8, scratch);
          for (int i = 0; i < rows; i++) {
            boolean found = false;
            for (int e = maps.listFrom(i); e < maps.listTo(i); e++) {
              found |= Elementwise.isTrue(value, e) == any;
            }
            builder.appendLong(found == any ? 1 : 0);
          }
          return builder.build();
        }));
  }

  private static ScalarFunction sorting(String name, String doc, int sign) {
    return declared(
        name,
        name + "([(key, value) -> …,] map)",
        doc,
        args -> {
          Arguments.count(name, args, 1, 2);
          DataType type = Maps.map(name, args, args.size() - 1);
          return new Binding(
              type,
              kernel((maps, value, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(type, scratch);
                for (int i = 0; i < rows; i++) {
                  List<Integer> order = new ArrayList<>();
                  for (int e = maps.listFrom(i); e < maps.listTo(i); e++) {
                    order.add(e);
                  }
                  order.sort((p, q) -> sign * ValueOrder.compare(value, p, value, q));
                  order.forEach(e -> builder.child(0).append(maps.elements(), e));
                  builder.endList();
                }
                return builder.build();
              }));
        });
  }
}
