// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Where in the text an error is.
final class Place {
  private Place() {}

  /// `line 3, column 17: `, or nothing where the place is not known.
  static String of(SqlParserPos position) {
    return position == null || position.getLineNum() < 1
        ? ""
        : "line " + position.getLineNum() + ", column " + position.getColumnNum() + ": ";
  }

  static VarveException error(ErrorCode code, SqlParserPos position, String message) {
    return new VarveException(code, of(position) + message);
  }

  /// The same error with its place in front, unless it has one.
  static VarveException at(SqlParserPos position, VarveException e) {
    return e.getMessage().startsWith("line ")
        ? e
        : new VarveException(e.code(), of(position) + e.getMessage(), e);
  }
}
