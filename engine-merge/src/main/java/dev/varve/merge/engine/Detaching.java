// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.schedule.MergeScheduler;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.PartCatalog;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.HashMap;
import java.util.Map;

/// Takes tables out of sight and shows them again; their rows stay. A setting of the definition
/// tells the next start of those that are to stay out of sight. Called under the engine's lock.
final class Detaching {
  private final EngineContext context;
  private final MergeScheduler scheduler;
  private final PartCatalog catalog;
  private final TableRegistry tables;

  Detaching(
      EngineContext context, MergeScheduler scheduler, PartCatalog catalog, TableRegistry tables) {
    this.context = context;
    this.scheduler = scheduler;
    this.catalog = catalog;
    this.tables = tables;
  }

  /// Whether a table is to stay out of sight when the engine is opened.
  static boolean isDetached(CatalogTable table) {
    return table.definition().settings().containsKey(TableDefinition.DETACHED);
  }

  void detach(TableName name) {
    MergeTable table = tables.require(name);
    if (!table.definition().isView()) {
      table.flush();
    }
    tables.detach(table);
    table.end(false);
  }

  void detachPermanently(TableName name) {
    MergeTable table = tables.require(name);
    detach(name);
    put(table.id(), detached(table.definition(), true));
  }

  void attach(TableName name) {
    if (tables.get(name) != null) {
      throw new VarveException(ErrorCode.TABLE_ALREADY_EXISTS, "table " + name + " exists already");
    }
    CatalogTable known = tables.requireDetached(name);
    if (isDetached(known)) {
      known = put(known.id(), detached(known.definition(), false));
    }
    MergeTable table = MergeTable.open(context, scheduler, known);
    table.compilerPlugged();
    tables.attached(table);
  }

  private CatalogTable put(long id, TableDefinition definition) {
    return catalog
        .commit(CatalogChange.of(new Operation.PutTable(id, definition)))
        .tables()
        .get(id);
  }

  private static TableDefinition detached(TableDefinition definition, boolean is) {
    Map<String, String> settings = new HashMap<>(definition.settings());
    if (is) {
      settings.put(TableDefinition.DETACHED, "1");
    } else {
      settings.remove(TableDefinition.DETACHED);
    }
    return definition.change().settings(settings).done();
  }
}
