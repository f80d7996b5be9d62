// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.Access;
import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.AccessState;
import dev.varve.merge.access.Audience;
import dev.varve.merge.access.Grant;
import dev.varve.merge.access.Privilege;
import dev.varve.merge.access.Quota;
import dev.varve.merge.access.RowPolicy;
import dev.varve.merge.access.User;
import dev.varve.sql.parse.AccessStatement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Runs statements about users, roles, grants, row policies and quotas. The first user there is
/// gets every privilege, so that nobody is locked out of a server that begins to ask for passwords.
final class AccessStatements {
  private final AccessControl control;
  private final Access access;
  private final String user;
  private final Names names;

  AccessStatements(AccessControl control, Access access, String user, Names names) {
    this.control = control;
    this.access = access;
    this.user = user;
    this.names = names;
  }

  /// @return the one column that a SHOW gives, or empty for a change
  Optional<List<String>> run(AccessStatement statement) {
    switch (statement) {
      case AccessStatement.ShowGrants(Optional<String> wanted) -> {
        String of = wanted.orElse(user);
        if (!of.equals(user)) {
          manage();
        }
        return Optional.of(AccessText.grants(control.state(), of));
      }
      case AccessStatement.ShowUsers _ -> {
        manage();
        return Optional.of(new ArrayList<>(control.state().users().keySet()));
      }
      case AccessStatement.ShowRoles _ -> {
        manage();
        return Optional.of(new ArrayList<>(control.state().roles()));
      }
      case AccessStatement.Rights rights -> rights(rights);
      case AccessStatement.Roles roles -> roles(roles);
      case AccessStatement.CreateUser create -> createUser(create);
      case AccessStatement.AlterUser alter -> alterUser(alter);
      case AccessStatement.CreateRole create -> createRole(create);
      case AccessStatement.Drop drop -> drop(drop);
      case AccessStatement.CreatePolicy create -> createPolicy(create);
      case AccessStatement.DropPolicy drop -> dropPolicy(drop);
      case AccessStatement.CreateQuota create -> createQuota(create);
      case AccessStatement.DropQuota drop -> dropQuota(drop);
    }
    return Optional.empty();
  }

  private void manage() {
    access.require(Privilege.ACCESS_MANAGEMENT, "", "");
  }

  private void change(UnaryOperator<AccessState> change) {
    control.change(change);
  }

  private void createUser(AccessStatement.CreateUser create) {
    manage();
    boolean isThere = isKnown(create.name());
    if (isThere && create.ifNotExists()) {
      return;
    }
    if (isThere && !create.orReplace()) {
      throw exists("user or role", create.name());
    }
    User plain = new User(create.name(), Optional.empty(), "", List.of());
    User made = changed(plain, create.change());
    List<String> roles = create.change().roles();
    roles.forEach(this::requireRole);
    change(state -> {
      boolean first = state.users().isEmpty();
      AccessState next = state.with(made);
      for (String role : roles) {
        next = next.with(new AccessState.Membership(role, create.name(), false));
      }
      return first ? next.withEverything(create.name()) : next;
    });
  }

  private User changed(User user, AccessStatement.UserChange change) {
    Optional<User.Password> password = user.password();
    if (change.password().isPresent()) {
      password = change.password().filter(text -> !text.isEmpty()).map(control::keep);
    }
    List<User.Setting> settings =
        change
            .settings()
            .map(list -> list.stream().map(AccessStatements::setting).toList())
            .orElse(user.settings());
    return new User(user.name(), password, change.database().orElse(user.database()), settings);
  }

  private static User.Setting setting(AccessStatement.Setting given) {
    KnownSettings.check(given.name());
    if (!given.value().isEmpty()) {
      QuerySettings.of(Map.of(given.name(), given.value()));
    }
    return new User.Setting(
        given.name(), given.value(), given.min(), given.max(), given.readOnly());
  }

  private void alterUser(AccessStatement.AlterUser alter) {
    manage();
    User known = control.state().users().get(alter.name());
    if (known == null && alter.ifExists()) {
      return;
    }
    requireUser(alter.name());
    if (alter.rename().isPresent()) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "users are not renamed; create another and drop this one, as grants go by name");
    }
    User changed = changed(known, alter.change());
    alter.change().roles().forEach(this::requireRole);
    change(state -> {
      AccessState next = state.with(changed);
      for (String role : alter.change().roles()) {
        next = next.with(new AccessState.Membership(role, alter.name(), false));
      }
      return next;
    });
  }

  private void createRole(AccessStatement.CreateRole create) {
    manage();
    if (isKnown(create.name())) {
      if (create.ifNotExists()) {
        return;
      }
      throw exists("user or role", create.name());
    }
    change(state -> state.withRole(create.name()));
  }

  private void drop(AccessStatement.Drop drop) {
    manage();
    for (String name : drop.names()) {
      boolean isThere =
          drop.roles()
              ? control.state().roles().contains(name)
              : control.state().users().containsKey(name);
      if (!isThere && drop.ifExists()) {
        continue;
      }
      if (drop.roles()) {
        requireRole(name);
      } else {
        requireUser(name);
        requireOther(name);
      }
      change(state -> state.without(name));
    }
  }

  /// While there are users, one of them must be able to manage them.
  private void requireOther(String dropped) {
    AccessState rest = control.state().without(dropped);
    boolean managed =
        rest.users().keySet().stream()
            .anyMatch(name -> rest.of(name).allows(Privilege.ACCESS_MANAGEMENT, "", "", ""));
    if (!managed) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "user \""
              + dropped
              + "\" is the last who may manage users; grant ACCESS MANAGEMENT to another first");
    }
  }

  private void rights(AccessStatement.Rights wanted) {
    List<Grant> grants = new ArrayList<>();
    String database =
        wanted.database().isEmpty()
            ? wanted.table().equals("*") ? names.database() : names.database()
            : wanted.database().equals("*") ? "" : wanted.database();
    String table = wanted.table().equals("*") ? "" : wanted.table();
    for (String grantee : wanted.grantees()) {
      requireKnown(grantee);
      for (AccessStatement.Right right : wanted.rights()) {
        for (Privilege privilege : privileges(right.privilege())) {
          Grant grant =
              new Grant(grantee, privilege, database, table, right.columns(), wanted.option());
          access.requireGrantOption(grant);
          grants.add(grant);
        }
      }
    }
    change(state -> {
      AccessState next = state;
      for (Grant grant : grants) {
        next = wanted.revoke() ? next.revoke(grant) : next.with(grant);
      }
      return next;
    });
  }

  private static List<Privilege> privileges(String name) {
    if (name.equalsIgnoreCase("ALL") || name.equalsIgnoreCase("ALL PRIVILEGES")) {
      return List.of(Privilege.values());
    }
    return List.of(
        Privilege.of(name)
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.BAD_ARGUMENTS,
                    "no privilege \""
                        + name
                        + "\""
                        + NearNames.suggest(
                            name.toUpperCase(Locale.ROOT),
                            java.util.Arrays.stream(Privilege.values())
                                .map(Privilege::text)
                                .toList()))));
  }

  private void roles(AccessStatement.Roles wanted) {
    for (String role : wanted.roles()) {
      requireRole(role);
      if (!mayGive(role)) {
        manage();
      }
    }
    wanted.grantees().forEach(this::requireKnown);
    change(state -> {
      AccessState next = state;
      for (String role : wanted.roles()) {
        for (String grantee : wanted.grantees()) {
          next =
              wanted.revoke()
                  ? next.revoke(role, grantee)
                  : next.with(new AccessState.Membership(role, grantee, wanted.admin()));
        }
      }
      return next;
    });
  }

  private boolean mayGive(String role) {
    return control.state().memberships().stream()
        .anyMatch(m -> m.role().equals(role) && m.grantee().equals(user) && m.admin());
  }

  private void createPolicy(AccessStatement.CreatePolicy create) {
    manage();
    TableName table = names.get(create.table()).definition().name();
    boolean isThere =
        control.state().policies().stream()
            .anyMatch(p ->
                p.name().equals(create.name())
                    && p.database().equals(table.database())
                    && p.table().equals(table.table()));
    if (isThere && create.ifNotExists() && !create.orReplace()) {
      return;
    }
    if (isThere && !create.orReplace()) {
      throw exists("row policy", create.name());
    }
    RowPolicy policy =
        new RowPolicy(
            create.name(),
            table.database(),
            table.table(),
            create.condition(),
            create.restrictive(),
            audience(create.to()));
    change(state -> state.with(policy));
  }

  private Audience audience(AccessStatement.Audience given) {
    given.names().forEach(this::requireKnown);
    return new Audience(given.all(), new HashSet<>(given.names()));
  }

  private void dropPolicy(AccessStatement.DropPolicy drop) {
    manage();
    TableName table = names.full(drop.table());
    boolean isThere =
        control.state().policies().stream()
            .anyMatch(p -> p.name().equals(drop.name()) && p.table().equals(table.table()));
    if (!isThere && !drop.ifExists()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "table " + table + " has no row policy \"" + drop.name() + "\"");
    }
    change(state -> state.withoutPolicy(drop.name(), table.database(), table.table()));
  }

  private void createQuota(AccessStatement.CreateQuota create) {
    manage();
    boolean isThere =
        control.state().quotas().stream().anyMatch(q -> q.name().equals(create.name()));
    if (isThere && create.ifNotExists() && !create.orReplace()) {
      return;
    }
    if (isThere && !create.orReplace()) {
      throw exists("quota", create.name());
    }
    Map<Quota.Resource, Long> limits = new EnumMap<>(Quota.Resource.class);
    create.limits().forEach((name, value) -> limits.put(resource(name), limit(name, value)));
    Quota quota = new Quota(create.name(), create.seconds(), limits, audience(create.to()));
    change(state -> state.with(quota));
  }

  private static Quota.Resource resource(String name) {
    for (Quota.Resource resource : Quota.Resource.values()) {
      if (resource.name().equalsIgnoreCase(name)) {
        return resource;
      }
    }
    List<String> known =
        java.util.Arrays.stream(Quota.Resource.values())
            .map(resource -> resource.name().toLowerCase(Locale.ROOT))
            .toList();
    throw new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "a quota does not count \"" + name + "\"" + NearNames.suggest(name, known));
  }

  private static long limit(String name, String value) {
    try {
      double number = Double.parseDouble(value);
      return (long) (resource(name) == Quota.Resource.EXECUTION_TIME ? number * 1000 : number);
    } catch (NumberFormatException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, name + " takes a number, found \"" + value + "\"", e);
    }
  }

  private void dropQuota(AccessStatement.DropQuota drop) {
    manage();
    boolean isThere = control.state().quotas().stream().anyMatch(q -> q.name().equals(drop.name()));
    if (!isThere && !drop.ifExists()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "there is no quota \"" + drop.name() + "\"");
    }
    change(state -> state.withoutQuota(drop.name()));
  }

  private boolean isKnown(String name) {
    return control.state().users().containsKey(name) || control.state().roles().contains(name);
  }

  private void requireKnown(String name) {
    if (!isKnown(name)) {
      requireUser(name);
    }
  }

  private void requireUser(String name) {
    if (!control.state().users().containsKey(name)) {
      throw new VarveException(
          ErrorCode.UNKNOWN_USER,
          "there is no user \""
              + name
              + "\""
              + NearNames.suggest(name, control.state().users().keySet()));
    }
  }

  private void requireRole(String name) {
    if (!control.state().roles().contains(name)) {
      throw new VarveException(
          ErrorCode.UNKNOWN_ROLE,
          "there is no role \"" + name + "\"" + NearNames.suggest(name, control.state().roles()));
    }
  }

  private static VarveException exists(String what, String name) {
    return new VarveException(
        ErrorCode.ACCESS_ENTITY_ALREADY_EXISTS,
        "there is a " + what + " \"" + name + "\" already; say IF NOT EXISTS or OR REPLACE");
  }
}
