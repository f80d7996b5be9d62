// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.aggregate.Aggregates;
import dev.varve.sql.function.aggregate.MoreAggregates;
import dev.varve.sql.function.aggregate.StateFunctions;
import dev.varve.sql.function.aggregate.StoredStates;
import dev.varve.sql.function.array.ArrayShapes;
import dev.varve.sql.function.array.Arrays;
import dev.varve.sql.function.array.LambdaArrays;
import dev.varve.sql.function.array.Maps;
import dev.varve.sql.function.array.MoreArrays;
import dev.varve.sql.function.conversion.Conversions;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.logic.Conditionals;
import dev.varve.sql.function.logic.Connectives;
import dev.varve.sql.function.misc.Addresses;
import dev.varve.sql.function.misc.Hashes;
import dev.varve.sql.function.misc.ValueHashes;
import dev.varve.sql.function.misc.Values;
import dev.varve.sql.function.number.Arithmetic;
import dev.varve.sql.function.number.Comparison;
import dev.varve.sql.function.number.Mathematics;
import dev.varve.sql.function.text.Matching;
import dev.varve.sql.function.text.MoreStrings;
import dev.varve.sql.function.text.Strings;
import dev.varve.sql.function.text.TextChecks;
import dev.varve.sql.function.time.MoreTimes;
import dev.varve.sql.function.time.TimeArithmetic;
import dev.varve.sql.function.time.TimeFields;
import dev.varve.sql.function.time.TimeFormats;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The functions that Varve comes with, family by family.
final class BuiltInFunctions {
  private BuiltInFunctions() {}

  static List<ScalarFunction> scalars(Clock clock) {
    List<ScalarFunction> all = new ArrayList<>();
    for (ScalarFunction function : Arithmetic.functions()) {
      boolean ofStates = function.name().equals("plus") || function.name().equals("multiply");
      all.add(ofStates ? StateFunctions.withStates(function) : function);
    }
    all.addAll(Comparison.functions());
    all.addAll(Mathematics.functions());
    all.addAll(Connectives.functions());
    all.addAll(Conditionals.functions(CommonTypes::of));
    all.addAll(Conversions.functions());
    all.addAll(Strings.functions());
    all.addAll(Matching.functions());
    all.addAll(TextChecks.functions());
    all.addAll(TimeFields.functions());
    all.addAll(TimeArithmetic.functions(clock));
    all.addAll(TimeFormats.functions());
    all.addAll(Arrays.functions(CommonTypes::of));
    all.addAll(ArrayShapes.functions(CommonTypes::of));
    all.addAll(LambdaArrays.functions());
    all.addAll(Hashes.functions());
    all.addAll(Values.functions());
    all.addAll(ValueHashes.functions());
    all.addAll(Addresses.functions());
    all.addAll(MoreArrays.functions());
    all.addAll(Maps.functions(CommonTypes::of));
    all.addAll(MoreStrings.functions());
    all.addAll(MoreTimes.functions());
    all.addAll(StateFunctions.functions());
    return all;
  }

  static List<AggregateFunction> aggregates() {
    List<AggregateFunction> all = new ArrayList<>(Aggregates.functions());
    all.addAll(MoreAggregates.functions());
    Set<String> known = new HashSet<>();
    for (AggregateFunction function : all) {
      known.add(function.name());
      known.addAll(function.aliases());
    }
    all.addAll(StoredStates.functions(known));
    return all;
  }
}
