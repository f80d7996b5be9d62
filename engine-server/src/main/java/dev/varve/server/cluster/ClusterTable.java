// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.coordination.Cluster;
import dev.varve.cluster.coordination.MemberStatus;
import dev.varve.cluster.replica.Replica;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.util.List;

/// `system.cluster`: the servers of the ZooKeeper ensemble, as each answers now.
///
/// @param replica null where the server is alone
public record ClusterTable(Replica replica) implements SystemTable {
  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("server_id", DataTypes.INT32),
        new ResultColumn("address", DataTypes.STRING),
        new ResultColumn("role", DataTypes.STRING),
        new ResultColumn("epoch", DataTypes.INT64),
        new ResultColumn("last_zxid", DataTypes.INT64),
        new ResultColumn("sessions", DataTypes.INT64),
        new ResultColumn("is_local", DataTypes.BOOL));
  }

  @Override
  public List<List<Object>> rows() {
    Cluster open = replica == null ? null : replica.cluster();
    return open == null
        ? List.of()
        : open.coordination().members().stream().map(status -> row(open, status)).toList();
  }

  private static List<Object> row(Cluster cluster, MemberStatus status) {
    int id = cluster.idOf(status);
    return List.of(
        (long) id,
        status.address(),
        status.role(),
        status.epoch(),
        status.zxid(),
        status.sessions(),
        id == cluster.settings().serverId());
  }
}
