// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import java.util.Set;

/// How scans may leave granules out, and what they must be able to use.
///
/// @param useSkipIndexes whether skip indexes count at all
/// @param ignored names of skip indexes that do not
/// @param forced names of skip indexes without which a query fails
/// @param forcePrimaryKey a scan fails whose conditions say nothing of the primary key
/// @param forcePartitionKey a scan fails whose conditions say nothing of the partition key
public record ScanOptions(
    boolean useSkipIndexes,
    Set<String> ignored,
    Set<String> forced,
    boolean forcePrimaryKey,
    boolean forcePartitionKey) {
  public static final ScanOptions DEFAULT = new ScanOptions(true, Set.of(), Set.of(), false, false);

  public ScanOptions {
    ignored = Set.copyOf(ignored);
    forced = Set.copyOf(forced);
  }
}
