// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import java.util.function.Supplier;

/// An aggregate function bound to its parameters and argument types. Safe for threads.
public final class AggregateFunction {
  private final DataType resultType;
  private final Supplier<AggregateState> states;
  private final boolean grows;

  public AggregateFunction(DataType resultType, Supplier<AggregateState> states) {
    this(resultType, states, false);
  }

  private AggregateFunction(DataType resultType, Supplier<AggregateState> states, boolean grows) {
    this.resultType = resultType;
    this.states = states;
    this.grows = grows;
  }

  public DataType resultType() {
    return resultType;
  }

  /// Whether a state grows with its rows.
  public boolean keepsRows() {
    return grows;
  }

  /// The same function, whose states grow with their rows.
  AggregateFunction keepingRows() {
    return new AggregateFunction(resultType, states, true);
  }

  /// A state of no rows.
  public AggregateState newState() {
    return states.get();
  }
}
