// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import java.util.List;

/// What becomes of rows when they have reached an age.
///
/// @param expression SQL of the moment, a Date or a DateTime
/// @param where SQL of which rows the rule is for, or empty for all
/// @param groupBy key expressions of a rollup, else empty
/// @param assignments `column = aggregate` of a rollup, else empty
/// @param codec the codec to recompress with, else empty
public record TtlRule(
    String expression,
    Action action,
    String where,
    List<String> groupBy,
    List<String> assignments,
    String codec) {
  /// What happens at the moment.
  public enum Action {
    DELETE,
    /// Rows of one group become one row.
    GROUP_BY,
    RECOMPRESS
  }

  public TtlRule {
    groupBy = List.copyOf(groupBy);
    assignments = List.copyOf(assignments);
  }

  /// Rows go away.
  public static TtlRule delete(String expression, String where) {
    return new TtlRule(expression, Action.DELETE, where, List.of(), List.of(), "");
  }
}
