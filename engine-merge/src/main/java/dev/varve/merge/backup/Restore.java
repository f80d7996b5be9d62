// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.backup;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.TableKept;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.DeletedRowsFile;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.roaringbitmap.RoaringBitmap;

/// Brings tables of a backup back, under the names that the caller gives. Every file of theirs is
/// compared with what was written before anything is made. The tables are filled in a database of
/// their own, which nobody is shown, and then get their names all at once; views follow. What fails
/// leaves nothing. One thread.
public final class Restore {
  private final MergeEngine engine;
  private final BackupFolder from;
  private final String staging;
  private final LongConsumer read;

  /// @param staging a database that is not there yet; whoever opens the engine drops it if a crash
  ///   left it
  /// @param read hears of each run of bytes that is compared, and may throw
  public Restore(MergeEngine engine, BackupFolder from, String staging, LongConsumer read) {
    this.engine = engine;
    this.from = from;
    this.staging = staging;
    this.read = read;
  }

  /// @throws VarveException TABLE_ALREADY_EXISTS
  public void refuseExisting(Collection<TableDefinition> wanted) {
    wanted.forEach(definition -> requireFree(definition.name()));
  }

  /// @param wanted tables of the backup, each with the definition that it gets
  /// @param databases to be made where they are not there
  /// @param structureOnly whether the tables stay empty
  /// @throws VarveException TABLE_ALREADY_EXISTS, BACKUP_DAMAGED
  public void run(
      Map<CatalogTable, TableDefinition> wanted, Set<String> databases, boolean structureOnly) {
    refuseExisting(wanted.values());
    if (!structureOnly) {
      from.verify(filesOf(wanted.keySet()), read);
    }
    Map<CatalogTable, TableDefinition> stored = new LinkedHashMap<>();
    List<TableDefinition> views = new ArrayList<>();
    wanted.forEach((table, definition) -> {
      if (definition.isView() || definition.forgetsRows()) {
        views.add(definition);
      } else {
        stored.put(table, definition);
      }
    });
    engine.createDatabase(staging);
    try {
      Map<TableName, TableName> names = new LinkedHashMap<>();
      stored.forEach((table, definition) ->
          names.put(fill(table, definition, names.size(), structureOnly), definition.name()));
      new TreeSet<>(databases)
          .stream()
              .filter(name -> !engine.databases().contains(name))
              .forEach(engine::createDatabase);
      engine.rename(names);
    } finally {
      engine.dropDatabase(staging);
    }
    try {
      create(views);
    } catch (RuntimeException | Error failed) {
      wanted.values().forEach(definition -> dropAfter(definition.name(), failed));
      throw failed;
    }
  }

  private void requireFree(TableName name) {
    if (engine.table(name).isPresent() || engine.isDetached(name)) {
      throw new VarveException(
          ErrorCode.TABLE_ALREADY_EXISTS,
          "table "
              + name
              + " is there"
              + (engine.isDetached(name) ? ", detached" : "")
              + ", and RESTORE writes over nothing; drop it, or restore under another name"
              + " (RESTORE TABLE … AS …, RESTORE DATABASE … AS …)");
    }
  }

  private List<Backup.StoredFile> filesOf(Set<CatalogTable> tables) {
    Map<String, List<Backup.StoredFile>> parts = from.backup().partFiles();
    List<Backup.StoredFile> files = new ArrayList<>();
    for (CatalogTable table : tables) {
      for (PartInfo part : table.parts().values()) {
        files.addAll(parts.getOrDefault(part.name(), List.of()));
        deletedFile(part).ifPresent(files::add);
      }
    }
    return files;
  }

  private Optional<Backup.StoredFile> deletedFile(PartInfo part) {
    return from.backup().file(Backup.DELETED + "/" + DeletedRowsFile.name(part.id(), 1));
  }

  private TableName fill(
      CatalogTable table, TableDefinition definition, int number, boolean structureOnly) {
    TableName name = new TableName(staging, "t" + number);
    MergeTable made = engine.create(definition.change().name(name).done());
    if (!structureOnly) {
      made.kept().adopt(table.parts().values().stream().map(this::brought).toList(), table);
    }
    return name;
  }

  private TableKept.Brought brought(PartInfo part) {
    List<Backup.StoredFile> files = from.backup().partFiles().get(part.name());
    if (files == null) {
      throw BackupFolder.damaged(
          from.folder().resolve(BackupFile.NAME), part.name() + " is not in it");
    }
    RoaringBitmap deleted =
        deletedFile(part)
            .map(file -> DeletedRowsFile.read(from.of(file).getParent(), part.id(), 1))
            .orElse(null);
    Path directory = from.of(files.getFirst()).getParent();
    return new TableKept.Brought(directory, deleted, List.of());
  }

  /// Views may follow one another, so those whose source is not there yet wait for the others.
  private void create(List<TableDefinition> views) {
    List<TableDefinition> left = new ArrayList<>(views);
    while (!left.isEmpty()) {
      List<TableDefinition> waiting = new ArrayList<>();
      VarveException last = null;
      for (TableDefinition view : left) {
        try {
          create(view);
        } catch (VarveException failed) {
          if (failed.code() != ErrorCode.UNKNOWN_TABLE) {
            throw failed;
          }
          waiting.add(view);
          last = failed;
        }
      }
      if (waiting.size() == left.size()) {
        throw new VarveException(
            last.code(),
            last.getMessage() + "; the backup does not hold that table: restore or make it first",
            last);
      }
      left = waiting;
    }
  }

  private void create(TableDefinition view) {
    if (view.isMaterializedView()) {
      engine.createMaterializedView(view, Optional.empty(), () -> {});
    } else {
      engine.create(view);
    }
  }

  private void dropAfter(TableName name, Throwable failed) {
    if (engine.table(name).isPresent()) {
      try {
        engine.drop(name);
      } catch (VarveException refused) {
        failed.addSuppressed(refused);
      }
    }
  }
}
