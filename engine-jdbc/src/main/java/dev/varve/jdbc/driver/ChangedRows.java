// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.util.List;
import java.util.Optional;

/// `UPDATE t SET … WHERE c` or `DELETE FROM t WHERE c` as the query that counts the rows for which
/// c holds. A transaction asks it for the count of a statement that waits for the commit: programs
/// take locks by a conditional UPDATE and look at its count, and mappers miss rows that count as 0.
///
/// @param sql the counting query
/// @param parameters how many `?` of the statement stand before the condition
record ChangedRows(String sql, int parameters) {

  /// The count of a statement, if it is one of these; without WHERE all rows are counted.
  static Optional<ChangedRows> of(String statement) {
    String word = SqlText.firstWord(statement);
    int where = SqlText.find(statement, "WHERE");
    if (word.equals("DELETE")) {
      int from = SqlText.find(statement, "FROM");
      return from < 0 ? Optional.empty() : Optional.of(of(statement, from + 4, where, where));
    }
    int set = SqlText.find(statement, "SET");
    if (!word.equals("UPDATE") || set < 0) {
      return Optional.empty();
    }
    int table = SqlText.find(statement, "UPDATE") + "UPDATE".length();
    return Optional.of(of(statement, table, set, where));
  }

  private static ChangedRows of(String statement, int table, int tableEnd, int where) {
    String name = statement.substring(table, tableEnd < 0 ? statement.length() : tableEnd);
    String condition = where < 0 ? "" : statement.substring(where);
    int before = SqlText.countParameters(where < 0 ? statement : statement.substring(0, where));
    return new ChangedRows("SELECT count(*) FROM " + withoutEnd(name) + " " + condition, before);
  }

  private static String withoutEnd(String name) {
    String plain = name.strip();
    return plain.endsWith(";") ? plain.substring(0, plain.length() - 1) : plain;
  }

  /// Those of the statement's values that the count needs.
  List<Object> values(List<Object> all) {
    return all.subList(Math.min(parameters, all.size()), all.size());
  }
}
