// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.replica.Replica;
import dev.varve.cluster.replica.ReplicaStatus;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.util.List;

/// `system.replicas`: the servers that keep the shared catalog.
///
/// @param replica null where the server is alone
public record ReplicasTable(Replica replica) implements SystemTable {
  @Override
  public String name() {
    return "replicas";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("server_id", DataTypes.INT32),
        new ResultColumn("address", DataTypes.STRING),
        new ResultColumn("is_local", DataTypes.BOOL),
        new ResultColumn("is_primary", DataTypes.BOOL),
        new ResultColumn("is_live", DataTypes.BOOL),
        new ResultColumn("version", DataTypes.INT64),
        new ResultColumn("behind", DataTypes.INT64),
        new ResultColumn("last_error", DataTypes.STRING));
  }

  @Override
  public List<List<Object>> rows() {
    return replica == null
        ? List.of()
        : replica.catalog().replicas().stream().map(ReplicasTable::row).toList();
  }

  private static List<Object> row(ReplicaStatus status) {
    return List.of(
        (long) status.id(),
        status.address(),
        status.isLocal(),
        status.isPrimary(),
        status.isLive(),
        status.version(),
        status.behind(),
        status.failure());
  }
}
