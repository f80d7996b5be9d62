// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import dev.varve.cluster.coordination.Outcome;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ReplicaPosition;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One server's part in the shared catalog: the rules, without threads, clocks and network. Whoever
/// calls sees to it that only one call runs at a time.
///
/// *Commit.* The primary writes the change to its disk, offers it to the others, and moves the head
/// when a majority holds it. A server takes an offer only if it stands where the change begins; so
/// a server that holds a change has, or can rebuild, everything before it. Applied is what the head
/// names, nothing else, so every catalog is a prefix of the same history.
///
/// *Take-over.* Whoever stands at the head may become the primary, when no session is, by a write
/// of the head that raises the epoch. The write of a primary before it, however late, is refused
/// then: the head changed. Nobody's clock decides anything.
///
/// *Resignation.* A primary that does not reach a majority, though one has sessions, gives way to
/// another server that may reach more.
///
/// *Doubt.* If the answer to the head's write is lost, the same write is tried again until it is
/// known, or the patience ends: then the change is kept, and applied once the head is found to name
/// it.
public final class ReplicaNode {
  private static final int TRIES = 3;

  private final int id;
  private final SharedHead shared;
  private final Peers peers;
  private final ReplicaStore store;
  private volatile SeenHead term;

  public ReplicaNode(int id, SharedHead shared, Peers peers, ReplicaStore store) {
    this.id = id;
    this.shared = shared;
    this.peers = peers;
    this.store = store;
  }

  /// Whether it may commit, as far as it knows.
  public boolean isPrimary() {
    return term != null;
  }

  /// The epoch in which it is the primary.
  public long epoch() {
    return term == null ? 0 : term.head().epoch();
  }

  /// It is the primary no more: its session is another one.
  public void stepDown() {
    term = null;
  }

  /// Becomes the primary if nobody is.
  ///
  /// @return whether it is now
  public boolean campaign() {
    if (term != null && shared.isPrimary()) {
      return true;
    }
    term = null;
    follow();
    SeenHead seen = shared.head();
    if (!store.position().equals(seen.head().position())) {
      return false;
    }
    if (shared.isPrimary() && seen.head().primary() == id) {
      term = seen; // the answer to the take-over was lost
      return true;
    }
    if (shared.hasPrimary()) {
      return false;
    }
    Head next = new Head(seen.head().epoch() + 1, seen.head().position(), id);
    if (shared.takeOver(seen, next) != Outcome.DONE) {
      return false;
    }
    term = new SeenHead(next, seen.version() + 1);
    return true;
  }

  /// Makes a change true on all servers.
  ///
  /// @throws VarveException TABLE_IS_READ_ONLY or TOO_FEW_LIVE_REPLICAS: it does not hold and never
  ///   will; UNKNOWN_STATUS_OF_INSERT: nobody knows yet
  public ReplicaPosition commit(byte[] change) {
    SeenHead seen = term;
    if (seen == null) {
      throw notPrimary();
    }
    ReplicaPosition before = seen.head().position();
    ChangeRecord record =
        new ChangeRecord(before.version() + 1, seen.head().epoch(), before.hash(), change);
    store.keep(record);
    requireMajority(seen, record);
    Head next = new Head(seen.head().epoch(), record.position(), id);
    settle(seen, next);
    try {
      store.apply(record, true);
    } catch (VarveException failed) {
      term = null; // it holds, and this server cannot show it: another one is to go on
      throw new VarveException(
          ErrorCode.UNKNOWN_STATUS_OF_INSERT,
          "the change holds in the cluster, but not yet on this server: " + failed.getMessage(),
          failed);
    }
    term = new SeenHead(next, seen.version() + 1);
    return record.position();
  }

  private void requireMajority(SeenHead seen, ChangeRecord record) {
    Set<Integer> replicas = shared.replicas();
    Set<Integer> others = new TreeSet<>(shared.live());
    others.retainAll(replicas);
    others.remove(id);
    int needed = replicas.size() / 2 + 1;
    int holders = 1 + peers.offer(others, record, needed - 1);
    if (holders < needed) {
      if (others.size() + 1 >= needed) {
        // Whether it is heard or not, what was offered cannot hold: nobody writes it to the head.
        term = null;
        shared.resign(seen);
      }
      throw new VarveException(
          ErrorCode.TOO_FEW_LIVE_REPLICAS,
          holders
              + " of "
              + replicas.size()
              + " servers hold the change, and "
              + needed
              + " must; nothing was written. Start the servers that are missing (system.replicas"
              + " lists them) and try again");
    }
  }

  private void settle(SeenHead seen, Head next) {
    boolean doubt = false;
    for (int i = 0; i < TRIES; i++) {
      switch (shared.advance(seen, next)) {
        case DONE -> {
          return;
        }
        case REFUSED -> {
          if (doubt && isHead(next)) {
            return; // an earlier try did it
          }
          term = null;
          throw doubt ? unknown() : notPrimary();
        }
        case UNKNOWN -> doubt = true;
      }
    }
    term = null;
    throw unknown();
  }

  private boolean isHead(Head next) {
    try {
      return shared.head().head().equals(next);
    } catch (VarveException unreachable) {
      term = null;
      throw unknown();
    }
  }

  private static VarveException unknown() {
    return new VarveException(
        ErrorCode.UNKNOWN_STATUS_OF_INSERT,
        "the connection to ZooKeeper was lost while the change was committed, so it may hold or"
            + " not; repeat an INSERT with the same insert_deduplication_token, which writes it"
            + " once");
  }

  private static VarveException notPrimary() {
    return new VarveException(
        ErrorCode.TABLE_IS_READ_ONLY,
        "this server is not the primary of its cluster now, so it cannot write; reads go on. Send"
            + " the statement to the primary (system.replicas names it), or wait until one is"
            + " elected and try again");
  }

  /// Takes what a primary offers.
  ///
  /// @param from the primary
  /// @return whether this server holds it now, with all its parts
  public boolean offered(int from, ChangeRecord record) {
    if (store.position().equals(record.position())) {
      return true;
    }
    if (!record.follows(store.position())) {
      follow();
    }
    if (!record.follows(store.position()) || !store.gather(record, from)) {
      return false;
    }
    store.keep(record);
    return true;
  }

  /// Applies what holds by now, as far as it can be had.
  ///
  /// @return whether it stands at the head that it sees
  public boolean follow() {
    while (true) {
      ReplicaPosition wanted = shared.head().head().position();
      ReplicaPosition here = store.position();
      if (here.version() >= wanted.version()) {
        return here.equals(wanted);
      }
      Optional<ChangeRecord> kept = store.kept(wanted).filter(record -> record.follows(here));
      if (kept.isPresent()) {
        store.apply(kept.get(), false);
      } else if (!copyFromOthers()) {
        return false;
      }
    }
  }

  private boolean copyFromOthers() {
    Set<Integer> sources = new TreeSet<>(shared.live());
    sources.remove(id);
    for (int source : sources) {
      if (store.copy(source)) {
        return true;
      }
    }
    return false;
  }
}
