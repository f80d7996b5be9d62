// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Functions of one row over aggregate functions and their states: `finalizeAggregation`,
/// `arrayReduce`, `initializeAggregation`, and states added or multiplied.
public final class StateFunctions {
  private StateFunctions() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
            "finalizeAggregation",
            "finalizeAggregation(state)",
            "The result of an aggregate's state.",
            StateFunctions::finalized),
        ScalarFunction.of(
                "arrayReduce",
                "arrayReduce('function', array[, …])",
                "An aggregate function over the elements of arrays.",
                StateFunctions::reduce)
            .handlingNulls(),
        ScalarFunction.of(
                "arrayReduceInRanges",
                "arrayReduceInRanges('function', ranges, array[, …])",
                "An aggregate function over parts of arrays, each an index and a length.",
                StateFunctions::reduceRanges)
            .handlingNulls(),
        ScalarFunction.of(
                "initializeAggregation",
                "initializeAggregation('function', x[, …])",
                "An aggregate function over the one row.",
                StateFunctions::initialized)
            .handlingNulls());
  }

  private static AggregateFunction of(DataType.AggregateState type) {
    return AggregateStates.of(type.function(), type.parameters(), type.arguments());
  }

  private static Binding finalized(List<Argument> args) {
    Arguments.count("finalizeAggregation", args, 1, 1);
    if (!(args.getFirst().plain() instanceof DataType.AggregateState type)) {
      throw new VarveException(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          "finalizeAggregation takes an AggregateFunction, found " + args.getFirst().type().name());
    }
    AggregateFunction function = of(type);
    return new Binding(
        function.resultType(),
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(function.resultType(), scratch);
          for (int i = 0; i < rows; i++) {
            AggregateState state = function.newState();
            if (!v.getFirst().isNull(i)) {
              state.merge(v.getFirst().getSegment(i));
            }
            state.result(builder);
          }
          return builder.build();
        });
  }

  /// The function that a constant names: `'quantiles(0.5, 0.9)'`.
  private static AggregateFunction named(String caller, List<Argument> args, List<DataType> types) {
    String call = Arguments.constantText(caller, args, 0);
    int parenthesis = call.indexOf('(');
    if (parenthesis < 0 || !call.endsWith(")")) {
      return AggregateStates.of(call, List.of(), types);
    }
    // A type spells parameters the same way.
    DataType spelled = DataTypes.parse("AggregateFunction(" + call + ")");
    DataType.AggregateState state = (DataType.AggregateState) spelled;
    return AggregateStates.of(state.function(), state.parameters(), types);
  }

  private static List<DataType> elements(String function, List<Argument> args, int from) {
    List<DataType> types = new ArrayList<>();
    for (int i = from; i < args.size(); i++) {
      if (!(args.get(i).plain() instanceof DataType.Array(DataType element))) {
        throw Arguments.illegal(function, i, args.get(i).type(), "an array");
      }
      types.add(element);
    }
    return types;
  }

  private static Binding reduce(List<Argument> args) {
    Arguments.count("arrayReduce", args, 2, Integer.MAX_VALUE);
    AggregateFunction function = named("arrayReduce", args, elements("arrayReduce", args, 1));
    return new Binding(
        function.resultType(),
        (v, rows, scratch) -> {
          List<Vector> lists = flat(v.subList(1, v.size()), scratch);
          VectorBuilder builder = new VectorBuilder(function.resultType(), scratch);
          for (int i = 0; i < rows; i++) {
            int count = lists.getFirst().listTo(i) - lists.getFirst().listFrom(i);
            reduced(function, lists, i, 0, count, scratch).result(builder);
          }
          return builder.build();
        });
  }

  private static List<Vector> flat(List<Vector> vectors, Scratch scratch) {
    List<Vector> flat = new ArrayList<>();
    vectors.forEach(vector -> flat.add(VectorOps.flatten(vector, scratch)));
    return flat;
  }

  private static AggregateState reduced(
      AggregateFunction function, List<Vector> lists, int row, int from, int to, Scratch scratch) {
    AggregateState state = function.newState();
    int count = lists.getFirst().listTo(row) - lists.getFirst().listFrom(row);
    List<Vector> elements = new ArrayList<>();
    for (Vector list : lists) {
      if (list.listTo(row) - list.listFrom(row) != count) {
        throw new VarveException(ErrorCode.BAD_ARGUMENTS, "the arrays to reduce differ in length");
      }
      elements.add(
          lists.size() == 1
              ? list.elements()
              : VectorOps.slice(list.elements(), list.listFrom(row), count, scratch));
    }
    int first = lists.size() == 1 ? lists.getFirst().listFrom(row) : 0;
    for (int e = from; e < to; e++) {
      state.update(elements, first + e);
    }
    return state;
  }

  private static Binding reduceRanges(List<Argument> args) {
    String name = "arrayReduceInRanges";
    Arguments.count(name, args, 3, Integer.MAX_VALUE);
    if (!(args.get(1).plain() instanceof DataType.Array(DataType.Tuple range))
        || range.fields().size() != 2) {
      throw Arguments.illegal(name, 1, args.get(1).type(), "an array of (index, length)");
    }
    AggregateFunction function = named(name, args, elements(name, args, 2));
    DataType type = DataTypes.array(function.resultType());
    return new Binding(
        type,
        (v, rows, scratch) -> {
          Vector ranges = VectorOps.flatten(v.get(1), scratch);
          List<Vector> lists = flat(v.subList(2, v.size()), scratch);
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            int size = lists.getFirst().listTo(i) - lists.getFirst().listFrom(i);
            for (int r = ranges.listFrom(i); r < ranges.listTo(i); r++) {
              long index = ranges.elements().children().get(0).getLong(r);
              long length = ranges.elements().children().get(1).getLong(r);
              long start = index > 0 ? index - 1 : index < 0 ? size + index : 0;
              int from = (int) Math.clamp(start, 0, size);
              int to = (int) Math.clamp(start + length, from, size);
              reduced(function, lists, i, from, to, scratch).result(builder.child(0));
            }
            builder.endList();
          }
          return builder.build();
        });
  }

  private static Binding initialized(List<Argument> args) {
    Arguments.count("initializeAggregation", args, 2, Integer.MAX_VALUE);
    List<DataType> types = args.subList(1, args.size()).stream().map(Argument::type).toList();
    AggregateFunction function = named("initializeAggregation", args, types);
    return new Binding(
        function.resultType(),
        (v, rows, scratch) -> {
          List<Vector> arguments = flat(v.subList(1, v.size()), scratch);
          VectorBuilder builder = new VectorBuilder(function.resultType(), scratch);
          for (int i = 0; i < rows; i++) {
            AggregateState state = function.newState();
            state.update(arguments, i);
            state.result(builder);
          }
          return builder.build();
        });
  }

  /// `plus` and `multiply` with states among their arguments: the union of two, or one so many
  /// times.
  public static ScalarFunction withStates(ScalarFunction numbers) {
    boolean plus = numbers.name().equals("plus");
    return new ScalarFunction(
        numbers.name(),
        numbers.aliases(),
        numbers.anyCase(),
        numbers.signature(),
        numbers.doc(),
        numbers.category(),
        numbers.nulls(),
        numbers.stability(),
        numbers.lambda(),
        args -> {
          boolean states = args.stream().anyMatch(a -> isState(a));
          return !states ? numbers.binder().bind(args) : plus ? union(args) : times(args);
        });
  }

  private static boolean isState(Argument argument) {
    return argument.plain() instanceof DataType.AggregateState;
  }

  private static Binding union(List<Argument> args) {
    Arguments.count("plus", args, 2, 2);
    if (!args.get(0).plain().equals(args.get(1).plain())) {
      throw Arguments.illegal("plus", 1, args.get(1).type(), args.get(0).type().name());
    }
    DataType.AggregateState type = (DataType.AggregateState) args.getFirst().plain();
    AggregateFunction function = of(type);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            AggregateState state = function.newState();
            for (Vector argument : v) {
              if (!argument.isNull(i)) {
                state.merge(argument.getSegment(i));
              }
            }
            builder.appendBytes(state.serialize());
          }
          return builder.build();
        });
  }

  private static Binding times(List<Argument> args) {
    Arguments.count("multiply", args, 2, 2);
    int place = isState(args.get(0)) ? 0 : 1;
    Arguments.requireInteger("multiply", args, 1 - place);
    if (!args.get(1 - place).isConstant()) {
      throw Arguments.illegal(
          "multiply", 1 - place, args.get(1 - place).type(), "a constant number of times");
    }
    DataType.AggregateState type = (DataType.AggregateState) args.get(place).plain();
    AggregateFunction function = of(type);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            boolean known = !v.get(0).isNull(i) && !v.get(1).isNull(i);
            builder.appendBytes(
                known
                    ? times(function, v.get(place), i, v.get(1 - place).getLong(i)).serialize()
                    : new byte[0]);
          }
          return builder.build();
        });
  }

  // By doubling, so that a large factor costs few merges.
  private static AggregateState times(
      AggregateFunction function, Vector states, int row, long factor) {
    AggregateState result = function.newState();
    AggregateState power = function.newState();
    power.merge(states.getSegment(row));
    for (long left = Math.max(0, factor); left > 0; left >>= 1) {
      java.lang.foreign.MemorySegment bytes =
          java.lang.foreign.MemorySegment.ofArray(power.serialize());
      if ((left & 1) == 1) {
        result.merge(bytes);
      }
      if (left > 1) {
        power.merge(bytes);
      }
    }
    return result;
  }
}
