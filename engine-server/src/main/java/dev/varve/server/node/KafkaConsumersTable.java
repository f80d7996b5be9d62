// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.wire.outside.OutsideReaders;
import dev.varve.ingest.wire.outside.OutsideStatus;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// `system.kafka_consumers`: one row for each partition that a table of the engine Kafka reads.
///
/// @param readers asked at each read; null while there are none yet
record KafkaConsumersTable(Supplier<OutsideReaders> readers) implements SystemTable {
  private static final DataType OFFSET = DataTypes.parse("Nullable(Int64)");

  @Override
  public String name() {
    return "kafka_consumers";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("database", DataTypes.STRING),
        new ResultColumn("table", DataTypes.STRING),
        new ResultColumn("topic", DataTypes.STRING),
        new ResultColumn("partition", DataTypes.INT32),
        new ResultColumn("current_offset", DataTypes.INT64),
        new ResultColumn("log_end_offset", OFFSET),
        new ResultColumn("lag", OFFSET),
        new ResultColumn("records", DataTypes.INT64),
        new ResultColumn("last_error", DataTypes.STRING));
  }

  @Override
  public List<List<Object>> rows() {
    List<List<Object>> rows = new ArrayList<>();
    OutsideReaders open = readers.get();
    for (OutsideStatus status : open == null ? List.<OutsideStatus>of() : open.status()) {
      boolean isKnown = status.end() >= 0;
      rows.add(
          Arrays.asList(
              status.database(),
              status.table(),
              status.topic(),
              (long) status.partition(),
              status.offset(),
              isKnown ? status.end() : null,
              isKnown ? Math.max(0, status.end() - status.offset()) : null,
              status.records(),
              status.lastError()));
    }
    return rows;
  }
}
