// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A statement about users, roles, grants, row policies or quotas.
public sealed interface AccessStatement {
  /// What CREATE and ALTER say of a user; what is absent stays as it is.
  ///
  /// @param password empty text where the user has none (`NOT IDENTIFIED`)
  record UserChange(
      Optional<String> password,
      Optional<String> database,
      Optional<List<Setting>> settings,
      List<String> roles) {
    @Override
    public String toString() {
      return "UserChange[hidden]";
    }
  }

  /// A setting with its bounds; empty texts where they are not given.
  record Setting(String name, String value, String min, String max, boolean readOnly) {}

  /// @param all everybody but `names`
  record Audience(boolean all, List<String> names) {}

  /// A privilege by its name.
  ///
  /// @param columns empty for all
  record Right(String privilege, List<String> columns) {}

  record CreateUser(String name, boolean ifNotExists, boolean orReplace, UserChange change)
      implements AccessStatement {}

  record AlterUser(String name, boolean ifExists, Optional<String> rename, UserChange change)
      implements AccessStatement {}

  record CreateRole(String name, boolean ifNotExists) implements AccessStatement {}

  /// @param roles whether roles go, not users
  record Drop(boolean roles, List<String> names, boolean ifExists) implements AccessStatement {}

  /// GRANT and REVOKE of privileges.
  ///
  /// @param database `*` for all; empty for the session's
  /// @param table `*` for all
  /// @param option WITH GRANT OPTION
  record Rights(
      boolean revoke,
      List<Right> rights,
      String database,
      String table,
      List<String> grantees,
      boolean option)
      implements AccessStatement {}

  /// GRANT and REVOKE of roles.
  record Roles(boolean revoke, List<String> roles, List<String> grantees, boolean admin)
      implements AccessStatement {}

  record CreatePolicy(
      String name,
      boolean ifNotExists,
      boolean orReplace,
      Statement.Name table,
      String condition,
      boolean restrictive,
      Audience to)
      implements AccessStatement {}

  record DropPolicy(String name, boolean ifExists, Statement.Name table)
      implements AccessStatement {}

  /// @param limits by the name of what is counted
  record CreateQuota(
      String name,
      boolean ifNotExists,
      boolean orReplace,
      long seconds,
      Map<String, String> limits,
      Audience to)
      implements AccessStatement {}

  record DropQuota(String name, boolean ifExists) implements AccessStatement {}

  /// @param user absent for the one that asks
  record ShowGrants(Optional<String> user) implements AccessStatement {}

  record ShowUsers() implements AccessStatement {}

  record ShowRoles() implements AccessStatement {}
}
