// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one user may do, as of one moment. [#EVERYTHING] is for callers inside the process: the
/// embedded engine, work in the background, and servers without users.
public final class Access {
  public static final Access EVERYTHING = new Access(null, "", Set.of());

  private final AccessState state;
  private final String user;
  private final Set<String> identity;
  private final List<Grant> grants;

  Access(AccessState state, String user, Set<String> identity) {
    this.state = state;
    this.user = user;
    this.identity = identity;
    this.grants = state == null ? List.of() : state.grantsTo(identity);
  }

  /// Whether nothing is refused.
  public boolean isUnlimited() {
    return state == null;
  }

  /// Whether the privilege holds for a column of a table.
  ///
  /// @param database empty asks for all databases
  /// @param table empty asks for the whole database
  /// @param column empty asks for any column
  public boolean allows(Privilege privilege, String database, String table, String column) {
    return isUnlimited()
        || grants.stream()
            .anyMatch(
                grant -> grant.privilege() == privilege && grant.reaches(database, table, column));
  }

  /// Whether the privilege holds for something, whatever it is.
  public boolean allowsSomewhere(Privilege privilege) {
    return isUnlimited() || grants.stream().anyMatch(grant -> grant.privilege() == privilege);
  }

  /// Whether the privilege holds for all columns of a table; names as for [#allows].
  public boolean allowsWhole(Privilege privilege, String database, String table) {
    return isUnlimited()
        || grants.stream()
            .anyMatch(grant ->
                grant.privilege() == privilege
                    && grant.columns().isEmpty()
                    && grant.reaches(database, table, ""));
  }

  /// @throws VarveException ACCESS_DENIED naming what to grant
  public void require(Privilege privilege, String database, String table) {
    if (!allowsWhole(privilege, database, table)) {
      throw denied(privilege, "", database, table);
    }
  }

  /// Requires a privilege for each of these columns, or for any one where they are none.
  ///
  /// @throws VarveException ACCESS_DENIED naming what to grant
  public void require(
      Privilege privilege, String database, String table, Collection<String> columns) {
    if (columns.isEmpty() && !allows(privilege, database, table, "")) {
      throw denied(privilege, "", database, table);
    }
    for (String column : columns) {
      if (!allows(privilege, database, table, column)) {
        throw denied(privilege, column, database, table);
      }
    }
  }

  private VarveException denied(Privilege privilege, String column, String database, String table) {
    String what = privilege.text() + (column.isEmpty() ? "" : "(" + column + ")");
    String where = (database.isEmpty() ? "*" : database) + "." + (table.isEmpty() ? "*" : table);
    return new VarveException(
        ErrorCode.ACCESS_DENIED,
        "user \""
            + user
            + "\" may not do this; it needs GRANT "
            + what
            + " ON "
            + where
            + " TO "
            + user);
  }

  /// Whether the user may give a privilege on.
  ///
  /// @throws VarveException ACCESS_DENIED
  public void requireGrantOption(Grant wanted) {
    boolean may =
        isUnlimited()
            || grants.stream().anyMatch(grant -> grant.withGrantOption() && grant.covers(wanted));
    if (!may) {
      throw new VarveException(
          ErrorCode.ACCESS_DENIED,
          "user \""
              + user
              + "\" may not grant "
              + wanted.privilege().text()
              + " ON "
              + wanted.on()
              + "; it needs the privilege itself WITH GRANT OPTION");
    }
  }

  /// The condition that rows of a table must hold to be seen; empty where all are.
  public Optional<String> rowCondition(String database, String table) {
    return isUnlimited() ? Optional.empty() : state.condition(identity, database, table);
  }

  /// The settings that the user's sessions begin with.
  public Map<String, String> settings() {
    Map<String, String> values = new LinkedHashMap<>();
    if (!isUnlimited()) {
      state
          .settings(user)
          .forEach((name, setting) -> {
            if (!setting.value().isEmpty()) {
              values.put(name, setting.value());
            }
          });
    }
    return values;
  }

  /// Holds changed settings to the bounds of the user.
  ///
  /// @throws VarveException SETTING_CONSTRAINT_VIOLATION
  public void checkSettings(Map<String, String> changed) {
    if (isUnlimited() || changed.isEmpty()) {
      return;
    }
    Map<String, User.Setting> bounds = state.settings(user);
    changed.forEach((name, value) -> {
      User.Setting bound = bounds.get(name);
      if (bound != null) {
        check(bound, value);
      }
    });
  }

  private static void check(User.Setting bound, String value) {
    if (bound.readOnly() && !value.equals(bound.value())) {
      throw violated(bound.name() + " cannot be changed");
    }
    if (!bound.min().isEmpty() && number(value) < number(bound.min())) {
      throw violated(bound.name() + " must be at least " + bound.min() + ", found " + value);
    }
    if (!bound.max().isEmpty() && number(value) > number(bound.max())) {
      throw violated(bound.name() + " must be at most " + bound.max() + ", found " + value);
    }
    // 0 stands for "no limit" where a greatest value is given, so it is beyond that.
    if (!bound.max().isEmpty() && number(value) == 0) {
      throw violated(bound.name() + " must be at most " + bound.max() + ", found no limit");
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "a setting with bounds takes a number, found \"" + text + "\"");
    }
  }

  private static VarveException violated(String what) {
    return new VarveException(ErrorCode.SETTING_CONSTRAINT_VIOLATION, "setting " + what);
  }

  /// The quotas that count for the user.
  List<Quota> quotas() {
    return isUnlimited()
        ? List.of()
        : state.quotas().stream().filter(quota -> quota.to().includes(identity)).toList();
  }
}
