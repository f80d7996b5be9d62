// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.Access;
import dev.varve.merge.access.Privilege;
import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// The engine's catalog as one session sees it: `system.settings` shows the session's own values,
/// its temporary tables stand before those of its database, and of other tables there is what the
/// user may read.
///
/// A table of which the user may read some columns or some rows is a view to its query. The view
/// names the table itself by a database that nobody can guess, so there is no way around it,
/// whatever the query is made into.
final class SessionCatalog implements Catalog {
  private static final TableName SETTINGS = new TableName(EngineCatalog.SYSTEM, "settings");

  /// Tables of `system` that tell nothing of other users or their data.
  private static final Set<String> PUBLIC =
      Set.of(
          "one",
          "numbers",
          "settings",
          "functions",
          "formats",
          "table_engines",
          "table_functions",
          "data_type_families",
          "databases",
          "tables",
          "columns",
          "metrics",
          "contributors",
          "build_options",
          "time_zones");

  private final EngineCatalog engine;
  private final SessionState state;
  private final Access access;
  private final String unguarded = "_" + UUID.randomUUID() + "_";

  SessionCatalog(EngineCatalog engine, SessionState state) {
    this.engine = engine;
    this.state = state;
    this.access = state.access();
  }

  @Override
  public Optional<Relation> find(TableName name) {
    if (name.equals(SETTINGS)) {
      return Optional.of(ActivityTables.settings(new TreeMap<>(state.settings())));
    }
    Optional<Relation> temporary =
        state.temporary().isEmpty() || !name.database().equals(state.database())
            ? Optional.empty()
            : engine.find(new TableName(state.temporary(), name.table()));
    if (temporary.isPresent()) {
      return temporary;
    }
    if (access.isUnlimited() || name.database().equals(state.temporary())) {
      return engine.find(name);
    }
    if (name.database().startsWith(unguarded)) {
      return engine.find(
          new TableName(name.database().substring(unguarded.length()), name.table()));
    }
    return engine.find(name).map(relation -> guarded(name, relation));
  }

  private Relation guarded(TableName name, Relation relation) {
    boolean isPublic =
        name.database().equals(EngineCatalog.INFORMATION)
            || name.database().equals(EngineCatalog.SYSTEM) && PUBLIC.contains(name.table());
    if (isPublic) {
      return relation;
    }
    access.require(Privilege.SELECT, name.database(), name.table(), List.of());
    return switch (relation) {
      case Relation.Stored stored -> limited(stored.table().definition(), relation);
      case Relation.View(TableDefinition view) -> limited(view, relation);
      case Relation.Rows _, Relation.Block _ -> {
        access.require(Privilege.SELECT, name.database(), name.table());
        yield relation;
      }
    };
  }

  private Relation limited(TableDefinition definition, Relation whole) {
    String database = definition.name().database();
    String table = definition.name().table();
    List<ColumnDefinition> allowed =
        definition.columns().stream()
            .filter(column -> access.allows(Privilege.SELECT, database, table, column.name()))
            .toList();
    Optional<String> condition = access.rowCondition(database, table);
    if (condition.isEmpty() && allowed.size() == definition.columns().size()) {
      return whole instanceof Relation.View && definition.isMaterializedView()
          ? new Relation.View(definition.change().query(readOf(definition)).done())
          : whole;
    }
    String query =
        "SELECT "
            + allowed.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", "))
            + " FROM "
            + quoted(unguarded + database)
            + "."
            + quoted(table)
            + condition.map(text -> " WHERE " + text).orElse("");
    return new Relation.View(definition.change().query(query).done());
  }

  /// Who may read a materialized view reads what it has kept through it.
  private String readOf(TableDefinition view) {
    TableName target = view.target().orElseThrow();
    boolean isInner = target.table().startsWith(".inner");
    return "SELECT "
        + view.columns().stream()
            .filter(column -> column.kind() == ColumnDefinition.Kind.DEFAULT)
            .map(column -> quoted(column.name()))
            .collect(Collectors.joining(", "))
        + " FROM "
        + quoted((isInner ? unguarded : "") + target.database())
        + "."
        + quoted(target.table());
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  @Override
  public Optional<String> function(String name) {
    return engine.function(name);
  }

  @Override
  public Map<String, String> settings() {
    return state.settings();
  }

  @Override
  public UserFiles files() {
    return engine.files();
  }

  @Override
  public void requireFiles(String function) {
    access.require(Privilege.SYSTEM, "", "");
  }

  @Override
  public Collection<String> databases() {
    return engine.databases();
  }

  @Override
  public Collection<String> tables(String database) {
    Collection<String> all = engine.tables(database);
    return access.isUnlimited()
            || database.equals(EngineCatalog.SYSTEM)
            || database.equals(EngineCatalog.INFORMATION)
        ? all
        : all.stream().filter(table -> Permissions.sees(access, database, table)).toList();
  }

  @Override
  public Optional<TopicAccess> topics() {
    return access.isUnlimited()
        ? engine.topics()
        : engine.topics().map(log -> new GrantedTopics(log, access));
  }

  @Override
  public long version() {
    return engine.version();
  }
}
