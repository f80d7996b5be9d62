// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Everybody and everything granted at one moment. Never changes; a change makes another.
///
/// @param memberships role to grantee
public record AccessState(
    SortedMap<String, User> users,
    Set<String> roles,
    List<Grant> grants,
    List<Membership> memberships,
    List<RowPolicy> policies,
    List<Quota> quotas) {
  public static final AccessState EMPTY =
      new AccessState(new TreeMap<>(), Set.of(), List.of(), List.of(), List.of(), List.of());

  /// A role that a user or another role has.
  ///
  /// @param admin whether the grantee may give it on
  public record Membership(String role, String grantee, boolean admin) {}

  public AccessState {
    users = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(users));
    roles = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(roles));
    grants = List.copyOf(grants);
    memberships = List.copyOf(memberships);
    policies = List.copyOf(policies);
    quotas = List.copyOf(quotas);
  }

  public AccessState with(User user) {
    SortedMap<String, User> changed = new TreeMap<>(users);
    changed.put(user.name(), user);
    return new AccessState(changed, roles, grants, memberships, policies, quotas);
  }

  public AccessState withRole(String role) {
    Set<String> changed = new LinkedHashSet<>(roles);
    changed.add(role);
    return new AccessState(users, changed, grants, memberships, policies, quotas);
  }

  /// Without a user or role and all that was given to it.
  public AccessState without(String name) {
    SortedMap<String, User> keptUsers = new TreeMap<>(users);
    keptUsers.remove(name);
    Set<String> keptRoles = new LinkedHashSet<>(roles);
    keptRoles.remove(name);
    return new AccessState(
        keptUsers,
        keptRoles,
        kept(grants, grant -> !grant.grantee().equals(name)),
        kept(memberships, m -> !m.grantee().equals(name) && !m.role().equals(name)),
        policies,
        quotas);
  }

  public AccessState with(Grant grant) {
    List<Grant> changed = kept(grants, known -> !sameBut(known, grant));
    changed.add(grant);
    return new AccessState(users, roles, changed, memberships, policies, quotas);
  }

  private static boolean sameBut(Grant known, Grant grant) {
    return known.grantee().equals(grant.grantee())
        && known.covers(grant)
        && grant.covers(known)
        && (grant.withGrantOption() || !known.withGrantOption());
  }

  /// Without the grants that this one covers.
  public AccessState revoke(Grant grant) {
    List<Grant> changed =
        kept(grants, known -> !(known.grantee().equals(grant.grantee()) && grant.covers(known)));
    return new AccessState(users, roles, changed, memberships, policies, quotas);
  }

  /// Without this one grant, whatever others cover it.
  public AccessState without(Grant grant) {
    return new AccessState(
        users, roles, kept(grants, known -> !known.equals(grant)), memberships, policies, quotas);
  }

  /// With a user who has these keys of SCRAM, and is made where there was none. The first user has
  /// every privilege, so that nobody is locked out of a server that begins to ask for passwords.
  ///
  /// @param bits 256 or 512
  public AccessState withKeys(String name, int bits, ScramKeys keys) {
    User known = users.getOrDefault(name, new User(name, Optional.empty(), "", List.of()));
    User.Password before =
        known.password().orElse(new User.Password("", ScramKeys.NONE, ScramKeys.NONE));
    AccessState next =
        with(
            new User(
                name,
                Optional.of(before.withKeys(bits, keys)),
                known.database(),
                known.settings()));
    return users.isEmpty() ? next.withEverything(name) : next;
  }

  /// Without the keys that a user has for SCRAM; who has no others left cannot log in.
  ///
  /// @param bits 256 or 512
  public AccessState withoutKeys(String name, int bits) {
    User known = users.get(name);
    return with(
        new User(
            name,
            known.password().map(password -> password.withoutKeys(bits)),
            known.database(),
            known.settings()));
  }

  /// With every privilege for a user, who may give them on.
  public AccessState withEverything(String name) {
    AccessState next = this;
    for (Privilege privilege : Privilege.values()) {
      next = next.with(new Grant(name, privilege, "", "", List.of(), true));
    }
    return next;
  }

  public AccessState with(Membership membership) {
    AccessState without = revoke(membership.role(), membership.grantee());
    List<Membership> changed = new ArrayList<>(without.memberships);
    changed.add(membership);
    return new AccessState(users, roles, grants, changed, policies, quotas);
  }

  public AccessState revoke(String role, String grantee) {
    List<Membership> changed =
        kept(memberships, m -> !(m.role().equals(role) && m.grantee().equals(grantee)));
    return new AccessState(users, roles, grants, changed, policies, quotas);
  }

  public AccessState with(RowPolicy policy) {
    AccessState without = withoutPolicy(policy.name(), policy.database(), policy.table());
    List<RowPolicy> changed = new ArrayList<>(without.policies);
    changed.add(policy);
    return new AccessState(users, roles, grants, memberships, changed, quotas);
  }

  public AccessState withoutPolicy(String name, String database, String table) {
    List<RowPolicy> changed =
        kept(policies, p -> !(p.name().equals(name) && isOf(p, database, table)));
    return new AccessState(users, roles, grants, memberships, changed, quotas);
  }

  private static boolean isOf(RowPolicy policy, String database, String table) {
    return policy.database().equals(database) && policy.table().equals(table);
  }

  public AccessState with(Quota quota) {
    List<Quota> changed = kept(quotas, known -> !known.name().equals(quota.name()));
    changed.add(quota);
    return new AccessState(users, roles, grants, memberships, policies, changed);
  }

  public AccessState withoutQuota(String name) {
    return new AccessState(
        users,
        roles,
        grants,
        memberships,
        policies,
        kept(quotas, known -> !known.name().equals(name)));
  }

  /// Both together.
  ///
  /// @throws VarveException ACCESS_ENTITY_ALREADY_EXISTS where they differ in what has one name
  AccessState mergedWith(AccessState other) {
    SortedMap<String, User> allUsers = new TreeMap<>(users);
    other.users.forEach((name, user) -> {
      User known = allUsers.putIfAbsent(name, user);
      requireSame("user", name, known == null ? null : facts(known), facts(user));
    });
    Set<String> allRoles = new LinkedHashSet<>(roles);
    allRoles.addAll(other.roles);
    for (RowPolicy policy : other.policies) {
      policies.stream()
          .filter(known -> known.name().equals(policy.name()))
          .filter(known -> isOf(known, policy.database(), policy.table()))
          .forEach(known -> requireSame("row policy", policy.name(), known, policy));
    }
    for (Quota quota : other.quotas) {
      quotas.stream()
          .filter(known -> known.name().equals(quota.name()))
          .forEach(known -> requireSame("quota", quota.name(), known, quota));
    }
    return new AccessState(
        allUsers,
        allRoles,
        together(grants, other.grants),
        together(memberships, other.memberships),
        together(policies, other.policies),
        together(quotas, other.quotas));
  }

  /// What makes a user another; the keys follow from the password, where there is a hash of it.
  private static List<Object> facts(User user) {
    Optional<Object> password =
        user.password()
            .map(kept ->
                kept.argon2().isEmpty()
                    ? List.of(stored(kept.sha256()), stored(kept.sha512()))
                    : kept.argon2());
    return List.of(password, user.database(), user.settings());
  }

  private static ByteBuffer stored(ScramKeys keys) {
    return ByteBuffer.wrap(keys.storedKey());
  }

  private static void requireSame(String what, String name, Object known, Object other) {
    if (known != null && !known.equals(other)) {
      throw new VarveException(
          ErrorCode.ACCESS_ENTITY_ALREADY_EXISTS,
          "there is another "
              + what
              + " \""
              + name
              + "\" already, and RESTORE writes over nothing; drop it first");
    }
  }

  private static <T> List<T> together(List<T> ours, List<T> theirs) {
    Set<T> all = new LinkedHashSet<>(ours);
    all.addAll(theirs);
    return List.copyOf(all);
  }

  private static <T> List<T> kept(List<T> all, Predicate<T> which) {
    return new ArrayList<>(all.stream().filter(which).toList());
  }

  /// A user's name and every role it has, by itself or through others.
  Set<String> identity(String user) {
    Set<String> identity = new LinkedHashSet<>();
    identity.add(user);
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Membership membership : memberships) {
        if (identity.contains(membership.grantee())) {
          grew |= identity.add(membership.role());
        }
      }
    }
    return identity;
  }

  /// The rights of a user as of this moment.
  public Access of(String user) {
    return new Access(this, user, identity(user));
  }

  /// Grants to these grantees.
  List<Grant> grantsTo(Set<String> identity) {
    return grants.stream().filter(grant -> identity.contains(grant.grantee())).toList();
  }

  /// The condition that rows of a table must hold for these grantees; empty where the table has no
  /// policy.
  Optional<String> condition(Set<String> identity, String database, String table) {
    List<RowPolicy> own = policies.stream().filter(p -> isOf(p, database, table)).toList();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    List<String> permissive = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (RowPolicy policy : own) {
      if (policy.to().includes(identity)) {
        (policy.restrictive() ? all : permissive).add("(" + policy.condition() + ")");
      }
    }
    boolean onlyRestrictive = own.stream().allMatch(RowPolicy::restrictive);
    if (!permissive.isEmpty()) {
      all.add("(" + String.join(" OR ", permissive) + ")");
    } else if (!onlyRestrictive) {
      return Optional.of("1 = 0");
    }
    return Optional.of(all.isEmpty() ? "1 = 1" : String.join(" AND ", all));
  }

  /// Settings of a user by name.
  Map<String, User.Setting> settings(String user) {
    Map<String, User.Setting> settings = new LinkedHashMap<>();
    User found = users.get(user);
    if (found != null) {
      found.settings().forEach(setting -> settings.put(setting.name(), setting));
    }
    return settings;
  }
}
