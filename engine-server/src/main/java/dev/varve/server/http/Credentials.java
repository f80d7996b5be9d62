// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Who asks, and the password given: Basic authentication, the headers `X-ClickHouse-User` and
/// `X-ClickHouse-Key`, or the parameters `user` and `password`. Never part of a log or an error.
record Credentials(String user, String password) {
  static final String DEFAULT_USER = "default";

  private static final String BASIC = "basic ";

  /// @throws VarveException AUTHENTICATION_FAILED where the header is malformed
  static Credentials of(Request request, QueryParameters parameters) {
    String user = request.getHeaders().get("X-ClickHouse-User");
    if (user != null) {
      String key = request.getHeaders().get("X-ClickHouse-Key");
      return new Credentials(user, key == null ? "" : key);
    }
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return basic(authorization.substring(BASIC.length()).strip());
    }
    return new Credentials(parameters.get("user", DEFAULT_USER), parameters.get("password", ""));
  }

  private static Credentials basic(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      String user = colon < 0 ? pair : pair.substring(0, colon);
      return new Credentials(
          user.isEmpty() ? DEFAULT_USER : user, colon < 0 ? "" : pair.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw new VarveException(
          ErrorCode.AUTHENTICATION_FAILED,
          "the header Authorization is not Basic authentication: its second word is not base64",
          e);
    }
  }

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
