// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import java.util.function.Supplier;

/// An aggregate function bound to its parameters and argument types. Safe for threads.
public final class AggregateFunction {
  private final DataType resultType;
  private final Supplier<AggregateState> states;
  private final boolean grows;
  private final PackedMerge packed;

  public AggregateFunction(DataType resultType, Supplier<AggregateState> states) {
    this(resultType, states, false, null);
  }

  private AggregateFunction(
      DataType resultType, Supplier<AggregateState> states, boolean grows, PackedMerge packed) {
    this.resultType = resultType;
    this.states = states;
    this.grows = grows;
    this.packed = packed;
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
    return new AggregateFunction(resultType, states, true, packed);
  }

  /// The same function, whose serialized states can be merged as they lie.
  AggregateFunction mergingAs(PackedMerge form) {
    return new AggregateFunction(resultType, states, grows, form);
  }

  /// How serialized states are merged as they lie, or null where only [#newState] can.
  public PackedMerge packed() {
    return packed;
  }

  /// A state of no rows.
  public AggregateState newState() {
    return states.get();
  }
}
