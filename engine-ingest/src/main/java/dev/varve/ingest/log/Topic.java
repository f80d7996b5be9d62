// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.storage.table.TableName;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/// A topic as it is kept on disk.
///
/// @param id never used again, unlike the name
/// @param partitions how many it has
/// @param table identity of the table behind it, or empty for a plain topic. A table that is
///   dropped and created anew has another identity, and so gets another topic
/// @param config settings as a client named them (`retention.ms`, …)
public record Topic(
    UUID id, String name, int partitions, String table, Map<String, String> config) {
  /// The broker's own topic of consumer groups and their offsets.
  public static final String OFFSETS = "__consumer_offsets";

  /// The broker's own topic of transactional ids and their transactions.
  public static final String TRANSACTIONS = "__transaction_state";

  private static final String DEFAULT_DATABASE = "default";

  public Topic {
    if (partitions < 1) {
      throw new IllegalArgumentException("a topic of " + partitions + " partitions");
    }
    config = Map.copyOf(config);
  }

  public Topic withName(String other) {
    return new Topic(id, other, partitions, table, config);
  }

  public Topic withPartitions(int total) {
    return new Topic(id, name, total, table, config);
  }

  public Topic withConfig(Map<String, String> other) {
    return new Topic(id, name, partitions, table, other);
  }

  /// As clients see it: an id belongs to one name for them, so that of a table's topic depends on
  /// its name too.
  public Topic shown() {
    if (!isTable()) {
      return this;
    }
    byte[] named = (id + "/" + name).getBytes(StandardCharsets.UTF_8);
    return new Topic(UUID.nameUUIDFromBytes(named), name, partitions, table, config);
  }

  /// Whether it is the broker's own, which clients read but do not write.
  public boolean isInternal() {
    return isInternal(name);
  }

  /// Whether a topic of this name is the broker's own.
  public static boolean isInternal(String name) {
    return name.equals(OFFSETS) || name.equals(TRANSACTIONS);
  }

  /// The table that a topic of this name is, or would be: `database.table`, or `table` of the
  /// default database.
  public static TableName tableNamed(String topic) {
    int dot = topic.indexOf('.');
    return dot > 0 && dot < topic.length() - 1
        ? new TableName(topic.substring(0, dot), topic.substring(dot + 1))
        : new TableName(DEFAULT_DATABASE, topic);
  }

  /// The name of a table's topic.
  public static String named(TableName table) {
    return table.database().equals(DEFAULT_DATABASE)
        ? table.table()
        : table.database() + "." + table.table();
  }

  public boolean isTable() {
    return !table.isEmpty();
  }
}
