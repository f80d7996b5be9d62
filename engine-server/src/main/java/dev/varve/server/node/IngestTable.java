// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.broker.Broker;
import dev.varve.ingest.broker.IngestStatus;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// `system.ingest`: one row for each log partition.
///
/// @param broker asked at each read; null while the log is not open yet
record IngestTable(Supplier<Broker> broker) implements SystemTable {
  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("topic", DataTypes.STRING),
        new ResultColumn("partition", DataTypes.INT32),
        new ResultColumn("table", DataTypes.STRING),
        new ResultColumn("log_start_offset", DataTypes.INT64),
        new ResultColumn("log_end_offset", DataTypes.INT64),
        new ResultColumn("high_watermark", DataTypes.INT64),
        new ResultColumn("applied_offset", DataTypes.INT64),
        new ResultColumn("durable_offset", DataTypes.INT64),
        new ResultColumn("lag", DataTypes.INT64),
        new ResultColumn("bytes", DataTypes.INT64),
        new ResultColumn("last_error", DataTypes.STRING));
  }

  @Override
  public List<List<Object>> rows() {
    List<List<Object>> rows = new ArrayList<>();
    Broker open = broker.get();
    for (IngestStatus status : open == null ? List.<IngestStatus>of() : open.status()) {
      rows.add(
          List.of(
              status.topic(),
              (long) status.partition(),
              status.table(),
              status.logStartOffset(),
              status.logEndOffset(),
              status.highWatermark(),
              status.appliedOffset(),
              status.durableOffset(),
              status.lag(),
              status.bytes(),
              status.lastError()));
    }
    return rows;
  }
}
