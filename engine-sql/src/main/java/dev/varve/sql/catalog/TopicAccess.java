// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.catalog;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.List;
import java.util.Map;

/// Topics of the log, as SQL sees them. Who has a log plugs it in. Safe for threads.
public interface TopicAccess {
  /// The columns of a topic's records.
  List<ColumnDefinition> COLUMNS =
      List.of(
          ColumnDefinition.of("_partition", DataTypes.INT32),
          ColumnDefinition.of("_offset", DataTypes.INT64),
          ColumnDefinition.of("_timestamp", DataTypes.parse("DateTime64(3)")),
          ColumnDefinition.of("_key", DataTypes.parse("Nullable(String)")),
          ColumnDefinition.of("_headers", DataTypes.parse("Map(String, String)")),
          ColumnDefinition.of("value", DataTypes.parse("Nullable(String)")));

  /// @param settings by the names that Kafka's clients use, and `partitions`
  /// @throws dev.varve.storage.error.VarveException if there is one already, or a setting is wrong
  void create(String name, Map<String, String> settings, boolean ifNotExists);

  /// @throws dev.varve.storage.error.VarveException if there is none, or it is a table's
  void drop(String name, boolean ifExists);

  /// The table whose grants count for a topic: its own, or the one that a plain topic would be by
  /// its name. There need not be such a topic.
  TableName grantedAs(String topic);

  /// The records that a topic has now, as [#COLUMNS]; partition by partition, in the order of their
  /// offsets.
  ///
  /// @param scratch holds each batch until the next; the caller's
  /// @throws dev.varve.storage.error.VarveException if there is none
  BatchSource read(String name, Scratch scratch);
}
