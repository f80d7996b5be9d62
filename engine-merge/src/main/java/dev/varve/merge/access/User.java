// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import java.util.List;
import java.util.Optional;

/// Someone who may connect.
///
/// @param password what is kept of the password; empty for one that connects from this machine
///   only, without any
/// @param database current when a session begins, or empty for `default`
/// @param settings of the user's sessions, and how far they may be changed
public record User(
    String name, Optional<Password> password, String database, List<Setting> settings) {
  public User {
    settings = List.copyOf(settings);
  }

  /// A password as it is kept: never itself. A client of the log that gives a user a credential of
  /// SCRAM sends keys only: there is no hash then, and each mechanism has keys or none.
  ///
  /// @param argon2 the encoded Argon2id hash with its parameters; empty where only keys were given
  /// @param sha256 for SCRAM-SHA-256
  /// @param sha512 for SCRAM-SHA-512
  public record Password(String argon2, ScramKeys sha256, ScramKeys sha512) {
    /// The keys of a mechanism.
    ///
    /// @param bits 256 or 512
    Optional<ScramKeys> keys(int bits) {
      return Optional.of(bits == 256 ? sha256 : sha512).filter(keys -> !keys.isNone());
    }

    /// With other keys of one mechanism. They stand for a password of their own: one that SQL gave
    /// is no longer good for anything then, while keys that were given like this stay.
    ///
    /// @param bits 256 or 512
    Password withKeys(int bits, ScramKeys keys) {
      ScramKeys other = argon2.isEmpty() ? (bits == 256 ? sha512 : sha256) : ScramKeys.NONE;
      return bits == 256 ? new Password("", keys, other) : new Password("", other, keys);
    }

    /// Without the keys of one mechanism; all else stays.
    ///
    /// @param bits 256 or 512
    Password withoutKeys(int bits) {
      return bits == 256
          ? new Password(argon2, ScramKeys.NONE, sha512)
          : new Password(argon2, sha256, ScramKeys.NONE);
    }

    @Override
    public String toString() {
      return "Password[hidden]";
    }
  }

  /// A setting with its bounds.
  ///
  /// @param value empty where only bounds are given
  /// @param min least number allowed, or empty
  /// @param max greatest number allowed, or empty
  public record Setting(String name, String value, String min, String max, boolean readOnly) {}
}
