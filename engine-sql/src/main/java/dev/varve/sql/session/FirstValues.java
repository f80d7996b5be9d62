// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.StringLiteral;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;

/// What rows say of a column that nobody gave them, in SQL.
final class FirstValues {
  private FirstValues() {}

  /// NULL, or the type's default.
  static String of(DataType type) {
    return type.isNullable()
        ? "NULL"
        : "defaultValueOfTypeName(" + StringLiteral.of(type.name()) + ")";
  }

  /// The column before it gets another type: rows that are older than it say then what they say
  /// now, whether a merge has written that down or not.
  static ColumnDefinition settled(ColumnDefinition column, DataType next) {
    DataType type = column.type();
    boolean stays =
        type.isNullable() == next.isNullable()
            && (type.isNullable() || (isNumber(type) && isNumber(next)));
    if (column.namings().isEmpty() || type.equals(next) || (column.fill().isEmpty() && stays)) {
      return column;
    }
    String fill = column.fill().isEmpty() ? of(type) : column.fill();
    return column.withHistory(column.namings(), "CAST((" + fill + ") AS " + type.name() + ")");
  }

  private static boolean isNumber(DataType type) {
    return switch (type) {
      case DataType.Int _, DataType.Float _, DataType.Decimal _ -> true;
      default -> false;
    };
  }
}
