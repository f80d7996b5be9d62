// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.AccessState;
import dev.varve.merge.backup.Backup;
import dev.varve.merge.backup.BackupFolder;
import dev.varve.merge.backup.Restore;
import dev.varve.sql.catalog.UserFunctions;
import dev.varve.sql.parse.BackupStatement;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongConsumer;

/// Runs RESTORE: finds what is meant in the backup, under which names it comes back, and whether
/// anything stands in its way.
final class Restores {
  private final EngineParts parts;
  private final Names names;
  private final LongConsumer read;
  private final Map<TableName, TableName> renamed = new LinkedHashMap<>();
  private final Map<TableName, CatalogTable> held = new LinkedHashMap<>();
  private final Set<String> databases = new TreeSet<>();
  private boolean whole;

  Restores(EngineParts parts, Names names, LongConsumer read) {
    this.parts = parts;
    this.names = names;
    this.read = read;
  }

  /// Returns the backup's id.
  String run(BackupStatement statement, Path folder, Optional<Path> base, BackupLog.Entry entry) {
    BackupFolder from = BackupFolder.open(folder, base);
    Backup backup = from.backup();
    entry.holds(backup.files().size(), backup.bytes());
    for (CatalogTable table : backup.state().tables().values()) {
      held.put(table.definition().name(), table);
    }
    statement.elements().forEach(element -> choose(element, backup));
    RestoredNames changed = new RestoredNames(renamed);
    Map<CatalogTable, TableDefinition> wanted = new LinkedHashMap<>();
    renamed
        .keySet()
        .forEach(name -> wanted.put(held.get(name), changed.in(held.get(name).definition())));
    String staging =
        SqlEngine.TEMPORARY + "restore_" + UUID.randomUUID().toString().replace("-", "");
    Restore restore = new Restore(parts.tables(), from, staging, read);
    restore.refuseExisting(wanted.values());
    Runnable tables = () -> restore.run(wanted, databases, statement.structureOnly());
    try {
      if (whole && backup.whole()) {
        withBeside(from.checkedBeside(read), tables);
      } else {
        tables.run();
      }
    } finally {
      parts.catalog().changed();
    }
    return backup.id();
  }

  /// Users and functions come back with the tables, which may use the functions; none stays where
  /// the tables do not.
  private void withBeside(Path beside, Runnable tables) {
    AccessState users = parts.access().mergedWith(AccessControl.read(beside));
    Map<String, String> functions = UserFunctions.open(beside).all();
    refuseOtherFunctions(functions);
    UserFunctions ours = parts.catalog().functions();
    functions.keySet().removeIf(name -> ours.find(name).isPresent());
    functions.forEach(ours::put);
    try {
      tables.run();
    } catch (RuntimeException | Error failed) {
      functions.keySet().forEach(ours::drop);
      throw failed;
    }
    parts.access().change(_ -> users);
  }

  private void choose(BackupStatement.Element element, Backup backup) {
    switch (element) {
      case BackupStatement.OfTable(Statement.Name name, Optional<Statement.Name> as) -> {
        TableName from = inBackup(name);
        choose(from, as.map(this::full).orElse(from));
      }
      case BackupStatement.OfDatabase(String name, Optional<String> as) -> {
        if (!backup.state().databases().contains(name)) {
          throw missing("database", name, List.copyOf(backup.state().databases()));
        }
        databases.add(as.orElse(name));
        held.keySet().stream()
            .filter(table -> table.database().equals(name))
            .forEach(table -> choose(table, new TableName(as.orElse(name), table.table())));
      }
      case BackupStatement.OfAll all -> {
        whole = true;
        Set<String> kept = new TreeSet<>(backup.state().databases());
        kept.removeAll(all.exceptDatabases());
        databases.addAll(kept);
        Set<TableName> left = new LinkedHashSet<>(held.keySet());
        left.removeIf(table -> !kept.contains(table.database()));
        all.exceptTables().forEach(name -> left.remove(inBackup(name)));
        left.forEach(table -> choose(table, table));
      }
    }
  }

  /// A materialized view brings the table of its own along.
  private void choose(TableName from, TableName to) {
    renamed.put(from, to);
    databases.add(to.database());
    TableName own = new TableName(from.database(), ".inner." + from.table());
    if (held.containsKey(own)
        && held.get(from).definition().isMaterializedView()
        && held.get(from).definition().target().filter(own::equals).isPresent()) {
      renamed.put(own, new TableName(to.database(), ".inner." + to.table()));
    }
  }

  /// A name as it is written: the database of a table to come need not be there yet.
  private TableName full(Statement.Name name) {
    return new TableName(name.database().orElse(names.database()), name.table());
  }

  private TableName inBackup(Statement.Name name) {
    TableName full = full(name);
    if (!held.containsKey(full)) {
      throw missing(
          "table", full.toString(), held.keySet().stream().map(TableName::toString).toList());
    }
    return full;
  }

  private static VarveException missing(String what, String name, List<String> known) {
    return new VarveException(
        ErrorCode.BACKUP_ENTRY_NOT_FOUND,
        "the backup has no "
            + what
            + " "
            + name
            + NearNames.suggest(name, known)
            + "; it has "
            + String.join(", ", known));
  }

  private void refuseOtherFunctions(Map<String, String> functions) {
    functions.forEach((name, lambda) -> {
      Optional<String> known = parts.catalog().functions().find(name);
      if (known.isPresent() && !known.get().equals(lambda)) {
        throw new VarveException(
            ErrorCode.FUNCTION_ALREADY_EXISTS,
            "there is another function \""
                + name
                + "\" already, and RESTORE writes over nothing; drop it first");
      }
    });
  }
}
