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

  /// A password as it is kept: never itself.
  ///
  /// @param argon2 the encoded Argon2id hash with its parameters
  /// @param sha256 for SCRAM-SHA-256
  /// @param sha512 for SCRAM-SHA-512
  public record Password(String argon2, ScramKeys sha256, ScramKeys sha512) {
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
