// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.storage.type.DataType;
import java.util.List;

/// CAST as a bound function.
final class Casting {
  private Casting() {}

  static BoundFunction bind(DataType from, DataType to) {
    // From and to types that differ in Nullable only where NULL passes: the values stay as they
    // are,
    // and a dictionary may stay one.
    boolean propagates = !from.isNullable() || to.isNullable();
    return new BoundFunction(
        "CAST",
        List.of(from),
        to,
        propagates && !(from.unwrapped() instanceof DataType.Nothing)
            ? BoundFunction.Nulls.PROPAGATE
            : BoundFunction.Nulls.HANDLE,
        BoundFunction.Stability.IMMUTABLE,
        propagates ? Conversion.plain(from, to) : Conversion.cast(from, to));
  }
}
