// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.EpochEnd;
import dev.varve.ingest.log.LogCut;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.Divergence;
import dev.varve.ingest.replica.PartitionReplica;
import dev.varve.ingest.replica.PartitionState;
import dev.varve.ingest.sink.CommitQueue;
import dev.varve.ingest.wire.CopyFetch;
import dev.varve.ingest.wire.SharedLog;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/// This server's copy of a partition that several servers keep: the rules of [PartitionReplica]
/// over a log and, where it leads, a queue. Safe for threads.
///
/// `role` is held while the role changes and while records are copied, and `rules` for moments; who
/// has `rules` takes no other lock, as syncs of the log come here with locks of their own.
final class SharedPartition implements SharedLog {
  /// A follower behind for longer is not in sync, as Kafka's `replica.lag.time.max.ms`.
  static final long LAG_MILLIS = 10_000;

  /// Opens what takes records of a leader, once the log's records are shown.
  interface Queues {
    CommitQueue open(PartitionLog log) throws IOException;
  }

  private final Path directory;
  private final LongFunction<PartitionLog> logs;
  private final Queues queues;
  private final boolean isTable;
  private final Runnable signal;
  private final ReentrantLock role = new ReentrantLock();
  private final ReentrantLock rules = new ReentrantLock();
  private final PartitionReplica replica;
  private volatile PartitionLog log;
  private volatile CommitQueue queue;
  private volatile PartitionState state;
  private volatile boolean isReady;
  private volatile String lastError = "";
  private boolean isClosed;

  /// @param logs opens the log; where nothing is left of it, it begins at the offset given
  /// @param isTable whether its records are rows, which the primary alone takes
  /// @param signal has [#settle] called soon
  SharedPartition(
      int self,
      Path directory,
      LongFunction<PartitionLog> logs,
      Queues queues,
      boolean isTable,
      Runnable signal) {
    this.directory = directory;
    this.logs = logs;
    this.queues = queues;
    this.isTable = isTable;
    this.signal = signal;
    this.replica = new PartitionReplica(self, LAG_MILLIS);
    open(0);
  }

  private void open(long from) {
    log = logs.apply(from);
    log.copies().share(this::synced);
  }

  // ---- what clients and other servers ask for

  @Override
  public PartitionLog log() {
    return log;
  }

  /// The queue where this server leads and takes records; else null.
  CommitQueue queue() {
    return queue;
  }

  /// What is agreed on; null before it is known.
  PartitionState state() {
    return state;
  }

  String lastError() {
    return lastError;
  }

  /// The log of a leader that knows what is committed.
  ///
  /// @throws RefusedException NOT_LEADER_OR_FOLLOWER
  PartitionLog leaderLog() {
    rules.lock();
    try {
      replica.requireLeader();
    } finally {
      rules.unlock();
    }
    if (!isReady) {
      throw new RefusedException(
          Refusal.NOT_LEADER_OR_FOLLOWER, "this server begins to lead the partition; ask again");
    }
    return log;
  }

  /// @throws RefusedException NOT_LEADER_OR_FOLLOWER
  CommitQueue leaderQueue() {
    leaderLog();
    CommitQueue open = queue;
    if (open == null) {
      throw new RefusedException(
          Refusal.NOT_LEADER_OR_FOLLOWER,
          "this server does not take records of the partition yet"
              + (lastError.isEmpty() ? "; ask again" : ": " + lastError));
    }
    return open;
  }

  /// In which epoch this server leads and takes records.
  ///
  /// @throws RefusedException NOT_LEADER_OR_FOLLOWER
  int leaderEpoch() {
    leaderQueue();
    return log.epochs().current();
  }

  /// @throws RefusedException with the refusal given where fewer are in sync
  void requireInSync(int least, Refusal refusal) {
    PartitionState known = state;
    if (known.isr().size() < least) {
      throw new RefusedException(
          refusal,
          "only servers "
              + known.isr()
              + " are in sync, and min.insync.replicas is "
              + least
              + "; see that the others run");
    }
  }

  @Override
  public long highWatermark() {
    return locked(replica::highWatermark);
  }

  private long locked(java.util.function.LongSupplier asked) {
    rules.lock();
    try {
      return asked.getAsLong();
    } finally {
      rules.unlock();
    }
  }

  @Override
  public Optional<EpochEnd> fetched(int server, int epoch, long offset, int lastEpoch) {
    PartitionLog own = log;
    boolean isRaised;
    rules.lock();
    try {
      replica.requireLeader();
      replica.checkEpoch(epoch);
      if (offset < own.startOffset() || lastEpoch < 0 && offset > own.endOffset()) {
        throw new RefusedException(
            Refusal.OFFSET_OUT_OF_RANGE, "the log begins at offset " + own.startOffset());
      }
      EpochEnd end = own.epochs().end(lastEpoch);
      if (lastEpoch >= 0 && Divergence.is(end, lastEpoch, offset)) {
        return Optional.of(end);
      }
      isRaised = replica.fetched(server, offset, own.endOffset(), millis());
    } finally {
      rules.unlock();
    }
    raised(isRaised);
    return Optional.empty();
  }

  /// The leader's own disk has the log up to here.
  private void synced(long end) {
    boolean isRaised;
    rules.lock();
    try {
      isRaised = replica.isLeader() && replica.synced(end);
    } finally {
      rules.unlock();
    }
    raised(isRaised);
  }

  private void raised(boolean isRaised) {
    if (!isRaised) {
      return;
    }
    log.copies().replicated(highWatermark());
    CommitQueue open = queue;
    if (open != null) {
      open.replicated();
    } else {
      signal.run();
    }
  }

  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  // ---- leading and following, by one thread

  /// Takes in what is agreed on now.
  void see(PartitionState next, int version) throws IOException {
    role.lock();
    try {
      boolean isKnown = state != null && state.epoch() == next.epoch();
      if (isClosed || version <= replica.version()) {
        return;
      }
      if (!isKnown) {
        endQueue("another epoch of the partition begins; ask who leads it");
      }
      rules.lock();
      try {
        replica.see(next, version, log.endOffset(), millis());
        state = next;
      } finally {
        rules.unlock();
      }
      if (!isKnown && isLeader()) {
        log.lead(next.epoch());
        log.copies().replicated(highWatermark());
        log.sync();
      }
      synced(log.syncedOffset());
    } finally {
      role.unlock();
    }
  }

  boolean isLeader() {
    rules.lock();
    try {
      return replica.isLeader();
    } finally {
      rules.unlock();
    }
  }

  boolean needsNewEpoch() {
    rules.lock();
    try {
      return replica.needsNewEpoch();
    } finally {
      rules.unlock();
    }
  }

  private void endQueue(String why) {
    isReady = false;
    CommitQueue open = queue;
    queue = null;
    if (open != null) {
      open.close(new RefusedException(Refusal.NOT_LEADER_OR_FOLLOWER, why));
      open.awaitIdle();
    }
  }

  /// Shows what is committed, and takes records where this server leads and may.
  void settle(boolean isPrimary) {
    role.lock();
    try {
      if (isClosed || !isLeader()) {
        return;
      }
      long committed = highWatermark();
      boolean knows = locked(() -> replica.knowsTheEnd() ? 1 : 0) == 1;
      if (!isReady && knows) {
        log.copies().replicated(committed);
        log.copies().show(committed);
        isReady = true;
      }
      boolean takes = !isTable || isPrimary;
      if (queue != null && !takes) {
        endQueue("this server is not the primary any more");
        isReady = true;
      }
      if (isReady && queue == null && takes) {
        queue = queues.open(log);
        lastError = "";
      }
    } catch (RefusedException | VarveException | IOException e) {
      lastError = String.valueOf(e.getMessage());
    } finally {
      role.unlock();
    }
  }

  Optional<PartitionState> wish(Set<Integer> live, int version) {
    rules.lock();
    try {
      return replica.version() == version ? replica.wish(live, millis()) : Optional.empty();
    } finally {
      rules.unlock();
    }
  }

  void granted(PartitionState wanted, int version) {
    rules.lock();
    try {
      replica.granted(wanted, version);
      state = replica.state();
    } finally {
      rules.unlock();
    }
    raised(true);
  }

  // ---- copying

  /// What to ask a leader for; nothing where another one leads, or none.
  Optional<CopyFetch.Want> want(UUID topic, int partition, int leader) throws IOException {
    role.lock();
    try {
      if (isClosed || !isFollowing(leader)) {
        return Optional.empty();
      }
      if (log.syncedOffset() < log.endOffset()) {
        log.sync(); // by what it asks for, a follower says what it has on disk
      }
      int lastEpoch = log.copies().lastEpoch();
      return Optional.of(
          new CopyFetch.Want(topic, partition, state.epoch(), log.endOffset(), lastEpoch));
    } finally {
      role.unlock();
    }
  }

  private boolean isFollowing(int leader) {
    rules.lock();
    try {
      return replica.isFollower() && replica.state().leader() == leader;
    } finally {
      rules.unlock();
    }
  }

  /// Takes in a leader's answer. Returns whether it was one to go on with.
  boolean take(CopyFetch.Want want, CopyFetch.Piece piece) throws IOException {
    role.lock();
    try {
      boolean isLate =
          isClosed
              || state == null
              || state.epoch() != want.epoch()
              || isLeader()
              || log.endOffset() != want.offset();
      if (isLate) {
        return true;
      }
      if (!piece.error().isEmpty()) {
        return beginsAnew(piece);
      }
      if (piece.parts()) {
        EpochEnd leaders = new EpochEnd(piece.partingEpoch(), piece.partingEnd());
        EpochEnd own = log.epochs().end(leaders.epoch());
        cut(Divergence.cut(leaders, own, log.endOffset()));
        return true;
      }
      log.copies().copy(piece.records());
      if (log.syncedOffset() < log.endOffset()) {
        log.sync();
      }
      rules.lock();
      try {
        replica.learn(piece.highWatermark(), log.endOffset());
      } finally {
        rules.unlock();
      }
      log.copies().show(Math.min(highWatermark(), log.endOffset()));
      if (piece.startOffset() > log.startOffset() && piece.startOffset() <= log.highWatermark()) {
        log.deleteBefore(piece.startOffset());
      }
      return true;
    } finally {
      role.unlock();
    }
  }

  private boolean beginsAnew(CopyFetch.Piece piece) {
    boolean isBehind =
        piece.error().equals(Refusal.OFFSET_OUT_OF_RANGE.name())
            && piece.startOffset() > log.endOffset();
    if (isBehind) {
      log.close();
      LogCut.drop(directory);
      open(piece.startOffset());
    }
    return isBehind;
  }

  private void cut(long end) throws IOException {
    log.close();
    LogCut.cut(directory, end);
    open(0);
    log.copies().show(Math.min(highWatermark(), log.endOffset()));
  }

  void close() {
    role.lock();
    try {
      isClosed = true;
      endQueue("the server stops, or the topic goes");
    } finally {
      role.unlock();
    }
  }
}
