// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import java.util.function.Supplier;

/// An aggregate function bound to its parameters and argument types. Safe for threads.
public final class AggregateFunction {
  private final DataType resultType;
  private final Supplier<AggregateState> states;

  AggregateFunction(DataType resultType, Supplier<AggregateState> states) {
    this.resultType = resultType;
    this.states = states;
  }

  public DataType resultType() {
    return resultType;
  }

  /// A state of no rows.
  public AggregateState newState() {
    return states.get();
  }
}
