// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import java.util.List;

/// The aggregate functions that have a mergeable state, by name.
public final class AggregateStates {
  private AggregateStates() {}

  /// @param parameters as written, `0.5` in `quantile(0.5)(x)`
  /// @throws dev.varve.storage.error.VarveException UNKNOWN_FUNCTION with a near name,
  ///     NUMBER_OF_ARGUMENTS_DOESNT_MATCH, ILLEGAL_TYPE_OF_ARGUMENT, BAD_ARGUMENTS
  public static AggregateFunction of(
      String function, List<String> parameters, List<DataType> argumentTypes) {
    throw new UnsupportedOperationException("not built yet " + function + parameters + argumentTypes);
  }
}
