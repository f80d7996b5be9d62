// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.wire.Authenticator;
import dev.varve.merge.access.Access;
import dev.varve.merge.access.AccessControl;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Optional;

/// The users of the data directory and their grants, as the log asks for them.
record LogUsers(AccessControl control) implements Authenticator {
  private static final String SHA_256 = "SCRAM-SHA-256";

  @Override
  public boolean asks() {
    return control.hasUsers();
  }

  @Override
  public boolean accepts(String user, String password) {
    try {
      control.authenticate(user, password, false);
      return true;
    } catch (VarveException e) {
      if (e.code() == ErrorCode.AUTHENTICATION_FAILED) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Access access(String user) {
    return control.of(user);
  }

  @Override
  public Optional<AccessControl> managed() {
    return Optional.of(control);
  }

  @Override
  public Optional<ScramSecret> scram(String mechanism, String user) {
    return control
        .scram(user, mechanism.equals(SHA_256) ? 256 : 512)
        .map(keys ->
            new ScramSecret(keys.salt(), keys.storedKey(), keys.serverKey(), keys.iterations()));
  }
}
