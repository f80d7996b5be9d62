// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.PartCatalog;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.LinkedHashMap;
import java.util.Map;

/// Gives tables and databases other names: all of one statement in one commit. Called under the
/// engine's lock.
final class Renaming {
  private final PartCatalog catalog;
  private final TableRegistry tables;

  Renaming(PartCatalog catalog, TableRegistry tables) {
    this.catalog = catalog;
    this.tables = tables;
  }

  /// @param names for each table the name it has and the one it gets
  void tables(Map<TableName, TableName> names) {
    Map<MergeTable, TableDefinition> renamed = new LinkedHashMap<>();
    names.forEach((from, to) -> {
      tables.requireDatabase(to.database());
      MergeTable table = tables.require(from);
      if (tables.detached(to).isPresent()) {
        throw new VarveException(
            ErrorCode.TABLE_ALREADY_EXISTS, "table " + to + " is detached; attach it");
      }
      if (tables.get(to) != null && !names.containsKey(to)) {
        throw new VarveException(ErrorCode.TABLE_ALREADY_EXISTS, "table " + to + " exists already");
      }
      TableDefinition definition = table.definition().change().name(to).done();
      DefinitionCheck.tableName(definition);
      renamed.put(table, definition);
    });
    if (renamed.values().stream().map(TableDefinition::name).distinct().count() < renamed.size()) {
      throw new VarveException(
          ErrorCode.TABLE_ALREADY_EXISTS, "two tables cannot get the same name");
    }
    CatalogChange.Builder change = CatalogChange.builder();
    renamed.forEach((table, as) -> change.add(new Operation.PutTable(table.id(), as)));
    catalog.commit(change.build());
    show(renamed);
  }

  void database(String from, String to) {
    tables.requireDatabase(from);
    DefinitionCheck.databaseName(to);
    if (from.equals(MergeEngine.DEFAULT_DATABASE)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "the database \"" + from + "\" is always there");
    }
    if (catalog.state().databases().contains(to)) {
      throw new VarveException(
          ErrorCode.DATABASE_ALREADY_EXISTS, "database \"" + to + "\" exists already");
    }
    Map<MergeTable, TableDefinition> renamed = new LinkedHashMap<>();
    CatalogChange.Builder change = CatalogChange.builder().add(new Operation.CreateDatabase(to));
    for (MergeTable table : tables.all()) {
      TableName name = table.definition().name();
      if (name.database().equals(from)) {
        TableDefinition as =
            table.definition().change().name(new TableName(to, name.table())).done();
        renamed.put(table, as);
        change.add(new Operation.PutTable(table.id(), as));
      }
    }
    catalog.commit(change.add(new Operation.DropDatabase(from)).build());
    show(renamed);
  }

  private void show(Map<MergeTable, TableDefinition> renamed) {
    renamed.keySet().forEach(tables::remove);
    renamed.forEach((table, as) -> {
      table.renamed(as);
      tables.put(table);
    });
  }
}
