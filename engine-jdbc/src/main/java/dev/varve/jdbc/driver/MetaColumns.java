// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.SqlType;
import java.sql.DatabaseMetaData;
import java.util.Map;

/// Rows of `getColumns`.
final class MetaColumns {
  static final String[] NAMES = {
    "TABLE_CAT",
    "TABLE_SCHEM",
    "TABLE_NAME",
    "COLUMN_NAME",
    "DATA_TYPE#",
    "TYPE_NAME",
    "COLUMN_SIZE#",
    "BUFFER_LENGTH#",
    "DECIMAL_DIGITS#",
    "NUM_PREC_RADIX#",
    "NULLABLE#",
    "REMARKS",
    "COLUMN_DEF",
    "SQL_DATA_TYPE#",
    "SQL_DATETIME_SUB#",
    "CHAR_OCTET_LENGTH#",
    "ORDINAL_POSITION#",
    "IS_NULLABLE",
    "SCOPE_CATALOG",
    "SCOPE_SCHEMA",
    "SCOPE_TABLE",
    "SOURCE_DATA_TYPE#",
    "IS_AUTOINCREMENT",
    "IS_GENERATEDCOLUMN"
  };

  private MetaColumns() {}

  /// A type by its spelling; one that a newer engine has and this driver does not know is shown as
  /// a text, so that one strange column does not hide the others.
  static SqlType type(String spelling) {
    try {
      return SqlType.parse(spelling);
    } catch (IllegalArgumentException e) {
      return SqlType.parse("String");
    }
  }

  static Object[] of(Map<String, String> row) {
    String spelling = row.getOrDefault("type", "String");
    SqlType type = type(spelling);
    String kind = row.getOrDefault("default_kind", "");
    String expression = row.getOrDefault("default_expression", "");
    boolean generated = "MATERIALIZED".equals(kind) || "ALIAS".equals(kind);
    boolean number = type.kind().isNumeric();
    boolean text = JdbcTypes.isText(type);
    return new Object[] {
      null,
      row.get("database"),
      row.get("table"),
      row.get("name"),
      JdbcTypes.code(type),
      spelling,
      JdbcTypes.precision(type),
      null,
      number || JdbcTypes.scale(type) > 0 ? JdbcTypes.scale(type) : null,
      number ? 10 : null,
      type.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
      row.getOrDefault("comment", ""),
      expression == null || expression.isEmpty() ? null : expression,
      null,
      null,
      text ? JdbcTypes.precision(type) : null,
      position(row.get("position")),
      type.nullable() ? "YES" : "NO",
      null,
      null,
      null,
      null,
      "NO",
      generated ? "YES" : "NO"
    };
  }

  private static int position(String text) {
    return text == null || !text.matches("[0-9]{1,9}") ? 0 : Integer.parseInt(text);
  }
}
