// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.error;

/// Stable codes. Numbers follow ClickHouse where it has the same error, so that its clients' retry
/// logic holds; 2000 and above are ours. A number is never used again for another error.
public enum ErrorCode {
  NUMBER_OF_COLUMNS_DOESNT_MATCH(20, "21S01", Fault.USER),
  CANNOT_PARSE_INPUT(27, "22018", Fault.USER),
  BAD_ARGUMENTS(36, "22023", Fault.USER),
  NOT_FOUND_COLUMN_IN_BLOCK(10, "42S22", Fault.USER),
  NO_SUCH_COLUMN_IN_TABLE(16, "42S22", Fault.USER),
  CHECKSUM_DOESNT_MATCH(40, "XX001", Fault.WORLD),
  NUMBER_OF_ARGUMENTS_DOESNT_MATCH(42, "42883", Fault.USER),
  ILLEGAL_TYPE_OF_ARGUMENT(43, "42804", Fault.USER),
  DUPLICATE_COLUMN(44, "42S21", Fault.USER),
  UNKNOWN_FUNCTION(46, "42883", Fault.USER),
  UNKNOWN_IDENTIFIER(47, "42S22", Fault.USER),
  NOT_IMPLEMENTED(48, "0A000", Fault.USER),
  LOGICAL_ERROR(49, "XX000", Fault.OURS),
  UNKNOWN_TYPE(50, "42704", Fault.USER),
  TYPE_MISMATCH(53, "42804", Fault.USER),
  UNKNOWN_STORAGE(56, "42704", Fault.USER),
  TABLE_ALREADY_EXISTS(57, "42S01", Fault.USER),
  UNKNOWN_TABLE(60, "42S02", Fault.USER),
  SYNTAX_ERROR(62, "42000", Fault.USER),
  ARGUMENT_OUT_OF_BOUND(69, "22003", Fault.USER),
  CANNOT_CONVERT_TYPE(70, "22018", Fault.USER),
  UNKNOWN_FORMAT(73, "42704", Fault.USER),
  DIRECTORY_LOCKED(76, "55006", Fault.WORLD),
  UNKNOWN_DATABASE(81, "3D000", Fault.USER),
  DATABASE_ALREADY_EXISTS(82, "42P04", Fault.USER),
  UNKNOWN_SETTING(115, "42704", Fault.USER),
  INCORRECT_DATA(117, "22000", Fault.USER),
  SAMPLING_NOT_SUPPORTED(141, "0A000", Fault.USER),
  ILLEGAL_DIVISION(153, "22012", Fault.USER),
  TIMEOUT_EXCEEDED(159, "57014", Fault.RESOURCES),
  READONLY(164, "25006", Fault.USER),
  ILLEGAL_AGGREGATION(184, "42803", Fault.USER),
  UNKNOWN_USER(192, "42704", Fault.USER),
  QUOTA_EXCEEDED(201, "53400", Fault.RESOURCES),
  NETWORK_ERROR(210, "08001", Fault.WORLD),
  NOT_AN_AGGREGATE(215, "42803", Fault.USER),
  QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING(216, "42710", Fault.USER),
  MEMORY_LIMIT_EXCEEDED(241, "53200", Fault.RESOURCES),
  NOT_ENOUGH_SPACE(243, "53100", Fault.RESOURCES),
  CORRUPTED_DATA(246, "XX001", Fault.WORLD),
  NO_SUCH_DATA_PART(232, "42704", Fault.USER),
  UNKNOWN_PARTITION(248, "42704", Fault.USER),
  TOO_MANY_PARTS(252, "53400", Fault.RESOURCES),
  INDEX_NOT_USED(277, "42000", Fault.USER),
  TOO_DEEP_RECURSION(306, "54001", Fault.USER),
  SESSION_NOT_FOUND(372, "08003", Fault.USER),
  SESSION_IS_LOCKED(373, "55006", Fault.USER),
  QUERY_WAS_CANCELLED(394, "57014", Fault.USER),
  DECIMAL_OVERFLOW(407, "22003", Fault.USER),
  CANNOT_UPDATE_COLUMN(420, "0A000", Fault.USER),
  BAD_TTL_EXPRESSION(450, "42804", Fault.USER),
  SETTING_CONSTRAINT_VIOLATION(452, "22023", Fault.USER),
  VIOLATED_CONSTRAINT(469, "23514", Fault.USER),
  ACCESS_ENTITY_ALREADY_EXISTS(493, "42710", Fault.USER),
  ACCESS_DENIED(497, "42501", Fault.USER),
  UNKNOWN_ROLE(511, "42704", Fault.USER),
  AUTHENTICATION_FAILED(516, "28000", Fault.USER),
  ALTER_OF_COLUMN_IS_FORBIDDEN(524, "0A000", Fault.USER),
  IO_ERROR(1002, "58030", Fault.WORLD),
  TOO_LARGE_RECORD(2001, "22001", Fault.USER),
  UNSUPPORTED_FORMAT_VERSION(2002, "0A000", Fault.WORLD);

  /// Whose fault an error is.
  public enum Fault {
    USER,
    OURS,
    RESOURCES,
    WORLD
  }

  private final int number;
  private final String sqlState;
  private final Fault fault;

  ErrorCode(int number, String sqlState, Fault fault) {
    this.number = number;
    this.sqlState = sqlState;
    this.fault = fault;
  }

  public int number() {
    return number;
  }

  public String sqlState() {
    return sqlState;
  }

  public Fault fault() {
    return fault;
  }
}
