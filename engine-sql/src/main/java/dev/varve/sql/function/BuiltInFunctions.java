// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.aggregate.Aggregates;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.number.Arithmetic;
import dev.varve.sql.function.number.Comparison;
import java.util.ArrayList;
import java.util.List;

/// The functions that Varve comes with, family by family.
final class BuiltInFunctions {
  private BuiltInFunctions() {}

  static List<ScalarFunction> scalars() {
    List<ScalarFunction> all = new ArrayList<>();
    all.addAll(Arithmetic.functions());
    all.addAll(Comparison.functions());
    return all;
  }

  static List<AggregateFunction> aggregates() {
    return List.copyOf(Aggregates.functions());
  }
}
