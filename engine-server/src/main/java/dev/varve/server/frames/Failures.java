// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.jdbc.wire.Failure;
import dev.varve.sql.session.Caret;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import org.apache.arrow.memory.OutOfMemoryException;

/// What went wrong, as the client is told.
final class Failures {
  private Failures() {}

  /// With the place in the statement, where the error names one.
  static Failure of(Throwable thrown, String sql) {
    if (thrown instanceof VarveException e) {
      String message = String.valueOf(e.getMessage());
      String marked = Caret.under(sql, message).map(mark -> "\n" + mark).orElse("");
      return failure(e.code(), message + marked);
    }
    return of(thrown);
  }

  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case VarveException e -> failure(e.code(), e.getMessage());
      case OutOfMemoryException e ->
          failure(
              ErrorCode.MEMORY_LIMIT_EXCEEDED,
              "the statement needs more memory than it may use; raise max_memory_usage or ask for"
                  + " less at once ("
                  + e.getMessage()
                  + ")");
      default ->
          failure(
              ErrorCode.LOGICAL_ERROR,
              "internal error, please report it together with the statement: " + thrown);
    };
  }

  private static Failure failure(ErrorCode code, String message) {
    return new Failure(code.number(), code.sqlState(), code.name(), String.valueOf(message));
  }
}
