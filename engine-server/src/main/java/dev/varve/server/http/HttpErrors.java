// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.sql.session.Caret;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import org.apache.arrow.memory.OutOfMemoryException;

/// Errors as ClickHouse's clients expect them: `Code: 60. DB::Exception: …. (UNKNOWN_TABLE)`.
final class HttpErrors {
  private HttpErrors() {}

  /// The error that a failure means to the user.
  static VarveException explain(Throwable failure) {
    if (failure instanceof VarveException known) {
      return known;
    }
    if (failure instanceof OutOfMemoryException) {
      return new VarveException(
          ErrorCode.MEMORY_LIMIT_EXCEEDED,
          "the query needs more memory than it may take; raise max_memory_usage or --memory",
          failure);
    }
    return new VarveException(
        ErrorCode.LOGICAL_ERROR,
        "the engine failed on this statement, which is a defect of ours: " + failure,
        failure);
  }

  /// @param sql the statement, whose place the error may name; empty where none was read
  static String text(VarveException error, String sql) {
    return "Code: "
        + error.code().number()
        + ". DB::Exception: "
        + error.getMessage()
        + ". ("
        + error.code().name()
        + ")\n"
        + Caret.under(sql, String.valueOf(error.getMessage())).map(mark -> mark + "\n").orElse("");
  }

  static int status(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_TABLE, UNKNOWN_DATABASE, UNKNOWN_FUNCTION, UNKNOWN_IDENTIFIER -> 404;
      case AUTHENTICATION_FAILED -> 401;
      case ACCESS_DENIED -> 403;
      case TIMEOUT_EXCEEDED -> 408;
      case NOT_IMPLEMENTED -> 501;
      case TOO_MANY_PARTS -> 503;
      case NOT_ENOUGH_SPACE -> 507;
      default ->
          switch (code.fault()) {
            case USER -> 400;
            case OURS, RESOURCES, WORLD -> 500;
          };
    };
  }
}
