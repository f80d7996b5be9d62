// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;

/// Why a statement failed, as the engine says it.
///
/// @param code the stable number of the error
/// @param name the word for that number, such as `UNKNOWN_TABLE`
public record Failure(int code, String sqlState, String name, String message) {
  /// The number of an error that ran out of its time.
  private static final int TIMEOUT_EXCEEDED = 159;

  public byte[] encode() {
    return new WireBytes().i32(code).text(sqlState).text(name).text(message).toByteArray();
  }

  public static Failure decode(ByteBuffer in) throws IOException {
    if (in.remaining() < 4) {
      throw new IOException("malformed frame: an error of " + in.remaining() + " bytes");
    }
    return new Failure(
        in.getInt(), WireBytes.readText(in), WireBytes.readText(in), WireBytes.readText(in));
  }

  /// The exception of `java.sql` that this error is; frameworks sort by class or by state.
  public SQLException toException() {
    String text = "Code " + code + " (" + name + "): " + message;
    if (code == TIMEOUT_EXCEEDED) {
      return new SQLTimeoutException(text, sqlState, code);
    }
    switch (sqlState.length() < 2 ? "" : sqlState.substring(0, 2)) {
      case "08":
        return new SQLNonTransientConnectionException(text, sqlState, code);
      case "0A":
        return new SQLFeatureNotSupportedException(text, sqlState, code);
      case "22":
        return new SQLDataException(text, sqlState, code);
      case "23":
        return new SQLIntegrityConstraintViolationException(text, sqlState, code);
      case "28":
        return new SQLInvalidAuthorizationSpecException(text, sqlState, code);
      case "42":
        return new SQLSyntaxErrorException(text, sqlState, code);
      default:
        return new SQLException(text, sqlState, code);
    }
  }
}
