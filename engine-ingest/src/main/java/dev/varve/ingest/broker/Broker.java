// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.ProducerIds;
import dev.varve.ingest.log.TopicStore;
import dev.varve.ingest.sink.ScratchPool;
import dev.varve.ingest.wire.Caller;
import dev.varve.ingest.wire.GroupStatus;
import dev.varve.ingest.wire.Protocol;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final RequestMemory memory;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ServerSocketChannel server;
  private final ScheduledExecutorService housekeeping;
  private final BrokerFace face;
  private volatile boolean isStopping;

  private Broker(
      BrokerSettings settings,
      MergeEngine engine,
      ExpressionCompiler compiler,
      BufferAllocator allocator)
      throws IOException, InterruptedException {
    this.settings = settings;
    this.pool = new ScratchPool(allocator);
    this.memory = new RequestMemory(settings.requestMemoryBytes());
    TopicStore store = new TopicStore(settings.directory().resolve("topics"));
    TopicOpener opener =
        new TopicOpener(settings, engine, store, compiler, pool, System::currentTimeMillis);
    this.topics = new Topics(settings, engine, store, opener);
    topics.load();
    String cluster = ClusterId.of(settings.directory());
    ProducerIds producerIds = new ProducerIds(settings.directory().resolve("producer-ids"));
    this.server = ServerSocketChannel.open();
    this.face =
        new BrokerFace(
            topics,
            new TopicChanges(settings, topics, store, opener),
            producerIds,
            cluster,
            metrics,
            () -> isStopping,
            this::advertised);
    this.protocol =
        new Protocol(face, System::nanoTime, settings.groups(), settings.users() != null);
    protocol.warmUp();
    bind();
    protocol.resume();
    this.housekeeping =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("varve-kafka-housekeeping").factory());
    housekeeping.scheduleWithFixedDelay(
        this::tidy, TIDY_MILLIS, TIDY_MILLIS, TimeUnit.MILLISECONDS);
    housekeeping.scheduleWithFixedDelay(
        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    Thread.ofPlatform().daemon().name("varve-kafka-accept").start(this::accept);
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
    try {
      return new Broker(settings, engine, compiler, allocator);
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

  private void bind() throws IOException {
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, 1024);
    } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
      server.close();
      topics.open().forEach(Topics::close);
      pool.close();
      String remedy =
          e instanceof BindException
              ? "; another program has it: stop that, or choose another with --kafka-port"
              : "; choose an address of this machine with --listen";
      throw new VarveException(
          ErrorCode.NETWORK_ERROR,
          "cannot listen for Kafka clients on port "
              + settings.port()
              + " of "
              + settings.host()
              + " ("
              + e.getMessage()
              + ")"
              + remedy,
          e);
    }
  }

  private BrokerFace.Address advertised() {
    String host = settings.advertisedHost();
    if (host.isEmpty()) {
      host = settings.host();
    }
    try {
      if (InetAddress.getByName(host).isAnyLocalAddress()) {
        host = InetAddress.getLocalHost().getHostAddress();
      }
    } catch (java.net.UnknownHostException e) {
      // A name that only clients can resolve is theirs to resolve.
      metrics.add("kafka_advertised_host_unresolved", 1);
    }
    return new BrokerFace.Address(host, port());
  }

  private void accept() {
    while (!isStopping) {
      try {
        SocketChannel client = server.accept();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        metrics.add("kafka_connections_accepted", 1);
        Connection connection =
            new Connection(
                new PlainChannel(client),
                protocol,
                memory,
                metrics,
                settings.maxRequestBytes(),
                caller(client));
        connections.add(connection);
        Thread.ofVirtual().name("varve-kafka-read").start(() -> serve(connection));
      } catch (IOException e) {
        if (!isStopping) {
          metrics.add("kafka_accepts_failed", 1);
        }
      }
    }
  }

  private Caller caller(SocketChannel client) throws IOException {
    InetSocketAddress from = (InetSocketAddress) client.getRemoteAddress();
    return new Caller(client.getLocalAddress() + "-" + from, from.getAddress(), settings.users());
  }

  private void serve(Connection connection) {
    try {
      connection.run(writer -> Thread.ofVirtual().name("varve-kafka-write").start(writer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private void tick() {
    closeStalled(System.nanoTime());
    try {
      protocol.tick();
    } catch (RuntimeException e) {
      metrics.add("kafka_housekeeping_failures", 1);
    }
  }

  /// Ends connections whose clients stopped in the middle of a request long before this time.
  void closeStalled(long nowNanos) {
    connections.forEach(connection -> connection.closeIfStalled(nowNanos));
  }

  private void tidy() {
    try {
      metrics.add("kafka_segments_deleted", topics.tidy());
    } catch (IOException | RuntimeException e) {
      metrics.add("kafka_housekeeping_failures", 1);
    }
  }

  /// The port that clients connect to.
  public int port() {
    try {
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new IllegalStateException("the broker is closed", e);
    }
  }

  /// One row for each open partition, for `system.ingest`.
  public List<IngestStatus> status() {
    return topics.status();
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

  /// Stops taking requests, commits what was taken, and closes the log.
  @Override
  public void close() {
    isStopping = true;
    housekeeping.close();
    try {
      server.close();
    } catch (IOException e) {
      metrics.add("kafka_accepts_failed", 1);
    }
    connections.forEach(Connection::close);
    protocol.close();
    topics.open().forEach(Topics::close);
    pool.close();
  }
}
