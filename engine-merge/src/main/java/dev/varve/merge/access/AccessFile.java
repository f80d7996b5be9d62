// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.StateFile;
import dev.varve.storage.file.StatePlace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The file `access` of a data directory: one state, replaced as a whole.
///
/// | field    | meaning                                                              |
/// |----------|----------------------------------------------------------------------|
/// | magic    | `VACC`, four bytes                                                   |
/// | version  | 1, an int                                                            |
/// | state    | users, roles, grants, memberships, policies, quotas, each a counted list |
/// | checksum | CRC32C of everything before it, an int                               |
final class AccessFile {
  private static final int VERSION = 1;

  private final StateFile file;

  AccessFile(StatePlace place) {
    this.file = new StateFile(place, "access", "VACC", VERSION);
  }

  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA or UNSUPPORTED_FORMAT_VERSION
  AccessState read() {
    return file.read().map(AccessFile::state).orElse(AccessState.EMPTY);
  }

  private static AccessState state(FieldReader in) {
    TreeMap<String, User> users = new TreeMap<>();
    for (int i = in.getCount(1); i > 0; i--) {
      User user = user(in);
      users.put(user.name(), user);
    }
    Set<String> roles = new LinkedHashSet<>(texts(in));
    List<Grant> grants = new ArrayList<>();
    for (int i = in.getCount(1); i > 0; i--) {
      grants.add(
          new Grant(
              in.getText(),
              Privilege.valueOf(in.getText()),
              in.getText(),
              in.getText(),
              texts(in),
              in.getByte() != 0));
    }
    List<AccessState.Membership> memberships = new ArrayList<>();
    for (int i = in.getCount(1); i > 0; i--) {
      memberships.add(new AccessState.Membership(in.getText(), in.getText(), in.getByte() != 0));
    }
    List<RowPolicy> policies = new ArrayList<>();
    for (int i = in.getCount(1); i > 0; i--) {
      policies.add(
          new RowPolicy(
              in.getText(),
              in.getText(),
              in.getText(),
              in.getText(),
              in.getByte() != 0,
              audience(in)));
    }
    List<Quota> quotas = new ArrayList<>();
    for (int i = in.getCount(1); i > 0; i--) {
      quotas.add(quota(in));
    }
    return new AccessState(users, roles, grants, memberships, policies, quotas);
  }

  private static User user(FieldReader in) {
    String name = in.getText();
    Optional<User.Password> password =
        in.getByte() == 0
            ? Optional.empty()
            : Optional.of(new User.Password(in.getText(), keys(in), keys(in)));
    String database = in.getText();
    List<User.Setting> settings = new ArrayList<>();
    for (int i = in.getCount(1); i > 0; i--) {
      settings.add(
          new User.Setting(
              in.getText(), in.getText(), in.getText(), in.getText(), in.getByte() != 0));
    }
    return new User(name, password, database, settings);
  }

  private static ScramKeys keys(FieldReader in) {
    return new ScramKeys(in.getBytes(), in.getInt(), in.getBytes(), in.getBytes());
  }

  private static Audience audience(FieldReader in) {
    return new Audience(in.getByte() != 0, new HashSet<>(texts(in)));
  }

  private static Quota quota(FieldReader in) {
    String name = in.getText();
    long seconds = in.getLong();
    Map<Quota.Resource, Long> limits = new EnumMap<>(Quota.Resource.class);
    for (int i = in.getCount(1); i > 0; i--) {
      limits.put(Quota.Resource.valueOf(in.getText()), in.getLong());
    }
    return new Quota(name, seconds, limits, audience(in));
  }

  private static List<String> texts(FieldReader in) {
    List<String> texts = new ArrayList<>();
    for (int i = in.getCount(1); i > 0; i--) {
      texts.add(in.getText());
    }
    return texts;
  }

  /// Replaces the file; durable when this returns, and whole whenever a crash comes.
  void write(AccessState state) {
    FieldWriter out = file.begin();
    put(out, state);
    file.write(out);
  }

  private static void put(FieldWriter out, AccessState state) {
    out.putInt(state.users().size());
    state.users().values().forEach(user -> putUser(out, user));
    putTexts(out, List.copyOf(state.roles()));
    out.putInt(state.grants().size());
    for (Grant grant : state.grants()) {
      out.putText(grant.grantee());
      out.putText(grant.privilege().name());
      out.putText(grant.database());
      out.putText(grant.table());
      putTexts(out, grant.columns());
      out.putByte(grant.withGrantOption() ? 1 : 0);
    }
    out.putInt(state.memberships().size());
    for (AccessState.Membership membership : state.memberships()) {
      out.putText(membership.role());
      out.putText(membership.grantee());
      out.putByte(membership.admin() ? 1 : 0);
    }
    out.putInt(state.policies().size());
    for (RowPolicy policy : state.policies()) {
      out.putText(policy.name());
      out.putText(policy.database());
      out.putText(policy.table());
      out.putText(policy.condition());
      out.putByte(policy.restrictive() ? 1 : 0);
      putAudience(out, policy.to());
    }
    out.putInt(state.quotas().size());
    for (Quota quota : state.quotas()) {
      out.putText(quota.name());
      out.putLong(quota.seconds());
      out.putInt(quota.limits().size());
      quota
          .limits()
          .forEach((resource, limit) -> {
            out.putText(resource.name());
            out.putLong(limit);
          });
      putAudience(out, quota.to());
    }
  }

  private static void putUser(FieldWriter out, User user) {
    out.putText(user.name());
    out.putByte(user.password().isPresent() ? 1 : 0);
    user.password()
        .ifPresent(password -> {
          out.putText(password.argon2());
          putKeys(out, password.sha256());
          putKeys(out, password.sha512());
        });
    out.putText(user.database());
    out.putInt(user.settings().size());
    for (User.Setting setting : user.settings()) {
      out.putText(setting.name());
      out.putText(setting.value());
      out.putText(setting.min());
      out.putText(setting.max());
      out.putByte(setting.readOnly() ? 1 : 0);
    }
  }

  private static void putKeys(FieldWriter out, ScramKeys keys) {
    out.putBytes(keys.salt());
    out.putInt(keys.iterations());
    out.putBytes(keys.storedKey());
    out.putBytes(keys.serverKey());
  }

  private static void putAudience(FieldWriter out, Audience audience) {
    out.putByte(audience.all() ? 1 : 0);
    putTexts(out, List.copyOf(audience.names()));
  }

  private static void putTexts(FieldWriter out, List<String> texts) {
    out.putInt(texts.size());
    texts.forEach(out::putText);
  }
}
