// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.tuple;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Arithmetic of tuples, field by field, by the arithmetic of numbers.
public final class TupleArithmetic {
  private static final List<String> OPERATIONS =
      List.of("plus", "minus", "multiply", "divide", "modulo", "intDiv", "intDivOrZero");

  private final Map<String, ScalarFunction> numbers = new HashMap<>();

  /// @param arithmetic the functions of numbers
  public TupleArithmetic(List<ScalarFunction> arithmetic) {
    arithmetic.forEach(function -> numbers.put(function.name(), function));
  }

  public List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (String operation : OPERATIONS) {
      String name = "tuple" + Character.toUpperCase(operation.charAt(0)) + operation.substring(1);
      ScalarFunction pairwise =
          Declared.bound(
              name + "(a Tuple, b Tuple, …)",
              "Field by field: " + operation + ".",
              args -> folded(operation, args));
      all.add(
          switch (operation) {
            case "plus" -> pairwise.alias("vectorSum");
            case "minus" -> pairwise.alias("vectorDifference");
            default -> pairwise;
          });
      if (!operation.equals("plus") && !operation.equals("minus")) {
        all.add(
            Declared.bound(
                name + "ByNumber(tuple Tuple, number Number)",
                "Each field with the number: " + operation + ".",
                args -> fields(operation, args)));
      }
    }
    all.add(
        Declared.bound(
            "tupleNegate(tuple Tuple)", "Each field negated.", args -> fields("negate", args)));
    return all;
  }

  /// `plus`, `multiply`, … of numbers, extended by tuples.
  public ScalarFunction extended(ScalarFunction function) {
    return switch (function.name()) {
      case "plus", "minus" -> function.or(TupleArithmetic::areTuples, fieldwise(function));
      case "multiply" ->
          function
              .or(TupleArithmetic::areTuples, Spaces.dotProduct())
              .or(TupleArithmetic::isScaled, fieldwise(function));
      case "divide", "modulo", "intDiv" ->
          function.or(TupleArithmetic::isScaled, fieldwise(function));
      case "negate" -> function.or(args -> isTuple(args.getFirst()), fieldwise(function));
      default -> function;
    };
  }

  private ScalarFunction fieldwise(ScalarFunction function) {
    return Declared.bound(
        function.name() + "(a Any, …)", function.doc(), args -> fields(function.name(), args));
  }

  private static boolean isTuple(Argument argument) {
    return argument.plain() instanceof DataType.Tuple;
  }

  private static boolean areTuples(List<Argument> args) {
    return args.size() == 2 && isTuple(args.get(0)) && isTuple(args.get(1));
  }

  private static boolean isScaled(List<Argument> args) {
    return args.size() == 2
        && (isTuple(args.get(0)) && Arguments.isNumber(args.get(1).type())
            || isTuple(args.get(1)) && Arguments.isNumber(args.get(0).type()));
  }

  private Binding folded(String operation, List<Argument> args) {
    Binding first = fields(operation, args.subList(0, 2));
    if (args.size() == 2) {
      return first;
    }
    List<Argument> rest = new ArrayList<>(args.subList(2, args.size()));
    rest.addFirst(Argument.of(first.type()));
    Binding then = folded(operation, rest);
    return new Binding(
        then.type(),
        (v, rows, scratch) -> {
          List<Vector> next = new ArrayList<>(v.subList(2, v.size()));
          next.addFirst(first.kernel().evaluate(v.subList(0, 2), rows, scratch));
          return then.kernel().evaluate(next, rows, scratch);
        });
  }

  private Binding fields(String operation, List<Argument> args) {
    int size = -1;
    for (Argument argument : args) {
      if (argument.plain() instanceof DataType.Tuple tuple) {
        if (size >= 0 && tuple.fields().size() != size) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS, operation + " of tuples wants tuples of one size");
        }
        size = tuple.fields().size();
      }
    }
    List<Binding> bindings = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (int f = 0; f < size; f++) {
      List<Argument> of = new ArrayList<>();
      for (Argument argument : args) {
        of.add(
            argument.plain() instanceof DataType.Tuple tuple
                ? Argument.of(tuple.fields().get(f).unwrapped())
                : argument);
      }
      Binding bound = numbers.get(operation).binder().bind(of);
      bindings.add(bound);
      types.add(bound.type());
    }
    DataType type = new DataType.Tuple(List.of(), types);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          List<Vector> children = new ArrayList<>();
          List<Vector> flat = new ArrayList<>();
          for (Vector vector : v) {
            flat.add(
                vector.type().unwrapped() instanceof DataType.Tuple
                    ? VectorOps.flatten(vector, scratch)
                    : vector);
          }
          for (int f = 0; f < bindings.size(); f++) {
            List<Vector> of = new ArrayList<>();
            for (Vector vector : flat) {
              boolean tuple = vector.type().unwrapped() instanceof DataType.Tuple;
              of.add(tuple ? vector.children().get(f) : vector);
            }
            Vector field = bindings.get(f).kernel().evaluate(of, rows, scratch);
            children.add(VectorOps.flatten(field, scratch).as(bindings.get(f).type()));
          }
          return Vector.struct(type, rows, children, null);
        });
  }
}
