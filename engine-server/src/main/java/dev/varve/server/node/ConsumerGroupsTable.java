// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.broker.Broker;
import dev.varve.ingest.wire.GroupStatus;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// `system.consumer_groups`: one row for each partition that a consumer group has an offset of, or
/// reads; one for a group that has none.
///
/// @param broker asked at each read; null while the log is not open yet
record ConsumerGroupsTable(Supplier<Broker> broker) implements SystemTable {
  private static final DataType OFFSET = DataTypes.parse("Nullable(Int64)");

  @Override
  public String name() {
    return "consumer_groups";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("group_id", DataTypes.STRING),
        new ResultColumn("type", DataTypes.STRING),
        new ResultColumn("protocol", DataTypes.STRING),
        new ResultColumn("state", DataTypes.STRING),
        new ResultColumn("members", DataTypes.INT32),
        new ResultColumn("topic", DataTypes.STRING),
        new ResultColumn("partition", DataTypes.INT32),
        new ResultColumn("committed_offset", OFFSET),
        new ResultColumn("log_end_offset", OFFSET),
        new ResultColumn("lag", OFFSET),
        new ResultColumn("member_id", DataTypes.STRING),
        new ResultColumn("client_id", DataTypes.STRING),
        new ResultColumn("host", DataTypes.STRING));
  }

  @Override
  public List<List<Object>> rows() {
    List<List<Object>> rows = new ArrayList<>();
    Broker open = broker.get();
    for (GroupStatus status : open == null ? List.<GroupStatus>of() : open.groups()) {
      boolean isBehind = status.committed() >= 0 && status.end() >= 0;
      rows.add(
          Arrays.asList(
              status.group(),
              status.type(),
              status.protocol(),
              status.state(),
              (long) status.members(),
              status.topic(),
              (long) status.partition(),
              known(status.committed()),
              known(status.end()),
              isBehind ? Math.max(0, status.end() - status.committed()) : null,
              status.member(),
              status.client(),
              status.host()));
    }
    return rows;
  }

  private static Long known(long offset) {
    return offset < 0 ? null : offset;
  }
}
