// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

/// One key of an ORDER BY: a column of the input, its direction, and where NULL stands.
public record SortKey(int column, boolean descending, boolean nullsFirst) {
  @Override
  public String toString() {
    return "$"
        + column
        + (descending ? " desc" : "")
        + (nullsFirst == descending ? "" : nullsFirst ? " nulls first" : " nulls last");
  }
}
