// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

/// The place of a join's key set in a plan: the join fills it while a query runs, scans opened
/// later look there. The plan itself holds no values, as it may run many times at once. Two slots
/// are never the same.
public final class KeySetSlot {
  @Override
  public String toString() {
    return "join keys";
  }
}
