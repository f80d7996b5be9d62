// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Kind;
import dev.varve.jdbc.wire.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Date;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Map;
import java.util.UUID;

/// What each type is in the words of JDBC.
///
/// An unsigned type is the next larger signed one, so that its upper half is exact; UInt64 and
/// wider integers are NUMERIC, and `getObject` gives a `BigInteger`.
final class JdbcTypes {
  private static final int LONGEST = Integer.MAX_VALUE;

  private JdbcTypes() {}

  /// The constant of [Types].
  static int code(SqlType type) {
    switch (type.kind()) {
      case INT8:
        return Types.TINYINT;
      case INT16:
      case UINT8:
        return Types.SMALLINT;
      case INT32:
      case UINT16:
        return Types.INTEGER;
      case INT64:
      case UINT32:
        return Types.BIGINT;
      case UINT64:
      case INT128:
      case INT256:
      case UINT128:
      case UINT256:
        return Types.NUMERIC;
      case FLOAT32:
        return Types.REAL;
      case FLOAT64:
        return Types.DOUBLE;
      case DECIMAL:
        return Types.DECIMAL;
      case BOOL:
        return Types.BOOLEAN;
      default:
        return otherCode(type.kind());
    }
  }

  private static int otherCode(Kind kind) {
    switch (kind) {
      case FIXED_STRING:
        return Types.CHAR;
      case DATE:
      case DATE32:
        return Types.DATE;
      case DATETIME:
      case DATETIME64:
        return Types.TIMESTAMP;
      case TIME:
      case TIME64:
        return Types.TIME;
      case UUID:
        return Types.OTHER;
      case ARRAY:
        return Types.ARRAY;
      case TUPLE:
        return Types.STRUCT;
      case MAP:
        return Types.JAVA_OBJECT;
      case AGGREGATE_STATE:
        return Types.VARBINARY;
      case NOTHING:
        return Types.NULL;
      default:
        return Types.VARCHAR;
    }
  }

  /// The class of the objects that `getObject` gives.
  static Class<?> javaClass(SqlType type) {
    switch (code(type)) {
      case Types.TINYINT:
      case Types.SMALLINT:
      case Types.INTEGER:
        return Integer.class;
      case Types.BIGINT:
        return Long.class;
      case Types.NUMERIC:
        return BigInteger.class;
      case Types.REAL:
        return Float.class;
      case Types.DOUBLE:
        return Double.class;
      case Types.DECIMAL:
        return BigDecimal.class;
      case Types.BOOLEAN:
        return Boolean.class;
      case Types.DATE:
        return Date.class;
      case Types.TIMESTAMP:
        return Timestamp.class;
      case Types.TIME:
        return Time.class;
      case Types.OTHER:
        return UUID.class;
      case Types.ARRAY:
        return Array.class;
      case Types.STRUCT:
        return Struct.class;
      case Types.JAVA_OBJECT:
        return Map.class;
      case Types.VARBINARY:
        return byte[].class;
      case Types.NULL:
        return Object.class;
      default:
        return String.class;
    }
  }

  /// Digits of a number, characters of a text or of a time as it is written.
  static int precision(SqlType type) {
    switch (type.kind()) {
      case DECIMAL:
      case FIXED_STRING:
        return type.precision();
      case DATETIME64:
        return type.precision() == 0 ? 19 : 20 + type.precision();
      case TIME64:
        return type.precision() == 0 ? 10 : 11 + type.precision();
      case STRING:
      case AGGREGATE_STATE:
      case ARRAY:
      case TUPLE:
      case MAP:
        return LONGEST;
      case ENUM8:
      case ENUM16:
        return type.labels().values().stream().mapToInt(String::length).max().orElse(0);
      default:
        return fixedPrecision(type.kind());
    }
  }

  private static int fixedPrecision(Kind kind) {
    switch (kind) {
      case INT8:
      case UINT8:
        return 3;
      case INT16:
      case UINT16:
        return 5;
      case INT32:
      case UINT32:
        return 10;
      case INT64:
        return 19;
      case UINT64:
        return 20;
      case INT128:
      case UINT128:
        return 39;
      case INT256:
        return 77;
      case UINT256:
        return 78;
      case FLOAT32:
        return 7;
      case FLOAT64:
        return 15;
      case BOOL:
        return 5;
      case UUID:
        return 36;
      case DATE:
      case DATE32:
      case TIME:
        return 10;
      case DATETIME:
        return 19;
      case IPV4:
        return 15;
      case IPV6:
        return 39;
      default:
        return 0;
    }
  }

  static int scale(SqlType type) {
    boolean ticks = type.kind() == Kind.DATETIME64 || type.kind() == Kind.TIME64;
    return ticks ? type.precision() : type.scale();
  }

  /// Characters that a value needs at most when it is shown.
  static int displaySize(SqlType type) {
    switch (type.kind()) {
      case DECIMAL:
        return type.precision() + 2;
      case FLOAT32:
        return 15;
      case FLOAT64:
        return 24;
      default:
        int precision = precision(type);
        boolean hasSign = type.kind().isInteger() && !type.kind().isUnsigned();
        return hasSign ? precision + 1 : precision;
    }
  }

  static boolean isSigned(SqlType type) {
    return type.kind().isNumeric() && !type.kind().isUnsigned();
  }

  static boolean isText(SqlType type) {
    return code(type) == Types.VARCHAR || code(type) == Types.CHAR;
  }
}
