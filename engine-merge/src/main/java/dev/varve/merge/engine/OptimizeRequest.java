// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import java.util.List;
import java.util.Optional;

/// What OPTIMIZE TABLE asks for.
///
/// @param partition the id of the only one, as `PartName` gives it, or all
/// @param full until each partition has one part
/// @param cleanup whether deleted rows go whatever their grace time
/// @param duplicatesBy stored columns by which rows are duplicates of which one stays; absent keeps
///   all rows
public record OptimizeRequest(
    Optional<String> partition,
    boolean full,
    boolean cleanup,
    Optional<List<String>> duplicatesBy) {
  /// All of a table.
  public static OptimizeRequest of(Optional<String> partition, boolean full) {
    return new OptimizeRequest(partition, full, false, Optional.empty());
  }

  /// Whether a part that stands alone is written anew too.
  boolean rewritesAlways() {
    return cleanup || duplicatesBy.isPresent();
  }
}
