// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One server's share of a partition that several keep: whether it leads or follows, who is in
/// sync, and what is committed. It has no thread and no clock; who drives it guards it.
///
/// Committed is what every server in sync has on disk. A server that the leader wants in sync
/// counts from the moment on that it asks for that, and one that it wants out until it knows it is:
/// so it does not matter when the leader hears what became of its wish.
public final class PartitionReplica {
  private final int self;
  private final long lagMillis;
  private final Map<Integer, Follower> followers = new HashMap<>();
  private final Set<Integer> wished = new TreeSet<>();
  private PartitionState state;
  private int version = -1;
  private boolean isBeforeStart;
  private boolean hasWish;
  private long epochStart;
  private long durableEnd;
  private long highWatermark;

  /// @param self this server
  /// @param lagMillis a follower that is behind for longer is not in sync
  public PartitionReplica(int self, long lagMillis) {
    this.self = self;
    this.lagMillis = lagMillis;
  }

  /// Takes in what all agree on. What is older than what is known changes nothing. The first state
  /// after a start must be as new as the start: a later one that names this server as leader is
  /// taken for a new election, and one of before the start would not be.
  ///
  /// @param seenVersion of the state
  /// @param logEnd of this server's log
  /// @return whether an epoch began, so that who leads here may be another one
  public boolean see(PartitionState next, int seenVersion, long logEnd, long now) {
    if (seenVersion <= version) {
      return false;
    }
    boolean isFirst = state == null;
    boolean isNew = isFirst || next.epoch() != state.epoch();
    state = next;
    version = seenVersion;
    wished.clear(); // what was written for an older version never holds
    hasWish = false;
    if (isNew) {
      isBeforeStart = isFirst && next.leader() == self;
      epochStart = logEnd;
      durableEnd = 0;
      followers.clear();
      next.replicas().stream()
          .filter(server -> server != self)
          .forEach(server -> followers.put(server, new Follower(now)));
    }
    return isNew;
  }

  /// What is known; null before anything is.
  public PartitionState state() {
    return state;
  }

  public int version() {
    return version;
  }

  /// Whether this server takes writes.
  public boolean isLeader() {
    return state != null && state.leader() == self && !isBeforeStart;
  }

  /// Whether it copies another server's log.
  public boolean isFollower() {
    return state != null
        && state.leader() != self
        && state.hasLeader()
        && state.replicas().contains(self);
  }

  /// Whether it led before it was started, and must not go on in that epoch.
  public boolean needsNewEpoch() {
    return isBeforeStart;
  }

  /// The offset behind what is committed, as far as this server knows.
  public long highWatermark() {
    return highWatermark;
  }

  /// Whether all that was committed under earlier leaders is known to be: before that, a leader
  /// cannot tell where the log ends.
  public boolean knowsTheEnd() {
    return highWatermark >= epochStart;
  }

  /// @throws RefusedException NOT_LEADER_OR_FOLLOWER, which makes clients ask who leads
  public void requireLeader() {
    if (!isLeader()) {
      throw new RefusedException(
          Refusal.NOT_LEADER_OR_FOLLOWER,
          state == null || !state.hasLeader()
              ? "no server leads the partition now"
              : "server " + state.leader() + " leads the partition, not this one");
    }
  }

  /// Refuses who means another leader.
  ///
  /// @param epoch -1 asks nothing
  /// @throws RefusedException FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH
  public void checkEpoch(int epoch) {
    int known = state == null ? -1 : state.epoch();
    if (epoch >= 0 && epoch != known) {
      throw new RefusedException(
          epoch < known ? Refusal.FENCED_LEADER_EPOCH : Refusal.UNKNOWN_LEADER_EPOCH,
          "the partition is in leader epoch " + known + ", not " + epoch);
    }
  }

  // ---- leading

  /// The leader's own log is on disk up to here.
  ///
  /// @return whether more is committed by it
  public boolean synced(long end) {
    durableEnd = Math.max(durableEnd, end);
    return raise();
  }

  /// A follower whose log is the leader's up to an offset has it on disk and asks for more.
  ///
  /// @param leaderEnd of the leader's log
  /// @return whether more is committed by it
  /// @throws RefusedException NOT_LEADER_OR_FOLLOWER if it is no replica of the partition
  public boolean fetched(int server, long offset, long leaderEnd, long now) {
    requireLeader();
    Follower follower = followers.get(server);
    if (follower == null) {
      throw new RefusedException(
          Refusal.NOT_LEADER_OR_FOLLOWER, "server " + server + " keeps no copy of the partition");
    }
    follower.fetched(offset, leaderEnd, now);
    return raise();
  }

  private boolean raise() {
    if (!isLeader()) {
      return false;
    }
    long least = durableEnd;
    for (Map.Entry<Integer, Follower> follower : followers.entrySet()) {
      int server = follower.getKey();
      if (state.isr().contains(server) || wished.contains(server)) {
        least = Math.min(least, follower.getValue().end());
      }
    }
    if (least <= highWatermark) {
      return false;
    }
    highWatermark = least;
    return true;
  }

  /// The state that a leader wants, where it is another one: servers that are away or too far
  /// behind go out of sync, those that have caught up come in. To be written if the state is still
  /// of [#version()], and to be asked for again until that is another one.
  ///
  /// @param live servers that are there
  public Optional<PartitionState> wish(Set<Integer> live, long now) {
    if (!isLeader()) {
      return Optional.empty();
    }
    Set<Integer> inSync = new TreeSet<>(Set.of(self));
    followers.forEach((server, follower) -> {
      if (live.contains(server) && isInSync(server, follower, now)) {
        inSync.add(server);
      }
    });
    PartitionState wanted = state.withIsr(inSync.stream().toList());
    if (wanted.equals(state) && !hasWish) {
      return Optional.empty();
    }
    hasWish = true;
    wished.addAll(inSync);
    return Optional.of(wanted);
  }

  private boolean isInSync(int server, Follower follower, long now) {
    if (state.isr().contains(server)) {
      return !follower.isLate(now, lagMillis);
    }
    return knowsTheEnd() && follower.end() >= highWatermark && follower.end() >= epochStart;
  }

  /// The wish was written: it holds.
  public void granted(PartitionState wanted, int newVersion) {
    if (newVersion > version && wanted.epoch() == state.epoch()) {
      state = wanted;
      version = newVersion;
      wished.clear();
      hasWish = false;
      raise();
    }
  }

  // ---- following

  /// The leader said what is committed.
  ///
  /// @param ownEnd of this server's log, on disk
  /// @return whether more is known to be committed
  public boolean learn(long leadersHighWatermark, long ownEnd) {
    long known = Math.min(leadersHighWatermark, ownEnd);
    if (!isFollower() || known <= highWatermark) {
      return false;
    }
    highWatermark = known;
    return true;
  }
}
