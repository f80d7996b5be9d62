// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.coordination.Cluster;
import dev.varve.cluster.replica.Replica;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `system.zookeeper`: the znodes of the cluster, one row each.
///
/// @param replica null where the server is alone
public record ZooKeeperTable(Replica replica) implements SystemTable {
  @Override
  public String name() {
    return "zookeeper";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("path", DataTypes.STRING),
        new ResultColumn("name", DataTypes.STRING),
        new ResultColumn("value", DataTypes.STRING),
        new ResultColumn("version", DataTypes.INT32),
        new ResultColumn("czxid", DataTypes.INT64),
        new ResultColumn("mzxid", DataTypes.INT64),
        new ResultColumn("ephemeralOwner", DataTypes.INT64),
        new ResultColumn("dataLength", DataTypes.INT32),
        new ResultColumn("numChildren", DataTypes.INT32));
  }

  @Override
  public List<List<Object>> rows() {
    Cluster open = replica == null ? null : replica.cluster();
    return open == null ? List.of() : open.tree().stream().map(ZooKeeperTable::row).toList();
  }

  private static List<Object> row(Cluster.Entry entry) {
    return List.of(
        entry.parent(),
        entry.name(),
        new String(entry.node().data(), StandardCharsets.UTF_8),
        (long) entry.node().version(),
        entry.node().created(),
        entry.node().changed(),
        entry.node().owner(),
        (long) entry.node().data().length,
        (long) entry.children());
  }
}
