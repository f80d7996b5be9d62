// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/// The engine's catalog as one session sees it: `system.settings` shows the session's own values,
/// and its temporary tables stand before those of its database.
record SessionCatalog(EngineCatalog engine, SessionState state) implements Catalog {
  private static final TableName SETTINGS = new TableName(EngineCatalog.SYSTEM, "settings");

  @Override
  public Optional<Relation> find(TableName name) {
    if (name.equals(SETTINGS)) {
      return Optional.of(ActivityTables.settings(new TreeMap<>(state.settings())));
    }
    Optional<Relation> temporary =
        state.temporary().isEmpty() || !name.database().equals(state.database())
            ? Optional.empty()
            : engine.find(new TableName(state.temporary(), name.table()));
    return temporary.isPresent() ? temporary : engine.find(name);
  }

  @Override
  public Collection<String> databases() {
    return engine.databases();
  }

  @Override
  public Collection<String> tables(String database) {
    return engine.tables(database);
  }

  @Override
  public Optional<TopicAccess> topics() {
    return engine.topics();
  }

  @Override
  public long version() {
    return engine.version();
  }
}
