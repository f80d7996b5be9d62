// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.wire.KafkaDecompressor;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What SQL does with topics: as clients of the protocol do, with errors of SQL. Safe for threads.
public final class TopicStatements {
  private static final String PARTITIONS = "partitions";

  private final Topics topics;

  TopicStatements(Topics topics) {
    this.topics = topics;
  }

  /// All topics, those of tables among them.
  public Collection<Topic> all() {
    return topics.all().stream().map(LiveTopic::shown).toList();
  }

  /// @param settings as clients name them, with underscores in the place of dots; `partitions` too
  public void create(String name, Map<String, String> settings, boolean ifNotExists) {
    Map<String, String> config = new HashMap<>();
    settings.forEach((key, value) -> config.put(key.replace('_', '.'), value));
    String partitions = config.remove(PARTITIONS);
    told(() -> {
      if (ifNotExists && topics.find(name).isPresent()) {
        return topics.find(name);
      }
      return Optional.of(topics.create(name, partitions(partitions), config, false));
    });
  }

  private static int partitions(String text) {
    try {
      return text == null ? 1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "partitions must be a number, found " + text, e);
    }
  }

  /// The table whose grants count for a topic, which need not exist.
  public TableName grantedAs(String name) {
    return topics
        .find(name)
        .filter(live -> live.table() != null)
        .map(live -> live.table().definition().name())
        .orElseGet(() -> Topic.tableNamed(name));
  }

  public void drop(String name, boolean ifExists) {
    told(() -> {
      Optional<LiveTopic> found = topics.find(name);
      if (found.isPresent() || !ifExists) {
        topics.delete(found.orElseThrow(() -> unknown(name)));
      }
      return found;
    });
  }

  /// The records that a topic has now.
  ///
  /// @param types of partition, offset, time, key, headers, value
  /// @param scratch holds each batch until the next
  public BatchSource read(String name, List<DataType> types, Scratch scratch) {
    return told(() -> {
      LiveTopic topic = topics.find(name).orElseThrow(() -> unknown(name));
      List<PartitionLog> logs =
          topic.partitions().stream().map(LivePartition::logInService).toList();
      return new TopicReader(logs, types, new KafkaDecompressor(), scratch);
    });
  }

  private VarveException unknown(String name) {
    List<String> names = all().stream().map(Topic::name).toList();
    return new VarveException(
        ErrorCode.UNKNOWN_TABLE, "no topic \"" + name + "\"" + NearNames.suggest(name, names));
  }

  private static <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (RefusedException e) {
      throw new VarveException(code(e.refusal()), e.getMessage(), e);
    }
  }

  private static ErrorCode code(Refusal refusal) {
    if (refusal == Refusal.TOPIC_ALREADY_EXISTS) {
      return ErrorCode.TABLE_ALREADY_EXISTS;
    }
    return refusal == Refusal.KAFKA_STORAGE_ERROR ? ErrorCode.IO_ERROR : ErrorCode.BAD_ARGUMENTS;
  }
}
