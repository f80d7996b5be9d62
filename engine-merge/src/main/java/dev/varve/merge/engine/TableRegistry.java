// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.PartCatalog;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The tables of an engine by name, and those that are detached. Safe for threads; who changes it
/// holds the engine's lock.
final class TableRegistry {
  private final PartCatalog catalog;
  private final Map<TableName, MergeTable> tables = new ConcurrentHashMap<>();
  private final Map<TableName, Long> detached = new ConcurrentHashMap<>();

  TableRegistry(PartCatalog catalog) {
    this.catalog = catalog;
  }

  Collection<MergeTable> all() {
    return tables.values();
  }

  Collection<TableName> names() {
    return tables.keySet();
  }

  /// Null where there is none.
  MergeTable get(TableName name) {
    return tables.get(name);
  }

  /// @throws VarveException UNKNOWN_TABLE or UNKNOWN_DATABASE, with a near name
  MergeTable require(TableName name) {
    requireDatabase(name.database());
    MergeTable table = tables.get(name);
    if (table == null) {
      throw new VarveException(ErrorCode.UNKNOWN_TABLE, "no table " + name + near(name));
    }
    return table;
  }

  /// @throws VarveException TABLE_ALREADY_EXISTS
  void requireFree(TableName name) {
    if (tables.containsKey(name) || detached.containsKey(name)) {
      throw new VarveException(
          ErrorCode.TABLE_ALREADY_EXISTS,
          "table "
              + name
              + (tables.containsKey(name)
                  ? " exists already; choose another name, or say IF NOT EXISTS"
                  : " is detached; attach it"));
    }
  }

  void requireDatabase(String name) {
    List<String> known = List.copyOf(catalog.state().databases());
    if (!known.contains(name)) {
      throw new VarveException(
          ErrorCode.UNKNOWN_DATABASE,
          "no database \"" + name + "\"" + NearNames.suggest(name, known));
    }
  }

  void put(MergeTable table) {
    tables.put(table.definition().name(), table);
  }

  /// Puts a table in the place of one that may go by another name.
  void replace(Optional<MergeTable> old, MergeTable table) {
    put(table);
    detached.remove(table.definition().name());
    old.filter(before -> !before.definition().name().equals(table.definition().name()))
        .ifPresent(before -> tables.remove(before.definition().name(), before));
  }

  void remove(MergeTable table) {
    tables.remove(table.definition().name());
  }

  void detach(MergeTable table) {
    remove(table);
    detached.put(table.definition().name(), table.id());
  }

  /// A table that is there and out of sight when the engine is opened.
  void putDetached(CatalogTable table) {
    detached.put(table.definition().name(), table.id());
  }

  /// A table that is detached, if one is.
  Optional<CatalogTable> detached(TableName name) {
    return Optional.ofNullable(detached.get(name)).map(catalog.state().tables()::get);
  }

  /// @throws VarveException UNKNOWN_TABLE
  CatalogTable requireDetached(TableName name) {
    return detached(name)
        .orElseThrow(() ->
            new VarveException(
                ErrorCode.UNKNOWN_TABLE,
                "no detached table "
                    + name
                    + NearNames.suggest(
                        name.table(), detached.keySet().stream().map(TableName::table).toList())));
  }

  void attached(MergeTable table) {
    detached.remove(table.definition().name());
    put(table);
  }

  /// Names that may be meant, for a message.
  String near(TableName name) {
    List<String> known =
        tables.keySet().stream()
            .filter(other -> other.database().equals(name.database()))
            .map(TableName::table)
            .toList();
    return NearNames.suggest(name.table(), known);
  }
}
