// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.KeyedState;
import dev.varve.merge.aggregate.StateCall;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Binds a function whose name has an ending. The last ending is the outermost: `sumArrayIf` tests
/// its condition for a row, `sumIfArray` for each element.
public final class Combinators {
  // A longer ending before the one it ends with.
  private static final List<String> ENDINGS =
      List.of(
          "SimpleState",
          "MergeState",
          "State",
          "Merge",
          "If",
          "OrNull",
          "OrDefault",
          "ForEach",
          "Array",
          "Map",
          "Distinct",
          "Resample",
          "ArgMin",
          "ArgMax");

  private final Resolver functions;

  /// @param functions finds the function that an ending stands behind
  public Combinators(Resolver functions) {
    this.functions = functions;
  }

  /// Finds an aggregate function, which may have endings itself.
  @FunctionalInterface
  public interface Resolver {
    AggregateFunction of(String function, List<String> parameters, List<DataType> argumentTypes);
  }

  /// A name without its last ending, and the ending.
  public record Split(String base, String ending) {}

  public static Optional<Split> split(String name) {
    for (String ending : ENDINGS) {
      if (name.endsWith(ending) && name.length() > ending.length()) {
        return Optional.of(new Split(name.substring(0, name.length() - ending.length()), ending));
      }
    }
    return Optional.empty();
  }

  public AggregateFunction bind(StateCall call, Split split) {
    String name = call.function();
    String base = split.base();
    List<DataType> arguments = call.arguments();
    return switch (split.ending()) {
      case "If" -> {
        DataType condition = last(call);
        if (!(condition instanceof DataType.Int
            || condition instanceof DataType.Bool
            || condition instanceof DataType.Nothing)) {
          throw call.wrongType("a condition last", arguments.size() - 1);
        }
        AggregateFunction inner = inner(call, base, arguments.subList(0, arguments.size() - 1));
        yield of(inner.resultType(), () -> new ConditionState(inner.newState()));
      }
      case "OrNull" -> {
        AggregateFunction inner = inner(call, base, arguments);
        yield of(
            DataTypes.nullable(inner.resultType()),
            () -> new OrFillState(name, inner.newState(), true));
      }
      case "OrDefault" -> {
        List<DataType> plain = arguments.stream().map(DataType::unwrapped).toList();
        AggregateFunction inner = inner(call, base, plain);
        yield of(inner.resultType(), () -> new OrFillState(name, inner.newState(), false));
      }
      case "Array" -> {
        AggregateFunction inner = inner(call, base, elements(call));
        yield of(inner.resultType(), () -> new ElementsState(inner.newState()));
      }
      case "ForEach" -> {
        AggregateFunction inner = inner(call, base, elements(call));
        yield of(DataTypes.array(inner.resultType()), () -> new PlacesState(name, inner));
      }
      case "Map" -> map(call, base);
      case "Distinct" -> {
        AggregateFunction inner = inner(call, base, arguments);
        yield of(inner.resultType(), () -> new DistinctRowsState(name, inner, arguments));
      }
      case "Resample" -> resample(call, base);
      case "ArgMin", "ArgMax" -> {
        boolean greatest = split.ending().equals("ArgMax");
        DataType key = last(call);
        AggregateFunction inner = inner(call, base, arguments.subList(0, arguments.size() - 1));
        yield of(inner.resultType(), () -> new ExtremeRowsState(name, inner, key, greatest));
      }
      case "State" -> {
        AggregateFunction inner = inner(call, base, arguments);
        DataType type = new DataType.AggregateState(base, call.parameters(), arguments);
        yield of(type, () -> new SerializedState(inner.newState(), false, true));
      }
      case "SimpleState" -> simple(call, base);
      default -> merge(call, base, split.ending().equals("MergeState"));
    };
  }

  private static AggregateFunction of(DataType type, Supplier<AggregateState> states) {
    return new AggregateFunction(type, states);
  }

  private static DataType last(StateCall call) {
    call.requireArguments(1, Integer.MAX_VALUE);
    return call.arguments().getLast().unwrapped();
  }

  private AggregateFunction inner(StateCall call, String base, List<DataType> arguments) {
    return functions.of(base, call.parameters(), arguments);
  }

  private static List<DataType> elements(StateCall call) {
    call.requireArguments(1, Integer.MAX_VALUE);
    List<DataType> elements = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      if (!(call.arguments().get(i).unwrapped() instanceof DataType.Array(DataType element))) {
        throw call.wrongType("arrays", i);
      }
      elements.add(element);
    }
    return elements;
  }

  private AggregateFunction map(StateCall call, String base) {
    call.requireArguments(1, 1);
    if (!(call.arguments().getFirst().unwrapped() instanceof DataType.MapOf map)) {
      throw call.wrongType("a Map", 0);
    }
    AggregateFunction inner = inner(call, base, List.of(map.value()));
    return of(
        new DataType.MapOf(map.key(), inner.resultType()),
        () -> new KeyedState(call.function(), map.key(), List.of(inner), true, false));
  }

  private AggregateFunction resample(StateCall call, String base) {
    int own = call.parameters().size() - 3;
    if (own < 0) {
      throw call.bad(call.function() + " takes parameters start, end, step");
    }
    last(call);
    long start = call.wholeParameter(own, Long.MIN_VALUE, 0);
    long end = call.wholeParameter(own + 1, Long.MIN_VALUE, 0);
    long step = call.wholeParameter(own + 2, 1, 1);
    if (end - start > 1_000_000 * step) {
      throw call.bad(call.function() + " takes up to 1000000 intervals");
    }
    List<DataType> arguments = call.arguments().subList(0, call.arguments().size() - 1);
    AggregateFunction inner = functions.of(base, call.parameters().subList(0, own), arguments);
    return of(
        DataTypes.array(inner.resultType()),
        () -> new IntervalsState(call.function(), inner, start, end, step));
  }

  private AggregateFunction simple(StateCall call, String base) {
    AggregateFunction inner = inner(call, base, call.arguments());
    String spelled =
        call.parameters().isEmpty()
            ? base
            : base + "(" + String.join(", ", call.parameters()) + ")";
    DataType type = new DataType.SimpleAggregate(spelled, inner.resultType());
    return of(type, () -> new SerializedState(inner.newState(), false, false));
  }

  private AggregateFunction merge(StateCall call, String base, boolean givesState) {
    call.requireArguments(1, 1);
    if (!(call.arguments().getFirst().unwrapped() instanceof DataType.AggregateState state)
        || !sameForm(state.function(), base)) {
      throw call.wrongType("AggregateFunction(" + base + ", …)", 0);
    }
    List<String> parameters = call.parameters().isEmpty() ? state.parameters() : call.parameters();
    // A condition has done its work before the state was stored.
    List<DataType> arguments = state.arguments();
    AggregateFunction inner = functions.of(state.function(), parameters, arguments);
    if (!state.function().equals(base) && isQuantile(base)) {
      inner = functions.of(base, parameters, arguments);
    }
    AggregateFunction merged = inner;
    DataType type = givesState ? state : merged.resultType();
    return of(type, () -> new SerializedState(merged.newState(), true, givesState));
  }

  private static boolean isQuantile(String name) {
    return name.startsWith("quantile") || name.startsWith("median");
  }

  /// Whether states of two functions are the same bytes: but for a condition, and how many levels a
  /// quantile has.
  private static boolean sameForm(String a, String b) {
    return plain(a).equals(plain(b));
  }

  private static String plain(String name) {
    String bare = name.endsWith("If") ? name.substring(0, name.length() - 2) : name;
    return bare.replaceFirst("^(quantiles|median)", "quantile");
  }
}
