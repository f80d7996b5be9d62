// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.backup.Backup;
import dev.varve.merge.backup.BackupFolder;
import dev.varve.merge.backup.BackupWriter;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.PinnedTables;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.catalog.UserFunctions;
import dev.varve.sql.parse.BackupStatement;
import dev.varve.sql.parse.BackupStatement.Place;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Runs BACKUP, and hands RESTORE on.
final class Backups {
  private final EngineParts parts;
  private final Names names;
  private final Running running;

  Backups(EngineParts parts, Names names, Running running) {
    this.parts = parts;
    this.names = names;
    this.running = running;
  }

  /// Its id and how it ended, as one row.
  List<List<Object>> run(BackupStatement statement) {
    Path folder = folder(statement.place());
    Optional<Path> base = statement.base().map(this::folder);
    BackupLog.Entry entry =
        new BackupLog.Entry(
            UUID.randomUUID().toString(),
            folder.toString(),
            base.map(Path::toString).orElse(""),
            running.id(),
            statement.restores());
    parts.backups().add(entry);
    try {
      String id =
          statement.restores()
              ? new Restores(parts, names, bytes -> passed(entry, bytes))
                  .run(statement, folder, base, entry)
              : backup(statement, folder, base, entry);
      entry.end("");
      return List.of(List.of(id, entry.status()));
    } catch (RuntimeException | Error failed) {
      entry.end(String.valueOf(failed.getMessage()));
      throw failed;
    }
  }

  private void passed(BackupLog.Entry entry, long bytes) {
    running.check();
    entry.passed(bytes);
  }

  /// @throws VarveException PATH_ACCESS_DENIED for what is no place of backups
  private Path folder(Place place) {
    Path data = parts.tables().directory().toAbsolutePath().normalize();
    Path own = data.resolve("backups");
    boolean isAnywhere = parts.backups().folders().root().isEmpty();
    Path folder =
        place.onDisk() && isAnywhere
            ? own.resolve(place.path()).normalize()
            : parts.backups().folders().named(place.path());
    boolean leaves = place.onDisk() && isAnywhere && !folder.startsWith(own);
    if (leaves || (folder.startsWith(data) && !folder.startsWith(own)) || folder.equals(own)) {
      throw new VarveException(
          ErrorCode.PATH_ACCESS_DENIED,
          "\""
              + place.path()
              + "\" is no place for a backup; name a folder of its own outside of the data"
              + " directory, or below "
              + own);
    }
    return folder;
  }

  private String backup(
      BackupStatement statement, Path folder, Optional<Path> base, BackupLog.Entry entry) {
    Set<MergeTable> tables = new LinkedHashSet<>();
    Set<String> databases = new TreeSet<>();
    boolean whole = false;
    for (BackupStatement.Element element : statement.elements()) {
      switch (element) {
        case BackupStatement.OfTable(Statement.Name name, _) -> {
          MergeTable table = names.get(name);
          tables.add(table);
          parts.tables().innerTable(table).ifPresent(tables::add);
        }
        case BackupStatement.OfDatabase(String name, _) -> {
          databases.add(named(name));
          tables.addAll(in(Set.of(named(name))));
        }
        case BackupStatement.OfAll all -> {
          whole = true;
          Set<String> chosen = new TreeSet<>(parts.tables().databases());
          chosen.removeIf(name -> name.startsWith(SqlEngine.TEMPORARY));
          all.exceptDatabases().forEach(name -> chosen.remove(named(name)));
          databases.addAll(chosen);
          List<MergeTable> found = new ArrayList<>(in(chosen));
          all.exceptTables().forEach(name -> found.remove(names.get(name)));
          tables.addAll(found);
        }
      }
    }
    String id = UUID.randomUUID().toString();
    try (PinnedTables pinned = parts.tables().pin(List.copyOf(tables), databases, running::check)) {
      BackupWriter.Order order =
          new BackupWriter.Order(
              id,
              entry.startedMillis(),
              whole,
              base.map(path -> BackupFolder.open(path, Optional.empty())),
              whole ? this::writeBeside : _ -> {});
      Backup written = BackupWriter.write(pinned, folder, order, bytes -> passed(entry, bytes));
      entry.holds(written.files().size(), written.bytes());
      return id;
    }
  }

  /// Users and functions, each as the data directory has them.
  private void writeBeside(Path folder) {
    parts.access().copyTo(folder);
    UserFunctions copy = UserFunctions.open(folder);
    parts.catalog().functions().all().forEach(copy::put);
  }

  private List<MergeTable> in(Set<String> databases) {
    return parts.tables().tables().stream()
        .filter(table -> databases.contains(table.definition().name().database()))
        .toList();
  }

  private String named(String database) {
    String name = names.database(database);
    if (name.equals(EngineCatalog.SYSTEM) || name.equals(EngineCatalog.INFORMATION)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "the tables of \"" + name + "\" are made when they are read");
    }
    return name;
  }
}
