// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.cluster.coordination.Outcome;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ReplicaPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// A cluster in one thread: ZooKeeper, network, disks and clients are here, the rules are the real
/// ones. Wherever a server asks the world for something, the world may do anything else first: let
/// another server act, end a session, cut a link, kill the one who asks.
///
/// A change is a number, and so is the part it needs; what a server applied is the list of them. A
/// client that does not know what became of a number tries it again, maybe at two servers at a
/// time; so each attempt has a number too, and what was refused is an attempt.
final class SimulatedCluster {
  private static final int DEEPEST = 3;

  final List<SimulatedServer> servers = new ArrayList<>();
  final RandomGenerator random;
  private final int rarity;
  private final List<SeenHead> heads = new ArrayList<>(List.of(new SeenHead(Head.START, 0)));
  private final List<Long> committed = new ArrayList<>();
  private final Set<Long> acknowledged = new HashSet<>();
  private final Set<Long> doubtful = new TreeSet<>();
  private final Set<Long> refused = new HashSet<>();
  private final Set<Long> held = new HashSet<>();
  private long attempts;
  private final Map<Long, Integer> primaries = new HashMap<>();
  private final Set<Long> sessions = new TreeSet<>();
  private final Map<Long, LateWrite> late = new HashMap<>();
  private final Set<Set<Integer>> cuts = new HashSet<>();
  private long primarySession;
  private long nextSession = 1;
  private long nextValue = 1;
  private int depth;
  private boolean calm;

  /// @param rarity the more, the fewer faults
  SimulatedCluster(int count, int rarity, RandomGenerator random) {
    this.random = random;
    this.rarity = rarity;
    for (int id = 1; id <= count; id++) {
      servers.add(new SimulatedServer(id, this));
    }
    servers.forEach(SimulatedServer::start);
  }

  /// Thrown through a server's call when its process dies.
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient SimulatedServer who;

    Crash(SimulatedServer who) {
      super("server " + who.id + " dies", null, false, false);
      this.who = who;
    }
  }

  /// A write of a session, which may come late.
  private interface LateWrite {
    Outcome attempt();
  }

  // ---- what happens

  void step() {
    SimulatedServer server = servers.get(random.nextInt(servers.size()));
    int kind = random.nextInt(16);
    boolean isFault = kind < 3 && random.nextInt(rarity) == 0;
    switch (isFault ? kind : Math.max(3, kind)) {
      case 0 -> expireSomeSession();
      case 1 -> cutOrHeal();
      case 2 -> server.act(() -> server.crash());
      case 15 -> deliverLate();
      case 3, 4 -> server.act(server::wake);
      case 5, 6 -> server.act(server.node::follow);
      case 7, 8, 9 -> server.act(server.node::campaign);
      default -> insertAtThePrimary();
    }
    check();
  }

  private void insertAtThePrimary() {
    for (SimulatedServer server : servers) {
      if (server.isUp() && server.node.isPrimary()) {
        server.act(() -> insert(server));
      }
    }
  }

  private void insert(SimulatedServer server) {
    long value = chooseValue();
    if (server.disk.applied.contains(value)) {
      acknowledged.add(value); // the token is known, so there is nothing to do
      doubtful.remove(value);
      return;
    }
    long attempt = ++attempts;
    doubtful.add(value);
    server.disk.parts.add(value);
    try {
      server.node.commit(ByteBuffer.allocate(16).putLong(value).putLong(attempt).array());
      acknowledged.add(value);
      doubtful.remove(value);
    } catch (VarveException failed) {
      if (failed.code() != ErrorCode.UNKNOWN_STATUS_OF_INSERT) {
        refused.add(attempt);
      }
    }
  }

  private long chooseValue() {
    if (!doubtful.isEmpty() && random.nextBoolean()) {
      return doubtful.iterator().next();
    }
    return nextValue++;
  }

  /// The world goes on while a server waits.
  void meanwhile(SimulatedServer asking) {
    if (calm || depth >= DEEPEST) {
      return;
    }
    depth++;
    try {
      if (random.nextInt(8) == 0) {
        step();
      }
      if (random.nextInt(60 * rarity) == 0) {
        throw asking.crash();
      }
    } finally {
      depth--;
    }
  }

  boolean isLost() {
    return !calm && random.nextInt(10 * rarity) == 0;
  }

  boolean reaches(SimulatedServer from, SimulatedServer to) {
    return to.isUp() && !to.isBusy() && !cuts.contains(Set.of(from.id, to.id)) && !isLost();
  }

  private void cutOrHeal() {
    if (random.nextInt(3) == 0) {
      cuts.clear();
    } else {
      int a = 1 + random.nextInt(servers.size());
      int b = 1 + random.nextInt(servers.size());
      if (a != b) {
        cuts.add(Set.of(a, b));
      }
    }
  }

  /// As a rule one whose process is no more.
  private void expireSomeSession() {
    List<Long> orphans = new ArrayList<>(sessions);
    servers.stream().filter(SimulatedServer::isUp).forEach(s -> orphans.remove(s.session));
    if (!orphans.isEmpty()) {
      orphans.forEach(this::end);
    } else if (!sessions.isEmpty() && random.nextInt(4) == 0) {
      List<Long> all = List.copyOf(sessions);
      end(all.get(random.nextInt(all.size())));
    }
  }

  private void deliverLate() {
    for (long session : List.copyOf(late.keySet())) {
      late.remove(session).attempt();
    }
  }

  // ---- ZooKeeper

  long newSession() {
    sessions.add(nextSession);
    return nextSession++;
  }

  private void end(long session) {
    sessions.remove(session);
    late.remove(session);
    if (primarySession == session) {
      primarySession = 0;
    }
  }

  boolean isAlive(long session) {
    return sessions.contains(session);
  }

  boolean hasPrimary() {
    return primarySession != 0;
  }

  boolean isPrimary(long session) {
    return session != 0 && primarySession == session;
  }

  Set<Integer> ids() {
    Set<Integer> ids = new TreeSet<>();
    servers.forEach(server -> ids.add(server.id));
    return ids;
  }

  /// The head as somebody sees it who saw so many before.
  int look(int seen) {
    int last = heads.size() - 1;
    return calm || random.nextInt(4) > 0 ? last : seen + random.nextInt(last - seen + 1);
  }

  SeenHead head(int at) {
    return heads.get(at);
  }

  /// A write by a session: it may be lost on its way, done without an answer, or done later.
  Outcome write(SimulatedServer by, SeenHead seen, Head next, boolean takesOver) {
    long session = by.session;
    return send(session, () -> attempt(by, session, seen, next, takesOver));
  }

  private Outcome send(long session, LateWrite write) {
    LateWrite before = late.remove(session);
    if (before != null && random.nextBoolean()) {
      before.attempt(); // the session's writes keep their order
    }
    if (!isAlive(session)) {
      return Outcome.UNKNOWN;
    }
    if (isLost()) {
      if (random.nextBoolean()) {
        late.put(session, write);
      }
      return Outcome.UNKNOWN;
    }
    Outcome outcome = write.attempt();
    return isLost() ? Outcome.UNKNOWN : outcome;
  }

  /// As a write of the head, this may be lost, or come late.
  Outcome resign(SimulatedServer by, SeenHead seen) {
    long session = by.session;
    return send(session, () -> attemptToResign(session, seen));
  }

  private Outcome attemptToResign(long session, SeenHead seen) {
    if (!isAlive(session) || heads.getLast().version() != seen.version()) {
      return Outcome.REFUSED;
    }
    if (primarySession != session) {
      return Outcome.REFUSED;
    }
    primarySession = 0;
    return Outcome.DONE;
  }

  private Outcome attempt(
      SimulatedServer by, long session, SeenHead seen, Head next, boolean takesOver) {
    if (!isAlive(session) || heads.getLast().version() != seen.version()) {
      return Outcome.REFUSED;
    }
    if (takesOver ? primarySession != 0 : primarySession != session) {
      return Outcome.REFUSED;
    }
    if (takesOver) {
      primarySession = session;
      assertThat(primaries.put(next.epoch(), by.id)).as("two primaries of one epoch").isNull();
    } else {
      long holders = servers.stream().filter(s -> s.disk.holds(next.position())).count();
      assertThat(holders).as("holders of a commit").isGreaterThan(servers.size() / 2);
      committed.add(by.disk.valueOf(next.position()));
      held.add(by.disk.attemptOf(next.position()));
    }
    heads.add(new SeenHead(next, seen.version() + 1));
    return Outcome.DONE;
  }

  // ---- what must hold

  private void check() {
    for (SimulatedServer server : servers) {
      List<Long> applied = server.disk.applied;
      assertThat(applied)
          .as("applied by server %s", server.id)
          .isEqualTo(committed.subList(0, Math.min(applied.size(), committed.size())));
    }
    Set<Long> once = new HashSet<>(committed);
    assertThat(once).as("changes that hold, each once").hasSameSizeAs(committed);
    assertThat(once.containsAll(acknowledged)).as("an acknowledged change is lost").isTrue();
    assertThat(Collections.disjoint(held, refused)).as("a refused attempt holds").isTrue();
  }

  /// Everything comes back: then all must agree, and somebody must be able to write.
  void healAndAgree() {
    calm = true;
    cuts.clear();
    late.clear();
    List.copyOf(sessions).forEach(this::end);
    for (SimulatedServer server : servers) {
      server.act(server::wake);
    }
    for (int round = 0; round < 2; round++) {
      servers.forEach(server -> server.act(server.node::follow));
      servers.forEach(server -> server.act(server.node::campaign));
    }
    assertThat(servers).filteredOn(server -> server.node.isPrimary()).hasSize(1);
    int before = committed.size();
    doubtful.clear();
    insertAtThePrimary();
    servers.forEach(server -> server.act(server.node::follow));
    check();
    assertThat(committed).hasSize(before + 1);
    ReplicaPosition end = heads.getLast().head().position();
    assertThat(servers).allSatisfy(server -> assertThat(server.disk.position).isEqualTo(end));
  }

  int commits() {
    return committed.size();
  }
}
