// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.sink.DeadLetters;
import dev.varve.ingest.sink.MergeTableSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The dead letters of tables as topics that clients read and nobody writes: `table.errors` beside
/// the topic `table`, with its partitions. There is one where the table keeps bad records, or has
/// some. Safe for threads.
final class ErrorTopics {
  private static final String SUFFIX = ".errors";

  private final Function<String, Optional<LiveTopic>> tables;
  private final Map<UUID, String> names = new ConcurrentHashMap<>();

  /// @param tables the topic of a table by its name
  ErrorTopics(Function<String, Optional<LiveTopic>> tables) {
    this.tables = tables;
  }

  Optional<LiveTopic> find(String name) {
    return name.endsWith(SUFFIX)
        ? tables.apply(name.substring(0, name.length() - SUFFIX.length())).flatMap(this::of)
        : Optional.empty();
  }

  Optional<LiveTopic> find(UUID id) {
    String name = names.get(id);
    return name == null
        ? Optional.empty()
        : find(name).filter(live -> live.topic().id().equals(id));
  }

  /// The dead letters of a table's topic.
  Optional<LiveTopic> of(LiveTopic live) {
    boolean isUsed =
        MergeTableSink.keepsBad(live.table())
            || live.partitions().stream()
                .map(LivePartition::deadLetters)
                .anyMatch(letters -> letters != null && letters.isUsed());
    return isUsed ? Optional.of(show(live)) : Optional.empty();
  }

  private LiveTopic show(LiveTopic live) {
    Topic of = live.shown();
    String name = of.name() + SUFFIX;
    UUID id = UUID.nameUUIDFromBytes((of.id() + SUFFIX).getBytes(StandardCharsets.UTF_8));
    names.put(id, name);
    List<LivePartition> partitions = new ArrayList<>();
    for (LivePartition partition : live.partitions()) {
      DeadLetters letters = partition.deadLetters();
      partitions.add(
          letters == null
              ? new LivePartition(null, null, null, partition.failure())
              : new LivePartition(letters.log(), null, null, null));
    }
    return new LiveTopic(
        new Topic(id, name, partitions.size(), "", Map.of()), live.table(), null, partitions);
  }

  /// Whether a topic holds the dead letters of a table.
  static boolean isOne(LiveTopic live) {
    return live.table() != null && live.sink() == null;
  }

  /// @throws RefusedException INVALID_TOPIC_EXCEPTION for a topic of dead letters
  static void checkWritable(LiveTopic live) {
    if (isOne(live)) {
      throw new RefusedException(
          Refusal.INVALID_TOPIC_EXCEPTION,
          "topic "
              + live.topic().name()
              + " holds the records that table "
              + live.table().definition().name()
              + " could not take; clients read it");
    }
  }
}
