// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataType;
import java.util.List;

/// A scalar function with its argument types settled.
///
/// @param type of the result; already nullable where an argument makes it so
/// @param nulls what a NULL argument does
/// @param stability when the same arguments give the same result
public record BoundFunction(
    String name,
    List<DataType> argumentTypes,
    DataType type,
    Nulls nulls,
    Stability stability,
    Kernel kernel) {
  public BoundFunction {
    argumentTypes = List.copyOf(argumentTypes);
  }

  /// What a NULL argument does to a function.
  public enum Nulls {
    /// The result is NULL; the kernel does not look.
    PROPAGATE,
    /// The kernel looks at NULLs itself.
    HANDLE
  }

  /// When a function gives the same result again.
  public enum Stability {
    /// Always: may be folded to a constant.
    IMMUTABLE,
    /// Within one query: `now()`. Bound anew for each query, so plans with it are not to be kept.
    STABLE,
    /// Not even from row to row: `rand()`.
    VOLATILE
  }
}
