// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.List;
import java.util.Optional;

/// BACKUP … TO … or RESTORE … FROM ….
///
/// @param restores whether tables come back; else they are copied
/// @param base where the backup is that this one is based on
/// @param structureOnly whether the tables come back empty
public record BackupStatement(
    boolean restores,
    List<Element> elements,
    Place place,
    Optional<Place> base,
    boolean structureOnly) {
  /// What is copied or brought back.
  public sealed interface Element {}

  /// A table or view.
  public record OfTable(Statement.Name name, Optional<Statement.Name> as) implements Element {}

  public record OfDatabase(String name, Optional<String> as) implements Element {}

  /// Everything but what is named.
  public record OfAll(List<Statement.Name> exceptTables, List<String> exceptDatabases)
      implements Element {}

  /// `File('path')`, or `Disk('backups', 'path')`, which is the folder of backups.
  public record Place(boolean onDisk, String path) {}
}
