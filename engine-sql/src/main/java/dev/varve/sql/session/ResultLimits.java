// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Map;

/// How much a query may give and read before it fails, or before its result is cut.
///
/// @param rows of the result, 0 for any number
/// @param cuts whether the result ends at the limit instead of failing
/// @param readRows rows that tables may be read for, 0 for any number
/// @param readBytes the same in bytes
record ResultLimits(long rows, boolean cuts, long readRows, long readBytes) {
  static final String ROWS = "max_result_rows";
  static final String OVERFLOW = "result_overflow_mode";
  static final String READ_ROWS = "max_rows_to_read";
  static final String READ_BYTES = "max_bytes_to_read";
  static final ResultLimits NONE = new ResultLimits(0, false, 0, 0);

  /// @throws VarveException BAD_ARGUMENTS naming the setting
  static ResultLimits of(Map<String, String> values) {
    return new ResultLimits(
        QuerySettings.number(values, ROWS),
        cuts(values.getOrDefault(OVERFLOW, "throw")),
        QuerySettings.number(values, READ_ROWS),
        QuerySettings.number(values, READ_BYTES));
  }

  private static boolean cuts(String mode) {
    return switch (mode) {
      case "throw" -> false;
      case "break" -> true;
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "setting " + OVERFLOW + " takes throw or break, found \"" + mode + "\"");
    };
  }

  /// How many rows of a batch may still be given after so many.
  ///
  /// @throws VarveException TOO_MANY_ROWS_OR_BYTES
  int of(int batch, long given) {
    if (rows == 0 || given + batch <= rows) {
      return batch;
    }
    if (cuts) {
      return (int) (rows - given);
    }
    throw new VarveException(
        ErrorCode.TOO_MANY_ROWS_OR_BYTES,
        "the result has more than "
            + rows
            + " rows, which "
            + ROWS
            + " allows; add a LIMIT, or set "
            + OVERFLOW
            + " = 'break' to get as many");
  }
}
