// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

import com.yammer.metrics.core.MetricsRegistry;
import dev.varve.ingest.log.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetricsImpl;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.apache.kafka.server.util.timer.Timer;

/// Kafka's own group coordinator over our log: classic groups and those of the new protocol
/// (KIP-848), and their offsets. This node leads every partition of the log.
///
/// While it loads after a start, requests are answered with COORDINATOR_LOAD_IN_PROGRESS, and
/// clients ask again. Safe for threads.
public final class GroupCoordination implements AutoCloseable {
  private static final String METRICS_GROUP = "group-coordinator-metrics";

  private final GroupCoordinatorService service;
  private final GroupConfigManager configs;
  private final Metrics metrics = new Metrics();
  private final MetricsRegistry registry = new MetricsRegistry();
  private final ExecutorService loaders =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("varve-kafka-load-groups").factory());
  private final TopicFeed feed;

  private GroupCoordination(
      StateLog log, int node, GroupSettings settings, Time time, Timer timer) {
    Map<String, Object> properties = properties(settings, log.partitions());
    GroupCoordinatorConfig config = GroupCoordinatorConfig.fromProps(properties);
    this.configs = new GroupConfigManager(config, shareConfig(properties));
    this.service =
        new GroupCoordinatorService.Builder(node, config)
            .withWriter(new LogWriter(log))
            .withLoader(new LogLoader(log, loaders))
            .withTime(time)
            .withTimer(timer)
            .withCoordinatorRuntimeMetrics(
                new CoordinatorRuntimeMetricsImpl(metrics, METRICS_GROUP, false))
            .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(registry, metrics))
            .withGroupConfigManager(configs)
            .withPersister(new NoOpStatePersister())
            .withAuthorizerPlugin(Optional.empty())
            .withPartitionMetadataClient(new NoShareGroups())
            .build();
    this.feed = new TopicFeed(service, node);
  }

  /// Starts the coordinator; it reads its log in the background.
  ///
  /// @param topics all that exist
  public static GroupCoordination start(
      StateLog log, int node, GroupSettings settings, Collection<Topic> topics) {
    Timer timer = new SystemTimerReaper("varve-kafka-groups", new SystemTimer("varve-groups"));
    return start(log, node, settings, topics, Time.SYSTEM, timer);
  }

  /// The same with clocks of the caller's; the timer is closed with the coordinator.
  public static GroupCoordination start(
      StateLog log,
      int node,
      GroupSettings settings,
      Collection<Topic> topics,
      Time time,
      Timer timer) {
    GroupCoordination started = new GroupCoordination(log, node, settings, time, timer);
    started.service.startup(log::partitions);
    started.update(topics);
    for (int partition = 0; partition < log.partitions(); partition++) {
      started.service.onElection(partition, 0);
    }
    return started;
  }

  private static Map<String, Object> properties(GroupSettings settings, int partitions) {
    Map<String, Object> properties = new HashMap<>();
    // One thread decides for all groups: what it does is small, and the log behind it is one disk.
    properties.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_THREADS_CONFIG, 1);
    properties.put(GroupCoordinatorConfig.GROUP_COORDINATOR_NUM_BACKGROUND_THREADS_CONFIG, 1);
    properties.put(GroupCoordinatorConfig.OFFSETS_TOPIC_PARTITIONS_CONFIG, partitions);
    properties.put(
        GroupCoordinatorConfig.GROUP_INITIAL_REBALANCE_DELAY_MS_CONFIG,
        settings.initialRebalanceDelayMillis());
    properties.put(
        GroupCoordinatorConfig.GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG, settings.minSessionMillis());
    properties.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_SESSION_TIMEOUT_MS_CONFIG, settings.sessionMillis());
    properties.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MIN_SESSION_TIMEOUT_MS_CONFIG,
        Math.min(settings.sessionMillis(), 45_000));
    properties.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MAX_SESSION_TIMEOUT_MS_CONFIG,
        Math.max(settings.sessionMillis(), 60_000));
    properties.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_HEARTBEAT_INTERVAL_MS_CONFIG,
        settings.heartbeatMillis());
    properties.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MIN_HEARTBEAT_INTERVAL_MS_CONFIG,
        Math.min(settings.heartbeatMillis(), 5_000));
    properties.put(
        GroupCoordinatorConfig.CONSUMER_GROUP_MAX_HEARTBEAT_INTERVAL_MS_CONFIG,
        Math.max(settings.heartbeatMillis(), 15_000));
    properties.put(
        GroupCoordinatorConfig.OFFSETS_RETENTION_MINUTES_CONFIG,
        settings.offsetsRetentionMinutes());
    return properties;
  }

  /// Its keys stand partly among those of the group coordinator.
  private static ShareGroupConfig shareConfig(Map<String, Object> properties) {
    ConfigDef all = new ConfigDef(GroupCoordinatorConfig.CONFIG_DEF);
    ShareGroupConfig.CONFIG_DEF.configKeys().values().forEach(all::define);
    return new ShareGroupConfig(new AbstractConfig(all, properties, false));
  }

  public GroupCoordinator coordinator() {
    return service;
  }

  /// Tells the coordinator what topics there are now; cheap where nothing changed.
  public synchronized void update(Collection<Topic> topics) {
    feed.update(topics);
  }

  /// Fails what waits, with an error that makes clients ask again.
  @Override
  public void close() {
    service.shutdown();
    configs.close();
    loaders.close();
    metrics.close();
    registry.shutdown();
  }
}
