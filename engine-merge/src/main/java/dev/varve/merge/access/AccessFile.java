// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FieldReader;
import dev.varve.storage.file.FieldWriter;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.OutputFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
  private static final int MAGIC = 0x43434156;
  private static final int VERSION = 1;
  private static final int LEAST_BYTES = 12;

  private final Path directory;
  private final Path file;

  AccessFile(Path directory) {
    this.directory = directory;
    this.file = directory.resolve("access");
  }

  /// @throws VarveException CORRUPTED_DATA or UNSUPPORTED_FORMAT_VERSION
  AccessState read() {
    byte[] bytes;
    try {
      if (!Files.exists(file)) {
        return AccessState.EMPTY;
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw FileErrors.of("read", file, e);
    }
    int end = bytes.length - 4;
    if (bytes.length < LEAST_BYTES) {
      throw FileErrors.corrupt(file, 0, "at least 12 bytes", bytes.length + " bytes");
    }
    int expected = new FieldReader(file, bytes, end, bytes.length).getInt();
    int found = Checksum.of(bytes, 0, end);
    if (expected != found) {
      throw FileErrors.checksum(file, 0, expected, found);
    }
    FieldReader in = new FieldReader(file, bytes, 0, end);
    if (in.getInt() != MAGIC) {
      throw FileErrors.corrupt(file, 0, "VACC", "something else");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          file + " is of version " + version + ", this build reads version " + VERSION);
    }
    return state(in);
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
    FieldWriter out = new FieldWriter();
    out.putInt(MAGIC);
    out.putInt(VERSION);
    put(out, state);
    byte[] body = out.toByteArray();
    out.putInt(Checksum.of(body, 0, body.length));
    Path fresh = directory.resolve("access.new");
    try {
      Files.deleteIfExists(fresh);
      try (OutputFile target = OutputFile.create(fresh)) {
        target.write(out.toByteArray());
        target.finish(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw FileErrors.of("write", file, e);
    }
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
