// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.broker.Broker;
import dev.varve.ingest.broker.PartitionStatus;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// `system.topic_partitions`: one row for each partition of the log that servers of a cluster keep
/// together, as this server sees it.
///
/// @param broker asked at each read; null while the log is not open yet
record TopicPartitionsTable(Supplier<Broker> broker) implements SystemTable {
  @Override
  public String name() {
    return "topic_partitions";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("topic", DataTypes.STRING),
        new ResultColumn("partition", DataTypes.INT32),
        new ResultColumn("leader", DataTypes.INT32),
        new ResultColumn("epoch", DataTypes.INT32),
        new ResultColumn("isr", DataTypes.parse("Array(Int32)")),
        new ResultColumn("replicas", DataTypes.parse("Array(Int32)")),
        new ResultColumn("end_offset", DataTypes.INT64),
        new ResultColumn("high_watermark", DataTypes.INT64),
        new ResultColumn("last_error", DataTypes.STRING));
  }

  @Override
  public List<List<Object>> rows() {
    Broker open = broker.get();
    List<PartitionStatus> all = open == null ? List.of() : open.partitions();
    return all.stream()
        .sorted(
            Comparator.comparing(PartitionStatus::topic)
                .thenComparingInt(PartitionStatus::partition))
        .map(TopicPartitionsTable::row)
        .toList();
  }

  private static List<Object> row(PartitionStatus status) {
    return List.of(
        status.topic(),
        (long) status.partition(),
        (long) status.state().leader(),
        (long) status.state().epoch(),
        longs(status.state().isr()),
        longs(status.state().replicas()),
        status.endOffset(),
        status.highWatermark(),
        status.lastError());
  }

  private static List<Long> longs(List<Integer> ids) {
    return ids.stream().map(Integer::longValue).toList();
  }
}
