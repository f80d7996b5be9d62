// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.StatePlace;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// The users of a data directory: checks passwords, gives rights, keeps changes. Without a user
/// everybody is let in with every right, which is why a server serves loopback alone then. Safe for
/// threads.
public final class AccessControl {
  private final AccessFile file;
  private final Passwords passwords = new Passwords();
  private final QuotaMeter meter;
  private final Map<User.Password, Passwords.Known> known = new ConcurrentHashMap<>();
  private volatile User.Password nobody;
  private volatile AccessState state;
  private volatile boolean areRequired;

  private AccessControl(AccessFile file, InstantSource clock) {
    this.file = file;
    this.meter = new QuotaMeter(clock);
    this.state = file.read();
  }

  /// Reads the users of a data directory, whose first change makes the file.
  ///
  /// @throws VarveException CORRUPTED_DATA
  public static AccessControl open(Path directory, InstantSource clock) {
    return open(StatePlace.in(directory), clock);
  }

  /// The same of the place where an engine keeps its small states.
  public static AccessControl open(StatePlace place, InstantSource clock) {
    return new AccessControl(new AccessFile(place), clock);
  }

  /// Reads anew what another server may have changed.
  public synchronized void reload() {
    become(file.read());
  }

  /// From now on nobody but this machine is let in while there are no users.
  public void requireUsers() {
    areRequired = true;
  }

  /// Whether clients must say who they are.
  public boolean hasUsers() {
    return !state.users().isEmpty();
  }

  public AccessState state() {
    return state;
  }

  /// The rights of a user now; all of them while there are no users.
  public Access of(String user) {
    AccessState now = state;
    return now.users().isEmpty() ? Access.EVERYTHING : now.of(user);
  }

  /// Lets a user in.
  ///
  /// @param local whether the client is on this machine, which users without a password must be
  /// @throws VarveException AUTHENTICATION_FAILED, the same for unknown users and wrong passwords
  public void authenticate(String user, String password, boolean local) {
    AccessState now = state;
    if (now.users().isEmpty() && areRequired && !local) {
      throw new VarveException(
          ErrorCode.AUTHENTICATION_FAILED,
          "there are no users yet; make the first one on the machine of the server");
    }
    if (now.users().isEmpty() || isRight(now.users().get(user), password, local)) {
      return;
    }
    throw new VarveException(
        ErrorCode.AUTHENTICATION_FAILED,
        "authentication of \""
            + user
            + "\" failed: the password is wrong, or there is no such user");
  }

  private boolean isRight(User user, String password, boolean local) {
    // A decoy is compared where something is missing, so that time does not tell who is there.
    User.Password decoy = nobody;
    if (decoy == null) {
      decoy = passwords.keep("");
      nobody = decoy;
    }
    if (user == null) {
      Passwords.matches(decoy, password, decoy);
      return false;
    }
    if (user.password().isEmpty()) {
      return local;
    }
    User.Password kept = user.password().get();
    Passwords.Known before = known.get(kept);
    if (before != null && before.is(password)) {
      return true;
    }
    if (!Passwords.matches(kept, password, decoy)) {
      return false;
    }
    known.put(kept, passwords.known(password));
    return true;
  }

  /// What SCRAM needs of a user; empty for one that is unknown or has no password.
  ///
  /// @param bits 256 or 512
  public Optional<ScramKeys> scram(String user, int bits) {
    return Optional.ofNullable(state.users().get(user))
        .flatMap(User::password)
        .flatMap(password -> password.keys(bits));
  }

  /// The keys of SCRAM that follow from a password that a client has salted already.
  ///
  /// @param bits 256 or 512
  public static ScramKeys keys(int bits, byte[] salt, int iterations, byte[] saltedPassword) {
    return Passwords.keys(bits, salt, iterations, saltedPassword);
  }

  /// What is kept of a new password.
  public User.Password keep(String password) {
    return passwords.keep(password);
  }

  /// Changes who may what; durable when this returns.
  public synchronized void change(UnaryOperator<AccessState> change) {
    AccessState changed = change.apply(state);
    file.write(changed);
    become(changed);
  }

  private void become(AccessState changed) {
    state = changed;
    known
        .keySet()
        .retainAll(
            changed.users().values().stream().flatMap(user -> user.password().stream()).toList());
  }

  /// Writes who may what into another folder, for a backup.
  public void copyTo(Path directory) {
    new AccessFile(StatePlace.in(directory)).write(state);
  }

  /// Who may what in a folder that [#copyTo] wrote.
  ///
  /// @throws VarveException CORRUPTED_DATA
  public static AccessState read(Path directory) {
    return new AccessFile(StatePlace.in(directory)).read();
  }

  /// All that is granted now, and what another state grants beside.
  ///
  /// @throws VarveException ACCESS_ENTITY_ALREADY_EXISTS where both have a user, policy or quota of
  ///   one name that differ
  public AccessState mergedWith(AccessState other) {
    return state.mergedWith(other);
  }

  /// Counts a statement that begins.
  ///
  /// @throws VarveException QUOTA_EXCEEDED
  public void begins(String user) {
    meter.use(user, of(user), Map.of(Quota.Resource.QUERIES, 1L));
  }

  /// Counts what a statement used, which the next one pays for.
  public void ended(String user, Map<Quota.Resource, Long> amounts) {
    meter.add(user, of(user), amounts);
  }
}
