// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.wire.Authenticator;
import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.Privilege;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Optional;

/// The users of the data directory, as the log asks for them. The log does not look at single
/// grants, so it lets in who may read and write every table.
record LogUsers(AccessControl access) implements Authenticator {
  private static final String SHA_256 = "SCRAM-SHA-256";

  @Override
  public boolean accepts(String user, String password) {
    try {
      access.authenticate(user, password, false);
      return mayAll(user);
    } catch (VarveException e) {
      if (e.code() == ErrorCode.AUTHENTICATION_FAILED) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Optional<ScramSecret> scram(String mechanism, String user) {
    return mayAll(user)
        ? access
            .scram(user, mechanism.equals(SHA_256) ? 256 : 512)
            .map(keys ->
                new ScramSecret(keys.salt(), keys.storedKey(), keys.serverKey(), keys.iterations()))
        : Optional.empty();
  }

  private boolean mayAll(String user) {
    return access.of(user).allows(Privilege.SELECT, "", "", "")
        && access.of(user).allows(Privilege.INSERT, "", "", "");
  }
}
