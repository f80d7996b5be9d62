// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.log.TopicStore;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.sink.CommitQueue;
import dev.varve.ingest.sink.DeadLetters;
import dev.varve.ingest.sink.MergeTableSink;
import dev.varve.ingest.sink.Replay;
import dev.varve.ingest.sink.ScratchPool;
import dev.varve.ingest.sink.SharedTableSink;
import dev.varve.ingest.sink.TableSink;
import dev.varve.ingest.wire.KafkaDecompressor;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Brings topics from disk into service. A partition whose log is damaged, or whose records do not
/// fit its table any more, is out of service with the reason; the others go on.
final class TopicOpener {
  private final BrokerSettings settings;
  private final MergeEngine engine;
  private final TopicStore store;
  private final ExpressionCompiler compiler;
  private final ScratchPool pool;
  private final LongSupplier clock;
  private final Sharing sharing;
  private final ThreadFactory threads = Thread.ofVirtual().name("varve-commit-", 0).factory();
  private final KafkaDecompressor decompressor = new KafkaDecompressor();

  /// How partitions are shared.
  ///
  /// @param self this server
  /// @param signal has what is agreed on looked at soon
  record Sharing(int self, Runnable signal) {}

  /// @param sharing null for a server that is alone
  TopicOpener(
      BrokerSettings settings,
      MergeEngine engine,
      TopicStore store,
      ExpressionCompiler compiler,
      ScratchPool pool,
      LongSupplier clock,
      Sharing sharing) {
    this.settings = settings;
    this.engine = engine;
    this.store = store;
    this.compiler = compiler;
    this.pool = pool;
    this.clock = clock;
    this.sharing = sharing;
  }

  LiveTopic openPlain(Topic topic) {
    return grown(topic, List.of());
  }

  /// A plain topic, some of whose partitions are in service already.
  LiveTopic grown(Topic topic, List<LivePartition> known) {
    LogSettings log =
        TopicConfig.settings(TopicConfig.ofEveryTopic(topic.config()), settings.plainLog());
    List<LivePartition> partitions = new ArrayList<>(known);
    for (int i = known.size(); i < topic.partitions(); i++) {
      partitions.add(open(topic, i, log, null, false));
    }
    return new LiveTopic(topic, null, null, partitions);
  }

  LiveTopic openTable(Topic topic, MergeTable table) {
    long id = table.id();
    BooleanSupplier isGone = () -> !engine.hasTable(id);
    MergeTableSink own = new MergeTableSink(table, compiler, decompressor, pool, isGone);
    TableSink sink = sharing == null ? own : new SharedTableSink(own, table, pool);
    List<LivePartition> partitions = new ArrayList<>();
    for (int i = 0; i < topic.partitions(); i++) {
      partitions.add(open(topic, i, settings.tableLog(), sink, own.keepsBad()));
    }
    return new LiveTopic(topic, table, sink, partitions);
  }

  private LivePartition open(
      Topic topic, int index, LogSettings logSettings, TableSink sink, boolean keepsBad) {
    Path directory = store.partition(topic, index);
    if (sharing != null) {
      return openShared(directory, index, logSettings, sink, keepsBad);
    }
    long durable = sink == null ? 0 : sink.durableOffsets().getOrDefault(index, 0L);
    PartitionLog log;
    DeadLetters dead = null;
    try {
      log = PartitionLog.open(directory, logSettings, clock, durable);
      dead = sink == null ? null : new DeadLetters(directory, clock);
    } catch (VarveException | IOException e) {
      return new LivePartition(null, null, null, String.valueOf(e.getMessage()));
    }
    Replay replay = sink == null ? null : new Replay(index, log, sink, dead, keepsBad, pool);
    try {
      if (sink != null) {
        replay.run();
      }
    } catch (RefusedException | VarveException | IOException e) {
      log.fail(
          "records of partition "
              + index
              + " of topic "
              + topic.name()
              + " could not be shown after the restart: "
              + e.getMessage());
    }
    CommitQueue queue = new CommitQueue(index, log, sink, dead, replay, threads, pool);
    return new LivePartition(log, queue, dead, null);
  }

  private LivePartition openShared(
      Path directory, int index, LogSettings logSettings, TableSink sink, boolean keepsBad) {
    try {
      DeadLetters dead = sink == null ? null : new DeadLetters(directory, clock);
      SharedPartition shared =
          new SharedPartition(
              sharing.self(),
              directory,
              from -> PartitionLog.open(directory, logSettings, clock, from),
              log -> {
                Replay replay =
                    sink == null ? null : new Replay(index, log, sink, dead, keepsBad, pool);
                if (sink != null) {
                  replay.run(); // what came under earlier leaders, and is not in the table yet
                }
                return new CommitQueue(index, log, sink, dead, replay, threads, pool);
              },
              sink != null,
              sharing.signal());
      return new LivePartition(null, null, dead, null, shared);
    } catch (VarveException | IOException e) {
      return new LivePartition(null, null, null, String.valueOf(e.getMessage()));
    }
  }
}
