// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The engine's catalog as one session sees it: `system.settings` shows the session's own values.
record SessionCatalog(EngineCatalog engine, Map<String, String> settings) implements Catalog {
  private static final TableName SETTINGS = new TableName(EngineCatalog.SYSTEM, "settings");

  @Override
  public Optional<Relation> find(TableName name) {
    return name.equals(SETTINGS)
        ? Optional.of(ActivityTables.settings(new TreeMap<>(settings)))
        : engine.find(name);
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
  public long version() {
    return engine.version();
  }
}
