// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.schedule.MergeScheduler;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.DeletedRowsFile;
import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.TableDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What an engine does as one of several: it shows changes that other servers made. Its own a
/// server shows itself. Safe for threads.
public final class Following {
  private final MergeEngine engine;
  private final LocalCatalog own;
  private final EngineContext context;
  private final MergeScheduler scheduler;
  private final TableRegistry tables;
  private volatile Runnable statesChanged = () -> {};

  /// @param engine whose lock is held while tables come and go
  Following(
      MergeEngine engine,
      LocalCatalog own,
      EngineContext context,
      MergeScheduler scheduler,
      TableRegistry tables) {
    this.engine = engine;
    this.own = own;
    this.context = context;
    this.scheduler = scheduler;
    this.tables = tables;
  }

  /// Makes a change of another server true here, and shows it. All parts it names are on disk.
  ///
  /// @throws VarveException as [LocalCatalog#commit], or when the engine closes
  public void follow(CatalogChange change) {
    synchronized (engine) {
      if (engine.isClosed()) {
        throw new VarveException(ErrorCode.UNKNOWN_TABLE, "the engine was closed meanwhile");
      }
      CatalogState before = own.state();
      show(before, own.commit(change));
    }
  }

  /// Whether merges and TTL run in the background: only where this server may commit.
  public void background(boolean runs) {
    if (runs) {
      tables.all().forEach(table -> table.raiseSequences(own.state()));
    }
    scheduler.hold(!runs);
    if (runs) {
      tables.all().forEach(MergeTable::pokeMerges);
    }
  }

  /// Takes parts out of quarantine whose files can be had from elsewhere.
  ///
  /// @param fetched brings a part, or a file of deleted rows, and says whether it could
  public void repair(Predicate<String> fetched) {
    for (MergeTable table : tables.all()) {
      CatalogTable known = own.state().tables().get(table.id());
      for (QuarantinedPart damaged : table.quarantined()) {
        PartInfo part = damaged.part();
        CatalogTable.Deletes deletes = known == null ? null : known.deletes().get(part.id());
        boolean isWhole = fetched.test(part.name());
        if (deletes != null) {
          isWhole &= fetched.test(DeletedRowsFile.name(part.id(), deletes.number()));
        }
        if (isWhole) {
          table.restoreQuarantined(part.name());
        }
      }
    }
  }

  /// Runs whenever another server changed a state beside the tables.
  public void whenStatesChange(Runnable hears) {
    statesChanged = hears;
  }

  private void show(CatalogState before, CatalogState after) {
    if (!before.states().equals(after.states())) {
      statesChanged.run();
    }
    // By number, as two tables may take each other's name.
    Map<Long, MergeTable> shown = new HashMap<>();
    tables.all().forEach(table -> shown.put(table.id(), table));
    for (MergeTable table : shown.values()) {
      if (!after.tables().containsKey(table.id())) {
        tables.remove(table);
        table.end(true);
      }
    }
    for (CatalogTable table : after.tables().values()) {
      CatalogTable old = before.tables().get(table.id());
      Optional<MergeTable> now = Optional.ofNullable(shown.get(table.id()));
      if (old == null || !old.definition().equals(table.definition())) {
        open(now, table);
      } else if (old != table) {
        now.ifPresent(one -> one.follow(old, table));
      }
    }
  }

  /// A table that is there under another definition is shown so from here on; whoever reads it goes
  /// on.
  private void open(Optional<MergeTable> old, CatalogTable table) {
    if (table.definition().settings().containsKey(TableDefinition.DETACHED)) {
      old.ifPresent(tables::remove);
      tables.putDetached(table);
      old.ifPresent(before -> before.end(false));
      return;
    }
    table.deletes().forEach((part, rows) -> context.files().keepDeletes(part, rows));
    MergeTable opened = MergeTable.open(context, scheduler, table);
    opened.compilerPlugged();
    tables.replace(old, opened);
    old.ifPresent(before -> before.end(false));
    opened.hearDamage(); // the old one has just let go of that
  }
}
