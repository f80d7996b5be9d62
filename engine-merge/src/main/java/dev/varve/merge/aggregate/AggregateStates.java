// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.merge.aggregate.combinator.Combinators;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The aggregate functions that have a mergeable state, by name, with their endings (`sumIf`,
/// `uniqArray`).
public final class AggregateStates {
  /// Binds a call to its parameters and types.
  @FunctionalInterface
  interface Family {
    AggregateFunction bind(StateCall call);
  }

  private static final Map<String, Family> FAMILIES = families();

  private AggregateStates() {}

  private static Map<String, Family> families() {
    Map<String, Family> all = new HashMap<>();
    NumberStates.NAMES.forEach(name -> all.put(name, NumberStates::bind));
    ValueStates.NAMES.forEach(name -> all.put(name, ValueStates::bind));
    ListStates.NAMES.forEach(name -> all.put(name, call -> ListStates.bind(call).keepingRows()));
    QuantileStates.NAMES.forEach(name -> all.put(name, QuantileStates::bind));
    StatisticStates.NAMES.forEach(
        name -> all.put(name, call -> StatisticStates.bind(call).keepingRows()));
    EventStates.NAMES.forEach(name -> all.put(name, call -> EventStates.bind(call).keepingRows()));
    return Map.copyOf(all);
  }

  /// Functions that [#of] knows, without endings.
  public static List<String> names() {
    return FAMILIES.keySet().stream().sorted().toList();
  }

  /// Whether [#of] knows the function, endings included.
  public static boolean isKnown(String function) {
    return FAMILIES.containsKey(function)
        || Combinators.split(function).map(split -> isKnown(split.base())).orElse(false);
  }

  // No row of a bare NULL counts, so any type will do for it.
  private static DataType known(DataType type) {
    return type.unwrapped() instanceof DataType.Nothing
        ? DataTypes.nullable(DataTypes.UINT8)
        : type;
  }

  /// @param parameters as written, `0.5` in `quantile(0.5)(x)`
  /// @throws VarveException UNKNOWN_FUNCTION with a near name, NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
  ///   ILLEGAL_TYPE_OF_ARGUMENT, BAD_ARGUMENTS
  public static AggregateFunction of(
      String function, List<String> parameters, List<DataType> argumentTypes) {
    List<DataType> types = argumentTypes.stream().map(AggregateStates::known).toList();
    StateCall call = new StateCall(function, parameters, types);
    Family family = FAMILIES.get(function);
    if (family != null) {
      return family.bind(call);
    }
    Optional<Combinators.Split> split =
        Combinators.split(function).filter(found -> isKnown(found.base()));
    if (split.isPresent()) {
      // What another function keeps is not known here; most keep little.
      return new Combinators(AggregateStates::of).bind(call, split.get());
    }
    throw new VarveException(
        ErrorCode.UNKNOWN_FUNCTION,
        "no aggregate function with a state is called \""
            + function
            + "\""
            + NearNames.suggest(function, names()));
  }
}
