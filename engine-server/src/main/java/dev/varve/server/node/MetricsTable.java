// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.server.metrics.Metrics;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;

/// `system.metrics`: the numbers of `/metrics` as rows.
record MetricsTable(Metrics metrics) implements SystemTable {
  @Override
  public String name() {
    return "metrics";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("metric", DataTypes.STRING),
        new ResultColumn("value", DataTypes.INT64),
        new ResultColumn("description", DataTypes.STRING));
  }

  @Override
  public List<List<Object>> rows() {
    List<List<Object>> rows = new ArrayList<>();
    metrics
        .values()
        .forEach((name, value) -> rows.add(List.of(name, value.getValue(), value.getKey())));
    return rows;
  }
}
