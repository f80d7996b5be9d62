// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.replica.Replica;
import dev.varve.ingest.broker.Broker;
import dev.varve.ingest.broker.BrokerSettings;
import dev.varve.ingest.broker.Listening;
import dev.varve.ingest.wire.outside.OutsideReaders;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.server.cluster.ClusterTable;
import dev.varve.server.cluster.PrimaryCalls;
import dev.varve.server.cluster.ReplicaDoor;
import dev.varve.server.cluster.ReplicasTable;
import dev.varve.server.cluster.SharedCatalog;
import dev.varve.server.cluster.ZooKeeperTable;
import dev.varve.server.cluster.ZooKeeperTopics;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.config.TlsConfig;
import dev.varve.server.http.HttpServer;
import dev.varve.server.http.HttpSettings;
import dev.varve.server.metrics.Metrics;
import dev.varve.server.tls.ClusterIdentity;
import dev.varve.server.tls.TlsContexts;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.sql.operator.EngineMemory;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.column.BlockCache;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;

/// One server over one data directory. Ports are open when [#open] returns; closing stops taking
/// work, flushes the tail of the log into parts and gives the directory free.
public final class VarveServer implements AutoCloseable {
  private final ServerConfig config;
  private final Closing closing;
  private final SqlEngine sql;
  private final Broker broker;
  private final HttpServer http;
  private final Door flight;

  /// @param flight null where Flight SQL is not served
  private VarveServer(
      ServerConfig config,
      Closing closing,
      SqlEngine sql,
      Broker broker,
      HttpServer http,
      Door flight) {
    this.config = config;
    this.closing = closing;
    this.sql = sql;
    this.broker = broker;
    this.http = http;
    this.flight = flight;
  }

  /// Opens the data directory, replays the log, and serves.
  ///
  /// @throws dev.varve.storage.error.VarveException DIRECTORY_LOCKED or NETWORK_ERROR; everything
  ///   opened before is closed again
  public static VarveServer open(ServerConfig config) {
    Closing closing = new Closing();
    try {
      BlockCache blocks = new BlockCache(config.memoryBytes() / 2);
      BufferAllocator allocator = closing.add(blocks.allocatorBeside(config.memoryBytes()));
      Metrics metrics = new Metrics();
      metrics.gauge("varve_memory_bytes", "Off-heap bytes in use", allocator::getAllocatedMemory);
      metrics.gauge("varve_memory_limit_bytes", "Off-heap bytes there may be", config::memoryBytes);
      Replica replica =
          config.cluster() == null
              ? null
              : closing.add(Replica.open(clusterSettings(config), config.data()));
      MergeEngine tables = closing.add(openEngine(config, allocator, blocks, replica));
      cacheMetrics(metrics, blocks);
      metrics.gauge(
          "varve_quarantined_parts",
          "Parts not read as they are damaged",
          tables::quarantinedParts);
      mergeMetrics(metrics, tables);
      AtomicReference<Broker> log = new AtomicReference<>();
      AtomicReference<OutsideReaders> outside = new AtomicReference<>();
      SqlEngine sql =
          closing.add(
              new SqlEngine(
                  tables,
                  allocator,
                  config.threads(),
                  List.of(
                      new MetricsTable(metrics),
                      new IngestTable(log::get),
                      new DeadLettersTable(log::get, outside::get),
                      new TopicsTable(log::get),
                      new TopicPartitionsTable(log::get),
                      new ZooKeeperTable(replica),
                      new ClusterTable(replica),
                      new ReplicasTable(replica),
                      new ConsumerGroupsTable(log::get),
                      new KafkaConsumersTable(outside::get))));
      sql.plug(UserFiles.inside(config.data().resolve("user_files")));
      sql.plugBackups(UserFiles.inside(config.backups()));
      if (replica != null) {
        sql.plug(closing.add(new PrimaryCalls(replica.catalog())));
      }
      addMetrics(metrics, sql);
      requireUsersBeyondLoopback(config, sql);
      Broker broker =
          closing.add(
              Broker.open(
                  logSettings(config, sql),
                  tables,
                  sql.compiler(),
                  allocator,
                  replica == null ? null : new ZooKeeperTopics(replica)));
      log.set(broker);
      sql.plug(new NodeTopics(broker.statements()));
      outside.set(
          closing.add(
              OutsideReaders.open(
                  tables, sql.compiler(), allocator, config.data().resolve("log/outside"))));
      metrics.add(broker::metrics);
      HttpServer http =
          closing.add(
              HttpServer.open(
                  httpSettings(config),
                  sql,
                  metrics,
                  List.of(new FrameEncoding(allocator, false), new FrameEncoding(allocator, true)),
                  replica == null
                      ? Optional.empty()
                      : Optional.of(
                          new ReplicaDoor(replica, sql, allocator, broker::answerServer))));
      Door flight = null;
      if (config.flightPort() != ServerConfig.NO_PORT) {
        flight = closing.add(Door.flight(config, sql, allocator));
      }
      if (replica != null) {
        ClusterSettings cluster = replica.cluster().settings();
        int port = cluster.encryption().isPresent() ? http.tlsPort() : http.port();
        replica.start(cluster.host(config.listen()) + ":" + port);
      }
      return new VarveServer(config, closing, sql, broker, http, flight);
    } catch (RuntimeException | Error failure) {
      closing.closeAfter(failure);
      throw failure;
    }
  }

  private static MergeEngine openEngine(
      ServerConfig config, BufferAllocator allocator, BlockCache blocks, Replica replica) {
    if (replica == null) {
      return MergeEngine.open(config.data(), config.merges(), allocator, blocks);
    }
    AtomicReference<MergeEngine> engine = new AtomicReference<>();
    engine.set(
        MergeEngine.open(
            config.data(), config.merges(), allocator, blocks, new SharedCatalog(replica, engine)));
    engine.get().following().background(false);
    return engine.get();
  }

  private static BrokerSettings logSettings(ServerConfig config, SqlEngine sql) {
    BrokerSettings settings =
        BrokerSettings.of(
                config.data().resolve("log"),
                config.listen(),
                config.servesPlain() ? config.kafkaPort() : Listening.NONE)
            .withUsers(new LogUsers(sql.access()))
            .withGroups(config.groups());
    TlsConfig tls = config.tls();
    return tls == null ? settings : settings.withTls(TlsContexts.of(tls.files()), tls.kafkaPort());
  }

  private static ClusterSettings clusterSettings(ServerConfig config) {
    Optional<Path> authorities =
        Optional.ofNullable(config.tls()).flatMap(TlsConfig::clusterAuthorities);
    return authorities
        .map(by -> ClusterIdentity.of(config.tls().files(), by, config.data()))
        .map(config.cluster()::encrypted)
        .orElse(config.cluster());
  }

  private static HttpSettings httpSettings(ServerConfig config) {
    int plain = config.servesPlain() ? config.httpPort() : HttpSettings.NONE;
    HttpSettings settings =
        HttpSettings.plain(config.listen(), plain, config.data().resolve("tmp"));
    TlsConfig tls = config.tls();
    return tls == null ? settings : settings.withTls(TlsContexts.of(tls.files()), tls.httpPort());
  }

  private static void requireUsersBeyondLoopback(ServerConfig config, SqlEngine sql) {
    if (config.cluster() != null && !config.servesLoopbackOnly()) {
      sql.access().requireUsers(); // they may come from the other servers
    } else if (!config.servesLoopbackOnly() && !sql.access().hasUsers()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "--listen "
              + config.listen()
              + " would serve other machines, and there are no users to authenticate; serve"
              + " 127.0.0.1 first and run CREATE USER name IDENTIFIED BY 'password'");
    }
  }

  private static void addMetrics(Metrics metrics, SqlEngine sql) {
    EngineMemory memory = sql.memory();
    metrics.gauge("varve_query_heap_bytes", "Java heap held by queries", memory::heapBytes);
    metrics.counter(
        "varve_spilled_bytes_total", "Bytes put on disk by queries", memory.space()::writtenBytes);
    metrics.gauge("varve_spilled_bytes", "Bytes on disk now", memory.space()::heldBytes);
    metrics.gauge("varve_plans_kept", "Plans in the plan cache", sql::plansKept);
    metrics.counter("varve_plan_cache_hits_total", "Plans used again", sql::planCacheHits);
    metrics.counter(
        "varve_plan_cache_misses_total", "Statements planned anew", sql::planCacheMisses);
  }

  private static void cacheMetrics(Metrics metrics, BlockCache blocks) {
    metrics.gauge("varve_block_cache_bytes", "Off-heap bytes of cached blocks", blocks::bytes);
    metrics.gauge("varve_block_cache_limit_bytes", "Bytes the cache takes at most", blocks::limit);
    metrics.gauge("varve_block_cache_blocks", "Blocks in the cache", blocks::blocks);
    metrics.counter("varve_block_cache_hits_total", "Blocks found there", blocks::hits);
    metrics.counter("varve_block_cache_misses_total", "Blocks read from files", blocks::misses);
  }

  public int httpPort() {
    return http.port();
  }

  /// The encrypted port of HTTP, where there is a certificate.
  public int httpsPort() {
    return http.tlsPort();
  }

  public int kafkaPort() {
    return broker.port();
  }

  /// The encrypted port of the log, where there is a certificate.
  public int kafkaTlsPort() {
    return broker.tlsPort();
  }

  /// Makes the first queries of clients quick, in the background.
  public void warmUp() {
    Thread.ofPlatform()
        .name("first-queries")
        .daemon()
        .priority(Thread.MIN_PRIORITY)
        .start(new FirstQueries(sql));
  }

  /// The port of Flight SQL, where it is served.
  public int flightPort() {
    return flight.port();
  }

  /// What the launcher prints when the server serves.
  public String readyLine() {
    String at = "=" + config.listen() + ":";
    StringBuilder line = new StringBuilder("varve ready");
    if (config.servesPlain()) {
      line.append(" http").append(at).append(httpPort());
      line.append(" kafka").append(at).append(kafkaPort());
    }
    if (config.tls() != null) {
      line.append(" https").append(at).append(httpsPort());
      line.append(" kafka-tls").append(at).append(kafkaTlsPort());
    }
    if (flight != null) {
      line.append(" flight").append(at).append(flightPort());
    }
    return line.append(" data=").append(config.data().toAbsolutePath()).toString();
  }

  @Override
  public void close() {
    closing.close();
  }

  private static void mergeMetrics(Metrics metrics, MergeEngine tables) {
    metrics.gauge("varve_merges_running", "Merges that run now", () -> tables.merges().size());
    metrics.counter(
        "varve_merges_total", "Background merges that went well", tables::finishedMerges);
    metrics.counter(
        "varve_failed_merges_total", "Background merges that failed", tables::failedMerges);
    metrics.gauge(
        "varve_delayed_tables", "Tables whose inserts wait for merges", tables::delayedTables);
    metrics.counter(
        "varve_delayed_inserts_total",
        "Blocks of inserts that waited for merges",
        tables::delayedInserts);
  }
}
