// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.function.Supplier;

/// An aggregate function with its argument types settled.
///
/// @param parameters the first pair of parentheses: `quantile(0.9)(x)`
/// @param skipsNulls whether a row with a NULL argument is left out before the accumulator sees it;
///   the vectors it then gets have no NULL
/// @param accumulators makes the states of one thread
public record BoundAggregate(
    String name,
    List<Object> parameters,
    List<DataType> argumentTypes,
    DataType type,
    boolean skipsNulls,
    Supplier<Accumulator> accumulators) {
  public BoundAggregate {
    parameters = List.copyOf(parameters);
    argumentTypes = List.copyOf(argumentTypes);
  }
}
