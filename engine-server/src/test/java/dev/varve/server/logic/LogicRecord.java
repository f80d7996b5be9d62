// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.logic;

import java.util.List;

/// One record of a sqllogictest script, with the line it begins at.
sealed interface LogicRecord {
  int line();

  String sql();

  /// A statement that has to succeed, or to fail.
  record Command(int line, String sql, boolean succeeds) implements LogicRecord {}

  /// A query with its expected values, one for each line, or one line with their number and hash.
  /// `types` holds `I`, `R` or `T` for each column.
  record Query(int line, String sql, String types, SortMode sortMode, List<String> expected)
      implements LogicRecord {}

  /// What is sorted before values are compared.
  enum SortMode {
    NOSORT,
    ROWSORT,
    VALUESORT
  }
}
