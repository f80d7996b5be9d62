// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.sql.expression.LambdaCall;
import dev.varve.sql.expression.LambdaKernel;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// `arrayFold`: the lambda of what has been gathered and the next elements, again and again. All
/// rows of a batch take a step together, those that have an element left.
final class Folding {
  private Folding() {}

  static ScalarFunction function() {
    return ScalarFunction.of(
            "arrayFold",
            "arrayFold((gathered, x, …) -> …, array, …, start)",
            "What the lambda makes of the start and all elements, one after another.",
            Folding::bind)
        .handlingNulls()
        .withLambda(others -> {
          List<DataType> parameters = new ArrayList<>();
          parameters.add(others.getLast());
          for (DataType other : others.subList(0, others.size() - 1)) {
            parameters.add(other.unwrapped() instanceof DataType.Array(DataType e) ? e : other);
          }
          return parameters;
        });
  }

  private static Binding bind(List<Argument> args) {
    Arguments.count("arrayFold", args, 3, Integer.MAX_VALUE);
    for (int i = 1; i < args.size() - 1; i++) {
      Arrays.element("arrayFold", args, i);
    }
    DataType type = args.getLast().type();
    if (!args.getFirst().type().equals(type)) {
      throw new VarveException(
          ErrorCode.TYPE_MISMATCH,
          "the lambda of arrayFold gives "
              + args.getFirst().type().name()
              + " but starts with "
              + type.name()
              + "; cast one of them");
    }
    LambdaKernel kernel = Folding::fold;
    return new Binding(type, kernel);
  }

  private static Vector fold(LambdaCall lambda, List<Vector> arguments, int rows, Scratch scratch) {
    List<Vector> lists = new ArrayList<>();
    for (Vector list : arguments.subList(0, arguments.size() - 1)) {
      lists.add(VectorOps.flatten(list, scratch));
    }
    Vector gathered = VectorOps.flatten(arguments.getLast(), scratch);
    Vector first = lists.getFirst();
    int[] active = new int[rows];
    for (int step = 0; ; step++) {
      int count = 0;
      for (int i = 0; i < rows; i++) {
        if (step < first.listTo(i) - first.listFrom(i)) {
          active[count++] = i;
        }
      }
      if (count == 0) {
        return gathered;
      }
      gathered = step(lambda, lists, gathered, active, count, step, rows, scratch);
    }
  }

  private static Vector step(
      LambdaCall lambda,
      List<Vector> lists,
      Vector gathered,
      int[] active,
      int count,
      int step,
      int rows,
      Scratch scratch) {
    List<Vector> parameters = new ArrayList<>();
    parameters.add(VectorOps.gather(gathered, active, count, scratch));
    int[] at = new int[count];
    for (Vector list : lists) {
      for (int i = 0; i < count; i++) {
        at[i] = list.listFrom(active[i]) + step;
        if (at[i] >= list.listTo(active[i])) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS, "the arrays of arrayFold must have the same length");
        }
      }
      parameters.add(VectorOps.gather(list.elements(), at, count, scratch));
    }
    Vector next = lambda.evaluate(active, parameters, count, scratch);
    DataType type = gathered.type();
    if (!next.type().equals(type)) {
      next = Conversion.cast(next.type(), type).evaluate(List.of(next), count, scratch);
    }
    if (count == rows) {
      return VectorOps.flatten(next, scratch);
    }
    VectorBuilder merged = new VectorBuilder(type, scratch);
    int taken = 0;
    for (int i = 0; i < rows; i++) {
      boolean stepped = taken < count && active[taken] == i;
      merged.append(stepped ? next : gathered, stepped ? taken++ : i);
    }
    return merged.build();
  }
}
