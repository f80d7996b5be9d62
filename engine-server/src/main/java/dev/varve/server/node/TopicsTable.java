// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.broker.Broker;
import dev.varve.ingest.log.Topic;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.SystemTable;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/// `system.topics`: one row for each topic of the log, those of tables among them.
///
/// @param broker asked at each read; null while the log is not open yet
record TopicsTable(Supplier<Broker> broker) implements SystemTable {
  @Override
  public String name() {
    return "topics";
  }

  @Override
  public List<ResultColumn> columns() {
    return List.of(
        new ResultColumn("name", DataTypes.STRING),
        new ResultColumn("topic_id", DataTypes.parse("UUID")),
        new ResultColumn("partitions", DataTypes.INT32),
        new ResultColumn("table", DataTypes.STRING),
        new ResultColumn("settings", DataTypes.parse("Map(String, String)")));
  }

  @Override
  public List<List<Object>> rows() {
    List<List<Object>> rows = new ArrayList<>();
    Broker open = broker.get();
    Collection<Topic> topics = open == null ? List.of() : open.statements().all();
    topics.stream()
        .sorted(Comparator.comparing(Topic::name))
        .forEach(topic ->
            rows.add(
                List.of(
                    topic.name(),
                    topic.id(),
                    (long) topic.partitions(),
                    tableOf(topic),
                    new TreeMap<>(topic.config()))));
    return rows;
  }

  private static String tableOf(Topic topic) {
    if (!topic.isTable()) {
      return "";
    }
    return topic.name().contains(".") ? topic.name() : "default." + topic.name();
  }
}
