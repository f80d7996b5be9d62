// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.merge.access.AccessControl;
import dev.varve.storage.error.VarveException;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.auth2.Auth2Constants;
import org.apache.arrow.flight.auth2.BasicCallHeaderAuthenticator;
import org.apache.arrow.flight.auth2.CallHeaderAuthenticator;
import org.apache.arrow.flight.auth2.GeneratedBearerTokenAuthenticator;

/// Lets callers in: by name and password, which give them a token for their next calls, or, where
/// they say nothing, as the user `default` without a password. Safe for threads.
final class Logins implements CallHeaderAuthenticator {
  private static final String NOBODY = "default";

  private final AccessControl access;
  private final boolean local;
  private final CallHeaderAuthenticator named;

  /// @param local whether all callers are on this machine
  Logins(AccessControl access, boolean local) {
    this.access = access;
    this.local = local;
    this.named =
        new GeneratedBearerTokenAuthenticator(new BasicCallHeaderAuthenticator(this::login));
  }

  @Override
  public AuthResult authenticate(CallHeaders headers) {
    return headers.containsKey(Auth2Constants.AUTHORIZATION_HEADER)
        ? named.authenticate(headers)
        : login(NOBODY, "");
  }

  private AuthResult login(String user, String password) {
    String name = user.isEmpty() ? NOBODY : user;
    try {
      access.authenticate(name, password, local);
    } catch (VarveException refused) {
      throw CallStatus.UNAUTHENTICATED
          .withDescription(refused.getMessage())
          .withCause(refused)
          .toRuntimeException();
    }
    return () -> name;
  }
}
