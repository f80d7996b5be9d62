// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.catalog;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// The tables and views of a merge engine, and `system.*`. Safe for threads.
public final class EngineCatalog implements Catalog {
  /// The database of the tables that are made when read.
  public static final String SYSTEM = "system";

  /// The database of the standard's views over them.
  public static final String INFORMATION = InformationSchema.NAME;

  private final MergeEngine engine;
  private final Map<String, Relation.Rows> system = new TreeMap<>();
  private final InformationSchema information = new InformationSchema();
  private final AtomicLong version = new AtomicLong();
  private final UserFunctions functions;
  private volatile TopicAccess topics;
  private volatile UserFiles files = UserFiles.ANYWHERE;

  public EngineCatalog(MergeEngine engine, List<Relation.Rows> systemTables) {
    this.engine = engine;
    this.functions = UserFunctions.open(engine.states());
    systemTables.forEach(table -> system.put(table.name(), table));
  }

  /// Has queries read topics of a log.
  public void plug(TopicAccess log) {
    topics = log;
  }

  /// What users made with CREATE FUNCTION.
  public UserFunctions functions() {
    return functions;
  }

  @Override
  public Optional<String> function(String name) {
    return functions.find(name);
  }

  @Override
  public Optional<TopicAccess> topics() {
    return Optional.ofNullable(topics);
  }

  @Override
  public Optional<Relation> find(TableName name) {
    if (name.database().equals(SYSTEM)) {
      return Optional.ofNullable(system.get(name.table()));
    }
    if (name.database().equals(INFORMATION)) {
      return information.find(name.table());
    }
    return engine.table(name).map(EngineCatalog::relation);
  }

  private static Relation relation(MergeTable table) {
    TableDefinition definition = table.definition();
    if (definition.isMaterializedView()) {
      return new Relation.View(definition.change().query(readOf(definition)).done());
    }
    return definition.isView() ? new Relation.View(definition) : new Relation.Stored(table);
  }

  /// The query that reads what a materialized view has kept.
  private static String readOf(TableDefinition view) {
    TableName target = view.target().orElseThrow();
    return "SELECT "
        + view.columns().stream()
            .filter(column -> column.kind() == ColumnDefinition.Kind.DEFAULT)
            .map(column -> quoted(column.name()))
            .collect(Collectors.joining(", "))
        + " FROM "
        + quoted(target.database())
        + "."
        + quoted(target.table());
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /// Has statements name only these files from now on.
  public void plug(UserFiles allowed) {
    files = allowed;
  }

  @Override
  public UserFiles files() {
    return files;
  }

  @Override
  public void requireFiles(String function) {
    // The engine itself refuses nothing; sessions do.
  }

  @Override
  public Collection<String> databases() {
    List<String> names = new ArrayList<>(engine.databases());
    names.add(SYSTEM);
    names.add(INFORMATION);
    return names;
  }

  @Override
  public Collection<String> tables(String database) {
    if (database.equals(SYSTEM)) {
      return List.copyOf(system.keySet());
    }
    if (database.equals(INFORMATION)) {
      return information.tables();
    }
    return engine.tables().stream()
        .map(MergeTable::definition)
        .filter(definition -> definition.name().database().equals(database))
        .map(definition -> definition.name().table())
        .toList();
  }

  /// The tables of `system`, by name.
  public Collection<Relation.Rows> systemTables() {
    return system.values();
  }

  @Override
  public long version() {
    return version.get();
  }

  /// To be called after every change of a definition.
  public void changed() {
    version.incrementAndGet();
  }
}
