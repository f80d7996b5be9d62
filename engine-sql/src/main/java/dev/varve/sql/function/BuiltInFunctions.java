// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.ScalarFunction;
import java.util.ArrayList;
import java.util.List;

/// The functions that Varve comes with, family by family.
final class BuiltInFunctions {
  private BuiltInFunctions() {}

  static List<ScalarFunction> scalars() {
    List<ScalarFunction> all = new ArrayList<>();
    return all;
  }

  static List<AggregateFunction> aggregates() {
    return List.of();
  }
}
