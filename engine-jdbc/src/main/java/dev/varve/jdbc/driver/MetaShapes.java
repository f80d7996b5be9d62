// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.SqlType;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Types;
import java.util.Set;

/// Metadata that is the same for every engine.
final class MetaShapes {
  /// Words of the dialect that SQL:2003 does not reserve.
  static final String KEYWORDS =
      "ANTI,ARRAY JOIN,ASOF,ATTACH,CODEC,DATABASE,DESCRIBE,DETACH,ENGINE,EXPLAIN,FINAL,FORMAT,"
          + "ILIKE,KILL,LIMIT,MATERIALIZED,MUTATION,OFFSET,OPTIMIZE,PARTITION,PREWHERE,PROJECTION,"
          + "QUALIFY,QUERY,RENAME,SAMPLE,SEMI,SETTINGS,SHOW,SYSTEM,TOP,TOTALS,TRUNCATE,TTL,USE";

  private static final Set<Integer> CASTS =
      Set.of(
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE,
          Types.BOOLEAN,
          Types.CHAR,
          Types.VARCHAR,
          Types.DATE,
          Types.TIME,
          Types.TIMESTAMP);

  private static final String[] TYPES = {
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "Int128",
    "Int256",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "UInt128",
    "UInt256",
    "Float32",
    "Float64",
    "Decimal(76, 0)",
    "Bool",
    "String",
    "FixedString(16777215)",
    "UUID",
    "Date",
    "Date32",
    "DateTime",
    "DateTime64(9)",
    "Time",
    "Time64(9)",
    "IPv4",
    "IPv6",
    "Array(String)",
    "Tuple(String)",
    "Map(String, String)"
  };

  private MetaShapes() {}

  static boolean hasCast(int type) {
    return CASTS.contains(type);
  }

  static ResultSet typeInfo() {
    MetaTable table =
        new MetaTable(
            "TYPE_NAME",
            "DATA_TYPE#",
            "PRECISION#",
            "LITERAL_PREFIX",
            "LITERAL_SUFFIX",
            "CREATE_PARAMS",
            "NULLABLE#",
            "CASE_SENSITIVE?",
            "SEARCHABLE#",
            "UNSIGNED_ATTRIBUTE?",
            "FIXED_PREC_SCALE?",
            "AUTO_INCREMENT?",
            "LOCAL_TYPE_NAME",
            "MINIMUM_SCALE#",
            "MAXIMUM_SCALE#",
            "SQL_DATA_TYPE#",
            "SQL_DATETIME_SUB#",
            "NUM_PREC_RADIX#");
    for (String spelling : TYPES) {
      SqlType type = SqlType.parse(spelling);
      String word = type.kind().word();
      boolean number = type.kind().isNumeric();
      String quote = number || word.equals("Bool") ? null : "'";
      int digits = digits(word);
      table.add(
          word,
          JdbcTypes.code(type),
          JdbcTypes.precision(type),
          quote,
          quote,
          parameters(word),
          DatabaseMetaData.typeNullable,
          JdbcTypes.isText(type),
          DatabaseMetaData.typeSearchable,
          !JdbcTypes.isSigned(type),
          false,
          false,
          word,
          0,
          digits,
          null,
          null,
          number ? 10 : null);
    }
    return table.sortedBy(1).toResultSet();
  }

  private static int digits(String word) {
    switch (word) {
      case "Decimal":
        return 76;
      case "DateTime64":
        return 9;
      default:
        return 0;
    }
  }

  private static String parameters(String word) {
    switch (word) {
      case "Decimal":
        return "precision,scale";
      case "FixedString":
        return "length";
      case "DateTime":
        return "zone";
      case "DateTime64":
        return "precision,zone";
      case "Array":
        return "element type";
      case "Tuple":
        return "field types";
      case "Map":
        return "key type,value type";
      default:
        return null;
    }
  }
}
