// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;

/// Answers that are not frames: wrong credentials, proxies, other servers.
final class Refusals {
  private static final int MAX_TEXT_BYTES = 16 * 1024;

  private Refusals() {}

  static SQLException of(HttpAnswer answer) throws IOException {
    byte[] start = answer.body().readNBytes(MAX_TEXT_BYTES);
    if (start.length == MAX_TEXT_BYTES) {
      answer.body().skip(Long.MAX_VALUE);
    }
    String text = new String(start, StandardCharsets.UTF_8).strip();
    int status = answer.status();
    String message = text.isEmpty() ? "the server refused with HTTP status " + status : text;
    if (status == 401 || status == 403) {
      return new SQLInvalidAuthorizationSpecException(message, "28000", code(answer));
    }
    if (code(answer) != 0) {
      // The server speaks, but could not begin: an unknown database, a busy session.
      String state = answer.header("x-varve-sqlstate");
      return new SQLException(message, state.isEmpty() ? "HY000" : state, code(answer));
    }
    return new SQLNonTransientConnectionException(
        "HTTP status "
            + status
            + " from something that does not speak this driver's protocol: "
            + message,
        "08004");
  }

  private static int code(HttpAnswer answer) {
    String code = answer.header("x-clickhouse-exception-code");
    return code.matches("[0-9]{1,9}") ? Integer.parseInt(code) : 0;
  }
}
