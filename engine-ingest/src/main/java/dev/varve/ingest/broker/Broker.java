// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.connection.BrokerMetrics;
import dev.varve.ingest.connection.Connections;
import dev.varve.ingest.connection.Listener;
import dev.varve.ingest.log.ProducerIds;
import dev.varve.ingest.log.TopicStore;
import dev.varve.ingest.replica.SharedTopics;
import dev.varve.ingest.sink.ScratchPool;
import dev.varve.ingest.wire.GroupStatus;
import dev.varve.ingest.wire.Protocol;
import dev.varve.ingest.wire.quota.ClientQuotas;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;

/// A Kafka broker over the tables of a merge engine: each table is a topic, and plain topics beside
/// them. When it is open, all that was acknowledged before a crash is visible again.
///
/// Close it before the engine. Safe for threads.
public final class Broker implements AutoCloseable {
  private static final long TIDY_MILLIS = 5_000;
  private static final long TICK_MILLIS = 1_000;

  private final BrokerSettings settings;
  private final Topics topics;
  private final ScratchPool pool;
  private final Protocol protocol;
  private final BrokerMetrics metrics = new BrokerMetrics();
  private final Connections connections;
  private final List<Listener> listeners = new ArrayList<>();
  private final ScheduledExecutorService housekeeping;
  private final BrokerFace face;
  private final LogReplication replication;
  private volatile boolean isStopping;

  private Broker(
      BrokerSettings settings,
      MergeEngine engine,
      ExpressionCompiler compiler,
      BufferAllocator allocator,
      SharedTopics shared)
      throws IOException, InterruptedException {
    this.settings = settings;
    this.pool = new ScratchPool(allocator);
    TopicStore store = new TopicStore(settings.directory().resolve("topics"));
    TopicOpener.Sharing sharing =
        shared == null ? null : new TopicOpener.Sharing(shared.self(), this::lookAtCluster);
    TopicOpener opener =
        new TopicOpener(
            settings, engine, store, compiler, pool, System::currentTimeMillis, sharing);
    SharedOrigin agreed = shared == null ? null : new SharedOrigin(shared, store);
    TopicOrigin origin = shared == null ? TopicOrigin.alone(store) : agreed;
    this.topics = new Topics(settings, engine, store, origin, opener);
    if (shared == null) {
      topics.load();
    }
    this.replication =
        shared == null
            ? null
            : new LogReplication(shared, new FollowedTopics(topics, shared, agreed, opener));
    String cluster = shared == null ? ClusterId.of(settings.directory()) : "";
    ProducerIds producerIds = new ProducerIds(settings.directory().resolve("producer-ids"));
    this.face =
        new BrokerFace(
            topics,
            new TopicChanges(settings, topics, origin, opener),
            producerIds,
            shared == null ? () -> cluster : shared::clusterId,
            metrics,
            () -> isStopping,
            this::advertised,
            shared == null ? null : new Cooperation(shared, agreed));
    this.protocol =
        new Protocol(
            face,
            System::nanoTime,
            settings.groups(),
            new ClientQuotas(settings.directory()),
            settings.users() != null);
    this.connections =
        new Connections(
            protocol,
            metrics,
            settings.users(),
            settings.maxRequestBytes(),
            settings.requestMemoryBytes());
    protocol.warmUp();
    listen();
    if (shared == null) {
      protocol.resume();
    }
    this.housekeeping =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("varve-kafka-housekeeping").factory());
    housekeeping.scheduleWithFixedDelay(
        this::tidy, TIDY_MILLIS, TIDY_MILLIS, TimeUnit.MILLISECONDS);
    housekeeping.scheduleWithFixedDelay(
        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    listeners.forEach(listener -> listener.start(connections));
    if (shared != null) {
      BrokerFace.Address plain = advertised(false);
      int encryptedPort = settings.listening().encryption() == null ? 0 : tlsPort();
      int port = settings.listening().port() == Listening.NONE ? 0 : plain.port();
      shared.announce(new SharedTopics.Server(shared.self(), plain.host(), port, encryptedPort));
      replication.start();
    }
  }

  private void lookAtCluster() {
    if (replication != null) {
      replication.signal();
    }
  }

  /// Opens the log, brings the tables up to it, and listens.
  ///
  /// @param compiler evaluates DEFAULT expressions
  /// @throws VarveException NETWORK_ERROR if the port is taken, IO_ERROR if the log cannot be
  ///   opened
  public static Broker open(
      BrokerSettings settings,
      MergeEngine engine,
      ExpressionCompiler compiler,
      BufferAllocator allocator) {
    return open(settings, engine, compiler, allocator, null);
  }

  /// As the other, as one of several servers that keep the log together.
  ///
  /// @param shared what they agree on; null for a server that is alone
  public static Broker open(
      BrokerSettings settings,
      MergeEngine engine,
      ExpressionCompiler compiler,
      BufferAllocator allocator,
      SharedTopics shared) {
    try {
      return new Broker(settings, engine, compiler, allocator, shared);
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR,
          "cannot open the log in " + settings.directory() + ": " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VarveException(
          ErrorCode.QUERY_WAS_CANCELLED, "interrupted while the log was opened", e);
    }
  }

  private void listen() throws IOException {
    Listening where = settings.listening();
    try {
      if (where.port() != Listening.NONE) {
        listeners.add(Listener.open(where.host(), where.port(), null, "--kafka-port"));
      }
      if (where.encryption() != null) {
        listeners.add(
            Listener.open(
                where.host(), where.encryptedPort(), where.encryption(), "--kafka-tls-port"));
      }
    } catch (IOException | VarveException e) {
      closeListeners();
      topics.open().forEach(Topics::close);
      pool.close();
      throw e;
    }
  }

  private void closeListeners() {
    for (Listener listener : listeners) {
      try {
        listener.close();
      } catch (IOException e) {
        metrics.add("kafka_accepts_failed", 1);
      }
    }
  }

  private BrokerFace.Address advertised(boolean encrypted) {
    Listening where = settings.listening();
    String host = where.advertisedHost().isEmpty() ? where.host() : where.advertisedHost();
    try {
      if (InetAddress.getByName(host).isAnyLocalAddress()) {
        host = InetAddress.getLocalHost().getHostAddress();
      }
    } catch (UnknownHostException e) {
      // A name that only clients can resolve is theirs to resolve.
      metrics.add("kafka_advertised_host_unresolved", 1);
    }
    return new BrokerFace.Address(host, encrypted ? tlsPort() : port());
  }

  private void tick() {
    connections.closeStalled(System.nanoTime());
    try {
      protocol.tick();
    } catch (RuntimeException e) {
      metrics.add("kafka_housekeeping_failures", 1);
    }
  }

  private void tidy() {
    try {
      metrics.add("kafka_segments_deleted", topics.tidy());
    } catch (IOException | RuntimeException e) {
      metrics.add("kafka_housekeeping_failures", 1);
    }
  }

  /// The port of clients that do not encrypt.
  public int port() {
    return listeners.getFirst().port();
  }

  /// The port of clients that do, where there is one.
  public int tlsPort() {
    return listeners.getLast().port();
  }

  /// Ends connections whose clients stopped in the middle of a request long before this time.
  void closeStalled(long nowNanos) {
    connections.closeStalled(nowNanos);
  }

  /// One row for each open partition, for `system.ingest`.
  public List<IngestStatus> status() {
    return topics.status();
  }

  /// Partitions that several servers keep, for `system.topic_partitions`; none where the server is
  /// alone.
  public List<PartitionStatus> partitions() {
    return replication == null ? List.of() : replication.status();
  }

  /// Consumer groups with members, partitions and offsets, for `system.consumer_groups`.
  public List<GroupStatus> groups() {
    return protocol.groups();
  }

  /// What SQL does with topics.
  public TopicStatements statements() {
    return new TopicStatements(topics);
  }

  /// Shows the records that did not fit their tables, for `system.dead_letters`.
  public void visitDeadLetters(DeadLetterVisitor visitor) {
    topics.visitDeadLetters(visitor);
  }

  /// Counters since the start, by name.
  public Map<String, Long> metrics() {
    Map<String, Long> values = metrics.values();
    values.put("kafka_connections", (long) connections.size());
    return values;
  }

  /// The last request that failed by a defect of ours, for the server's log; null if none did.
  public Throwable lastDefect() {
    return metrics.lastDefect();
  }

  /// Answers a request of another server of the cluster.
  ///
  /// @param request of Kafka's protocol, header and body
  /// @return the answer with its length in front
  public byte[] answerServer(byte[] request) throws IOException, InterruptedException {
    return protocol.answerServer(request);
  }

  /// Stops taking requests, commits what was taken, and closes the log.
  @Override
  public void close() {
    isStopping = true;
    housekeeping.close();
    closeListeners();
    connections.close();
    protocol.close();
    if (replication != null) {
      replication.close();
    }
    topics.open().forEach(Topics::close);
    pool.close();
  }
}
