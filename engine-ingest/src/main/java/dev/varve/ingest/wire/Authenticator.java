// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.merge.access.Access;
import dev.varve.merge.access.AccessControl;
import java.util.Optional;

/// Knows users. Where a broker has one and it asks, clients must say who they are before anything
/// else. Safe for threads.
public interface Authenticator {
  /// What SCRAM needs to check a password without knowing it (RFC 5802).
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record ScramSecret(byte[] salt, byte[] storedKey, byte[] serverKey, int iterations) {}

  /// Whether clients are asked who they are; that may change at any time.
  boolean asks();

  /// Whether this is the user's password; false for a user who does not exist.
  boolean accepts(String user, String password);

  /// What a user may do now.
  Access access(String user);

  /// The users and their grants, for clients that may manage them; nothing where they are kept
  /// elsewhere.
  default Optional<AccessControl> managed() {
    return Optional.empty();
  }

  /// The secret of a user for `SCRAM-SHA-256` or `SCRAM-SHA-512`, or nothing where there is none.
  Optional<ScramSecret> scram(String mechanism, String user);
}
