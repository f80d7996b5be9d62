// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import java.util.List;

/// One privilege on a part of the data, given to a user or a role.
///
/// @param database empty for all
/// @param table empty for all of the database
/// @param columns empty for all of the table
/// @param withGrantOption whether the grantee may give it on
public record Grant(
    String grantee,
    Privilege privilege,
    String database,
    String table,
    List<String> columns,
    boolean withGrantOption) {
  public Grant {
    columns = List.copyOf(columns);
  }

  /// Whether it reaches a column of a table; an empty column asks for any one.
  boolean reaches(String inDatabase, String inTable, String column) {
    return (database.isEmpty() || database.equals(inDatabase))
        && (table.isEmpty() || table.equals(inTable))
        && (columns.isEmpty() || column.isEmpty() || columns.contains(column));
  }

  /// Whether it holds everything that the other gives.
  boolean covers(Grant other) {
    return privilege == other.privilege
        && (database.isEmpty() || database.equals(other.database))
        && (table.isEmpty() || table.equals(other.table))
        && (columns.isEmpty() || !other.columns.isEmpty() && columns.containsAll(other.columns));
  }

  /// Where it holds, as SQL writes it.
  String on() {
    return (database.isEmpty() ? "*" : database) + "." + (table.isEmpty() ? "*" : table);
  }
}
