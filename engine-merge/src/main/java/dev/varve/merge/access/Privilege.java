// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import java.util.Locale;
import java.util.Optional;

/// What can be granted. A finer name of ClickHouse means the privilege that holds it: `ALTER
/// UPDATE` is ALTER, `CREATE TABLE` is CREATE.
public enum Privilege {
  SELECT,
  INSERT,
  ALTER,
  CREATE,
  DROP,
  TRUNCATE,
  OPTIMIZE,
  SHOW,
  KILL_QUERY,
  SYSTEM,
  /// Users, roles, grants, row policies, quotas.
  ACCESS_MANAGEMENT;

  /// The privilege that a name in a GRANT means.
  public static Optional<Privilege> of(String name) {
    String upper = name.toUpperCase(Locale.ROOT).strip();
    return switch (upper) {
      case "KILL QUERY" -> Optional.of(KILL_QUERY);
      case "ACCESS MANAGEMENT", "ROLE ADMIN" -> Optional.of(ACCESS_MANAGEMENT);
      case "UPDATE", "DELETE" -> Optional.of(ALTER);
      default -> {
        String first = upper.split(" ", 2)[0];
        for (Privilege privilege : values()) {
          if (privilege.name().equals(first)) {
            yield Optional.of(privilege);
          }
        }
        yield Optional.empty();
      }
    };
  }

  /// As SQL writes it.
  public String text() {
    return name().replace('_', ' ');
  }
}
