// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Finds what statements name: exactly first, else in any case where only one name fits.
///
/// @param temporary database of the session's temporary tables, which come first; or empty
record Names(EngineParts parts, String database, String temporary) {
  /// The full name of a table to make.
  TableName full(Statement.Name name) {
    if (name.database().isEmpty()
        && !temporary.isEmpty()
        && parts.catalog().tables(temporary).contains(name.table())) {
      return new TableName(temporary, name.table());
    }
    return new TableName(name.database().map(this::database).orElse(database), name.table());
  }

  /// @throws VarveException UNKNOWN_DATABASE
  String database(String wanted) {
    Collection<String> known = parts.catalog().databases();
    return match(wanted, known)
        .orElseThrow(() ->
            new VarveException(
                ErrorCode.UNKNOWN_DATABASE,
                "no database \"" + wanted + "\"" + NearNames.suggest(wanted, known)));
  }

  Optional<MergeTable> find(Statement.Name name) {
    TableName full = full(name);
    Optional<MergeTable> exact = parts.tables().table(full);
    return exact.isPresent()
        ? exact
        : match(name.table(), parts.catalog().tables(full.database()))
            .flatMap(table -> parts.tables().table(new TableName(full.database(), table)));
  }

  /// The table itself; of a materialized view or a Buffer the one that keeps its rows.
  ///
  /// @throws VarveException UNKNOWN_TABLE if that is gone
  MergeTable stored(MergeTable table) {
    if (table.definition().isView() && !table.definition().isMaterializedView()) {
      Optional<TableName> behind = table.definition().target();
      if (behind.isPresent()) {
        return get(new Statement.Name(Optional.of(behind.get().database()), behind.get().table()));
      }
    }
    return parts.tables().storedBehind(table);
  }

  /// @throws VarveException UNKNOWN_TABLE; READONLY for one of `system`
  MergeTable get(Statement.Name name) {
    Optional<MergeTable> found = find(name);
    if (found.isPresent()) {
      return found.get();
    }
    String in = full(name).database();
    Collection<String> known = parts.catalog().tables(in);
    boolean isMade = in.equals(EngineCatalog.SYSTEM) || in.equals(EngineCatalog.INFORMATION);
    if (isMade && known.contains(name.table())) {
      throw new VarveException(
          ErrorCode.READONLY, "the tables of \"" + in + "\" can only be read, not changed");
    }
    throw new VarveException(
        ErrorCode.UNKNOWN_TABLE,
        "no table \""
            + name.table()
            + "\" in database \""
            + in
            + "\""
            + NearNames.suggest(name.table(), known));
  }

  private static Optional<String> match(String wanted, Collection<String> known) {
    if (known.contains(wanted)) {
      return Optional.of(wanted);
    }
    List<String> near = known.stream().filter(wanted::equalsIgnoreCase).toList();
    return near.size() == 1 ? Optional.of(near.getFirst()) : Optional.empty();
  }
}
