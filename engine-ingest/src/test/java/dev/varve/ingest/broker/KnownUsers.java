// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.wire.Authenticator;
import dev.varve.merge.access.Access;
import dev.varve.merge.access.AccessControl;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Optional;

/// The users of a directory, as a server gives them to its broker.
record KnownUsers(AccessControl control) implements Authenticator {
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
      if (e.code() != ErrorCode.AUTHENTICATION_FAILED) {
        throw e;
      }
      return false;
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
        .scram(user, mechanism.endsWith("256") ? 256 : 512)
        .map(keys ->
            new ScramSecret(keys.salt(), keys.storedKey(), keys.serverKey(), keys.iterations()));
  }
}
