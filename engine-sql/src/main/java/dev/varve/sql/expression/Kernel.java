// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// The code of a scalar function for one choice of argument types. Safe for threads: it keeps
/// nothing between calls.
@FunctionalInterface
public interface Kernel {
  /// The result for each of `rows` rows. Arguments come in any form (flat, constant, dictionary);
  /// where NULL propagates, the caller lays the NULLs over the result, and the kernel only must not
  /// fail on the bytes below a NULL.
  Vector evaluate(List<Vector> arguments, int rows, Scratch scratch);
}
