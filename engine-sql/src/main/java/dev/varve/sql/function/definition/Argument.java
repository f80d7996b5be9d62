// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.definition;

import dev.varve.storage.type.DataType;

/// What a function is told of an argument when it is bound.
///
/// @param constant the value where it is known already, as `VectorValues` names it
/// @param isConstant whether `constant` counts (it may be null for a constant NULL)
public record Argument(DataType type, Object constant, boolean isConstant) {
  public static Argument of(DataType type) {
    return new Argument(type, null, false);
  }

  public static Argument constant(Object value, DataType type) {
    return new Argument(type, value, true);
  }

  /// The type without Nullable and LowCardinality.
  public DataType plain() {
    return type.unwrapped();
  }
}
