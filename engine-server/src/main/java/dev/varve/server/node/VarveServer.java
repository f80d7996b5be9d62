// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.broker.Broker;
import dev.varve.ingest.broker.BrokerSettings;
import dev.varve.ingest.wire.outside.OutsideReaders;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.http.HttpServer;
import dev.varve.server.metrics.Metrics;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.sql.operator.EngineMemory;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.column.BlockCache;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;

/// One server over one data directory. Ports are open when [#open] returns; closing stops taking
/// work, flushes the tail of the log into parts and gives the directory free.
public final class VarveServer implements AutoCloseable {
  private final ServerConfig config;
  private final Closing closing;
  private final Broker broker;
  private final HttpServer http;

  private VarveServer(ServerConfig config, Closing closing, Broker broker, HttpServer http) {
    this.config = config;
    this.closing = closing;
    this.broker = broker;
    this.http = http;
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
      MergeEngine tables =
          closing.add(MergeEngine.open(config.data(), config.merges(), allocator, blocks));
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
                      new ConsumerGroupsTable(log::get),
                      new KafkaConsumersTable(outside::get))));
      sql.plug(UserFiles.inside(config.data().resolve("user_files")));
      addMetrics(metrics, sql);
      requireUsersBeyondLoopback(config, sql);
      Broker broker =
          closing.add(Broker.open(logSettings(config, sql), tables, sql.compiler(), allocator));
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
                  config.listen(),
                  config.httpPort(),
                  sql,
                  metrics,
                  List.of(new FrameEncoding(allocator)),
                  config.data().resolve("tmp")));
      return new VarveServer(config, closing, broker, http);
    } catch (RuntimeException | Error failure) {
      closing.closeAfter(failure);
      throw failure;
    }
  }

  /// With users, clients of the log must be one of them, from this start on.
  private static BrokerSettings logSettings(ServerConfig config, SqlEngine sql) {
    BrokerSettings settings =
        BrokerSettings.of(config.data().resolve("log"), config.listen(), config.kafkaPort());
    return sql.access().hasUsers() ? settings.withUsers(new LogUsers(sql.access())) : settings;
  }

  private static void requireUsersBeyondLoopback(ServerConfig config, SqlEngine sql) {
    if (!config.servesLoopbackOnly() && !sql.access().hasUsers()) {
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

  public int kafkaPort() {
    return broker.port();
  }

  /// What the launcher prints when the server serves.
  public String readyLine() {
    return "varve ready http="
        + config.listen()
        + ":"
        + httpPort()
        + " kafka="
        + config.listen()
        + ":"
        + kafkaPort()
        + " data="
        + config.data().toAbsolutePath();
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
