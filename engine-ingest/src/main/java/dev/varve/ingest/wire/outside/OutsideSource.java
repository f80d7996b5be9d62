// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.outside;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;

/// What a table of the engine `Kafka` reads, as its settings say.
///
/// @param group whose offsets are where the table begins, and are told how far it is
/// @param consumers that share the partitions
/// @param maxRows records of one commit, about
/// @param flushMillis how long the first record of a commit waits for others
/// @param security how the cluster is spoken to, and as whom: part of a client's configuration
/// @param reset where a partition goes on whose records are gone: `none`, `earliest` or `latest`
record OutsideSource(
    String brokers,
    List<String> topics,
    String group,
    String clientId,
    int consumers,
    int maxRows,
    int flushMillis,
    Map<String, Object> security,
    String reset) {
  private static final int REQUEST_MILLIS = 10_000;

  static OutsideSource of(TableDefinition table) {
    Map<String, String> settings = table.settings();
    return new OutsideSource(
        settings.get(TableDefinition.OUTSIDE),
        Arrays.stream(settings.getOrDefault("kafka_topic_list", "").split(","))
            .map(String::strip)
            .toList(),
        settings.getOrDefault("kafka_group_name", ""),
        settings.getOrDefault("kafka_client_id", "varve-" + table.name()),
        number(table, "kafka_num_consumers", 1),
        number(table, "kafka_max_block_size", 65_536),
        number(table, "kafka_flush_interval_ms", 500),
        OutsideSecurity.of(table),
        settings.getOrDefault("kafka_auto_offset_reset", "none"));
  }

  private static int number(TableDefinition table, String setting, int byDefault) {
    String text = table.settings().get(setting);
    try {
      int number = text == null ? byDefault : Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad(table, setting, text, e);
    }
    throw bad(table, setting, text, null);
  }

  private static VarveException bad(
      TableDefinition table, String setting, String found, NumberFormatException cause) {
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "table " + table.name() + ": " + setting + " must be a number from 1 on, found " + found,
        cause);
  }

  /// The name of the mark that says how far the table is in a partition.
  static String mark(TopicPartition partition) {
    return "kafka " + partition.topic() + " " + partition.partition();
  }

  Map<String, Object> consumerConfig(int index) {
    Map<String, Object> config = new HashMap<>(security);
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    if (!group.isEmpty()) {
      config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    }
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId + "-" + index);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(maxRows, 10_000));
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    return config;
  }
}
