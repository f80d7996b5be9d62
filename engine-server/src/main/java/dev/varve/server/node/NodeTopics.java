// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.ingest.broker.TopicStatements;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.Map;

/// The broker's topics, for SQL.
record NodeTopics(TopicStatements topics) implements TopicAccess {
  @Override
  public void create(String name, Map<String, String> settings, boolean ifNotExists) {
    topics.create(name, settings, ifNotExists);
  }

  @Override
  public void drop(String name, boolean ifExists) {
    topics.drop(name, ifExists);
  }

  @Override
  public TableName grantedAs(String topic) {
    return topics.grantedAs(topic);
  }

  @Override
  public BatchSource read(String name, Scratch scratch) {
    return topics.read(name, COLUMNS.stream().map(ColumnDefinition::type).toList(), scratch);
  }
}
