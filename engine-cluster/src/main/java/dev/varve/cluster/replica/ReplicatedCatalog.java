// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.cluster.coordination.Cluster;
import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.coordination.Coordination;
import dev.varve.cluster.partlog.ChangeRecord;
import dev.varve.cluster.partlog.Head;
import dev.varve.cluster.partlog.ReplicaNode;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.ChangeCodec;
import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.PartCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The catalog of a server in a cluster: what is committed here holds on all servers, or the commit
/// is refused because another server is the primary. Safe for threads.
///
/// Changes that come while another is committed share the next record and the next write of the
/// head. Damage of this server's own copies alone is noted here and not shared.
public final class ReplicatedCatalog implements PartCatalog {
  // Ids that one primary may give: enough for a thousand parts a second for seven weeks.
  private static final long IDS = 1L << 32;
  private static final long PAUSE_MILLIS = 500;
  private static final long POLL_MILLIS = 20;

  private static final long KEEPER_NANOS = TimeUnit.SECONDS.toNanos(8);

  // Who could not reach the others lets them try first.
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private record Pending(CatalogChange change, CompletableFuture<CatalogState> done) {}

  private final LocalCatalog own;
  private final Cluster cluster;
  private final ZooKeeperHead head;
  private final HttpPeers peers;
  private final LocalReplica store;
  private final ReplicaNode node;
  private volatile String address = "";
  private final SharedTables tables;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final ConcurrentLinkedQueue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final Semaphore signals;
  private final Watcher watcher;
  private final AtomicLong nextPart = new AtomicLong();
  private final AtomicLong lastTable = new AtomicLong();
  private final Object news = new Object();
  private volatile long shown;
  private long session;
  private long restsSince;
  private boolean rests;
  private volatile long readyEpoch;

  /// @param signals released whenever a znode or the session changed
  /// @param tables the engine that commits here
  ReplicatedCatalog(
      LocalCatalog own,
      Cluster cluster,
      KeptChanges kept,
      ReplicaFiles files,
      Semaphore signals,
      SharedTables tables) {
    this.own = own;
    this.cluster = cluster;
    this.signals = signals;
    this.tables = tables;
    this.head = new ZooKeeperHead(cluster.settings(), cluster.coordination());
    int id = cluster.settings().serverId();
    this.peers = new HttpPeers(cluster.settings(), head::address);
    this.store = new LocalReplica(own, kept, files, peers, tables::follow);
    this.node = new ReplicaNode(id, head, peers, store);
    this.watcher = new Watcher("varve-replica", signals, PAUSE_MILLIS, this::watch);
  }

  /// @param own `host:port` of this server's HTTP
  void start(String own) {
    address = own;
    shows();
    watcher.start();
  }

  // ---- what the engine asks for

  @Override
  public CatalogState state() {
    return own.state();
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public CatalogState commit(CatalogChange change) {
    if (change.operations().stream().allMatch(ReplicatedCatalog::isOfThisServer)) {
      return own.commit(change);
    }
    refuseUnlessPrimary();
    Pending pending = new Pending(change, new CompletableFuture<>());
    queue.add(pending);
    lead(pending);
    try {
      return pending.done().join();
    } catch (CompletionException failed) {
      throw rethrown(failed.getCause());
    }
  }

  private static boolean isOfThisServer(Operation operation) {
    return operation instanceof Operation.QuarantinePart
        || operation instanceof Operation.ReleasePart;
  }

  private static RuntimeException rethrown(Throwable cause) {
    return switch (cause) {
      case VarveException error -> new VarveException(error.code(), error.getMessage(), error);
      case IllegalStateException error -> new IllegalStateException(error.getMessage(), error);
      default -> new IllegalStateException(cause);
    };
  }

  /// Commits all that waits, this change among it, unless another thread does meanwhile. Whoever
  /// follows another primary holds the lock too and waits for locks that the caller may have; so
  /// nobody waits here for one who follows.
  private void lead(Pending pending) {
    while (!pending.done().isDone()) {
      if (tryLock()) {
        try {
          commitAll();
        } finally {
          lock.unlock();
        }
      } else if (!isPrimary() && queue.remove(pending)) {
        pending.done().completeExceptionally(notPrimary());
      }
    }
  }

  private boolean tryLock() {
    try {
      return lock.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return lock.tryLock();
    }
  }

  private void commitAll() {
    CatalogState next = own.state();
    List<Operation> operations = new ArrayList<>();
    List<Pending> together = new ArrayList<>();
    for (Pending pending = queue.poll(); pending != null; pending = queue.poll()) {
      try {
        refuseUnlessPrimary();
        next = next.apply(pending.change());
        operations.addAll(pending.change().operations());
        together.add(pending);
      } catch (RuntimeException | Error refused) {
        // Whoever waits is told of everything, or would wait for ever.
        pending.done().completeExceptionally(refused);
      }
    }
    if (together.isEmpty()) {
      return;
    }
    try {
      commitShared(new CatalogChange(operations));
      together.forEach(pending -> pending.done().complete(own.state()));
      shows();
    } catch (RuntimeException | Error failed) {
      together.forEach(pending -> pending.done().completeExceptionally(failed));
      signals.release();
    }
  }

  private void commitShared(CatalogChange change) {
    long end = System.nanoTime() + KEEPER_NANOS;
    while (true) {
      try {
        node.commit(ChangeCodec.encode(change));
        return;
      } catch (VarveException failed) {
        // Too few have it, or none was asked: others may be about to come back, or ZooKeeper to
        // elect a leader. As long as this server is the primary the same change can be tried again.
        boolean isEarly =
            failed.code() == ErrorCode.KEEPER_EXCEPTION
                || failed.code() == ErrorCode.TOO_FEW_LIVE_REPLICAS;
        if (!isEarly || !node.isPrimary() || !isConnectedBefore(end)) {
          restsAfter(failed);
          throw failed;
        }
      }
    }
  }

  private boolean isConnectedBefore(long end) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    return left > 0 && cluster.coordination().isConnectedWithin(left);
  }

  private void restsAfter(VarveException failed) {
    if (failed.code() == ErrorCode.TOO_FEW_LIVE_REPLICAS && !node.isPrimary()) {
      rests = true;
      restsSince = System.nanoTime();
    }
  }

  /// Whether this server may commit, as far as it knows.
  public boolean isPrimary() {
    return readyEpoch != 0 && node.epoch() == readyEpoch;
  }

  private void refuseUnlessPrimary() {
    if (!isPrimary()) {
      throw notPrimary();
    }
  }

  private VarveException notPrimary() {
    return new VarveException(
        ErrorCode.TABLE_IS_READ_ONLY,
        "this server is not the primary of its cluster, so it cannot write; reads go on. Send the"
            + " statement to the primary, which system.replicas names, or wait until one is elected"
            + (watcher.failure().isEmpty() ? "" : " (" + watcher.failure() + ")"));
  }

  @Override
  public long newPartId() {
    refuseUnlessPrimary();
    return nextPart.getAndIncrement();
  }

  @Override
  public long newTableId() {
    refuseUnlessPrimary();
    return lastTable.updateAndGet(last -> Math.max(last + 1, own.state().nextTable()));
  }

  // ---- what the other servers ask for

  /// Whether a request comes from a server of the cluster.
  public boolean lets(String pass) {
    return MessageDigest.isEqual(
        cluster.settings().pass().getBytes(StandardCharsets.UTF_8),
        pass.getBytes(StandardCharsets.UTF_8));
  }

  /// How this server takes part, and what it shows others to be let in.
  public ClusterSettings settings() {
    return cluster.settings();
  }

  /// Takes a change that a primary offers.
  public boolean offered(int from, byte[] record) {
    ChangeRecord offered = ChangeRecord.decode(record);
    lock.lock();
    try {
      boolean holds = node.offered(from, offered);
      shows();
      return holds;
    } finally {
      lock.unlock();
    }
  }

  /// All that this server's catalog says.
  public byte[] sharedState() {
    return store.state();
  }

  // ---- following and leading

  private void watch() {
    if (cluster.coordination().state() == Coordination.State.CONNECTED) {
      step();
      repair();
    }
  }

  private void step() {
    lock.lock();
    try {
      if (session != cluster.coordination().session()) {
        node.stepDown();
        session = cluster.coordination().session();
      }
      if (head.address(cluster.settings().serverId()).filter(address::equals).isEmpty()) {
        head.register(address);
      }
      boolean leads = mayLead() && node.campaign();
      if (!leads) {
        node.follow();
      }
      if (leads && !isPrimary()) {
        takeIds();
      } else if (!leads && readyEpoch != 0) {
        readyEpoch = 0;
        tables.leads(false);
      }
      shows();
    } finally {
      lock.unlock();
    }
  }

  private void repair() {
    Set<Integer> sources = head.live();
    sources.remove(cluster.settings().serverId());
    tables.repair(name -> sources.stream().anyMatch(source -> store.fetch(name, source)));
  }

  private boolean mayLead() {
    rests &= System.nanoTime() - restsSince < REST_NANOS;
    return !rests && head.replicas().contains(cluster.settings().serverId());
  }

  /// The first change of a primary takes the ids that it may give.
  private void takeIds() {
    long first = own.state().nextPart();
    commitShared(CatalogChange.of(new Operation.RaisePartIds(first + IDS)));
    nextPart.set(first);
    readyEpoch = node.epoch();
    tables.leads(true);
  }

  @Override
  public void sync(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    await(wanted(end), millis);
  }

  /// The last change that holds, as ZooKeeper's leader knows it.
  private long wanted(long end) {
    while (true) {
      try {
        cluster.coordination().sync();
        return head.head().head().position().version();
      } catch (VarveException failed) {
        if (failed.code() != ErrorCode.KEEPER_EXCEPTION || !isConnectedBefore(end)) {
          throw failed;
        }
      }
    }
  }

  @Override
  public void await(long change, long millis) {
    if (shown >= change) {
      return;
    }
    signals.release();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (news) {
      while (shown < change) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw late(change, millis);
        }
        try {
          news.wait(left);
        } catch (InterruptedException asked) {
          Thread.currentThread().interrupt();
          throw new VarveException(
              ErrorCode.QUERY_WAS_CANCELLED, "cancelled while waiting for other servers", asked);
        }
      }
    }
  }

  private VarveException late(long change, long millis) {
    return new VarveException(
        ErrorCode.TIMEOUT_EXCEEDED,
        "this server has change "
            + shown
            + " and not yet "
            + change
            + " after "
            + millis
            + " ms: "
            + watcher.failure()
            + store.failure());
  }

  /// What is committed is shown too: whoever follows holds the lock until it is.
  private void shows() {
    synchronized (news) {
      shown = own.state().position().version();
      news.notifyAll();
    }
  }

  // ---- what is shown

  /// `host:port` of the server that may commit; empty while there is none that is another one.
  ///
  /// @throws VarveException KEEPER_EXCEPTION without a quorum
  public Optional<String> primary() {
    int id = head.hasPrimary() ? head.head().head().primary() : cluster.settings().serverId();
    return id == cluster.settings().serverId() ? Optional.empty() : head.address(id);
  }

  /// Who leads the catalog as all know it, -1 while nobody does.
  ///
  /// @throws VarveException KEEPER_EXCEPTION without a quorum
  public int primaryId() {
    return head.hasPrimary() ? head.head().head().primary() : -1;
  }

  /// Servers that are there.
  ///
  /// @throws VarveException KEEPER_EXCEPTION without a quorum
  public Set<Integer> live() {
    return head.live();
  }

  /// Servers that count for a majority.
  public Set<Integer> voters() {
    return head.replicas();
  }

  /// Posts to another server, below `/replica/`.
  public byte[] ask(int server, String path, byte[] body) throws IOException {
    return peers.ask(server, path, body);
  }

  /// Where this server stands, for the others.
  public String position() {
    return String.valueOf(own.state().position().version());
  }

  /// All servers that keep the catalog.
  ///
  /// @throws VarveException KEEPER_EXCEPTION without a quorum
  public List<ReplicaStatus> replicas() {
    Head now = head.head().head();
    boolean hasPrimary = head.hasPrimary();
    Set<Integer> live = head.live();
    List<ReplicaStatus> statuses = new ArrayList<>();
    for (int id : head.known()) {
      boolean isLocal = id == cluster.settings().serverId();
      long version = isLocal ? own.state().position().version() : versionOf(id);
      statuses.add(
          new ReplicaStatus(
              id,
              head.address(id).orElse(""),
              isLocal,
              hasPrimary && now.primary() == id,
              live.contains(id),
              version,
              version < 0 ? -1 : Math.max(0, now.position().version() - version),
              isLocal ? watcher.failure() + store.failure() : ""));
    }
    return statuses;
  }

  /// Takes a server out of the cluster for good: what is a majority is counted without it.
  ///
  /// @throws VarveException BAD_ARGUMENTS where it runs, is unknown, or is named by `--cluster`
  public void dropReplica(int id) {
    String why =
        !head.known().contains(id)
            ? "there is no server " + id + "; system.replicas shows all"
            : head.live().contains(id)
                ? "server " + id + " runs; stop it first"
                : head.isMember(id)
                    ? "server "
                        + id
                        + " is named by --cluster; restart the others one by one with a list"
                        + " without it first"
                    : "";
    if (!why.isEmpty()) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, why);
    }
    head.drop(id);
  }

  private long versionOf(int id) {
    try {
      return Long.parseLong(peers.source(id).text("/replica/position"));
    } catch (IOException away) {
      return -1;
    }
  }

  @Override
  public void close() {
    watcher.close();
    peers.close();
    own.close();
  }
}
