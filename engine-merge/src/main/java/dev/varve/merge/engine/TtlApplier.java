// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

/// Takes away what has reached its age. The engine never reads SQL: engine-sql implements this.
/// Safe for threads.
@FunctionalInterface
public interface TtlApplier {
  /// Applies every TTL of a table. Where nothing has reached its age, nothing is disturbed.
  void apply(MergeTable table);
}
