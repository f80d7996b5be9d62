// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.sql.parse.BackupStatement.Element;
import dev.varve.sql.parse.BackupStatement.Place;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Reads BACKUP and RESTORE, which are told from other statements by their first words.
final class BackupParser {
  private static final Pattern FIRST =
      Pattern.compile(
          "\\A(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(?:BACKUP|RESTORE)\\s+"
              + "(?:TABLE|VIEW|DATABASE|ALL)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final List<String> SETTINGS = List.of("base_backup", "structure_only");

  private final AccessTokens in;
  private final boolean restores;
  private Optional<Place> base = Optional.empty();
  private boolean structureOnly;

  private BackupParser(String text) {
    this.in = new AccessTokens(text);
    this.restores = in.take("RESTORE");
    if (!restores) {
      in.expect("BACKUP");
    }
  }

  static boolean isBackup(String text) {
    return FIRST.matcher(text).matches();
  }

  static StatementParser.Parsed parse(String text) {
    BackupParser parser = new BackupParser(text);
    BackupStatement statement = parser.statement();
    Optional<String> format =
        parser.in.take("FORMAT") ? Optional.of(parser.in.name()) : Optional.empty();
    parser.in.end();
    return new StatementParser.Parsed(new Statement.Backup(statement), format);
  }

  private BackupStatement statement() {
    List<Element> elements = new ArrayList<>();
    do {
      elements.add(element());
    } while (in.take(","));
    in.expect(restores ? "FROM" : "TO");
    Place place = place();
    if (in.take("SETTINGS")) {
      do {
        setting();
      } while (in.take(","));
    }
    if (in.take("ASYNC")) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "BACKUP and RESTORE answer when they are done; leave ASYNC out, and look at"
              + " system.backups from another connection meanwhile");
    }
    in.take("SYNC");
    return new BackupStatement(restores, elements, place, base, structureOnly);
  }

  private Element element() {
    if (in.take("ALL")) {
      return all();
    }
    if (in.take("DATABASE")) {
      String name = in.name();
      return new BackupStatement.OfDatabase(name, renamed(in::name));
    }
    if (!in.take("VIEW")) {
      in.expect("TABLE");
    }
    Statement.Name name = table();
    return new BackupStatement.OfTable(name, renamed(this::table));
  }

  private <T> Optional<T> renamed(Supplier<T> name) {
    if (restores) {
      return in.take("AS") ? Optional.of(name.get()) : Optional.empty();
    }
    if (in.isNext("AS")) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "a backup keeps the names of its tables; give another to RESTORE … AS …");
    }
    return Optional.empty();
  }

  private Element all() {
    List<Statement.Name> tables = new ArrayList<>();
    List<String> databases = new ArrayList<>();
    while (in.take("EXCEPT")) {
      boolean isDatabase = in.take("DATABASE") || in.take("DATABASES");
      if (!isDatabase && !in.take("TABLES")) {
        in.expect("TABLE");
      }
      do {
        if (isDatabase) {
          databases.add(in.name());
        } else {
          tables.add(table());
        }
      } while (in.take(","));
    }
    return new BackupStatement.OfAll(tables, databases);
  }

  private Statement.Name table() {
    String first = in.name();
    return in.take(".")
        ? new Statement.Name(Optional.of(first), in.name())
        : new Statement.Name(Optional.empty(), first);
  }

  private Place place() {
    boolean onDisk = in.take("Disk");
    if (!onDisk) {
      in.expect("File");
    }
    in.expect("(");
    if (onDisk) {
      String disk = in.string();
      if (!disk.equals("backups")) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "no disk '" + disk + "'; the folder of backups is Disk('backups', '…')");
      }
      in.expect(",");
    }
    String path = in.string();
    in.expect(")");
    if (path.isBlank()) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "a backup needs a name: File('…')");
    }
    return new Place(onDisk, path);
  }

  private void setting() {
    String name = in.name().toLowerCase(Locale.ROOT);
    in.expect("=");
    switch (name) {
      case "base_backup" -> base = Optional.of(place());
      case "structure_only" -> structureOnly = !in.value().matches("0|false");
      default ->
          throw new VarveException(
              ErrorCode.UNKNOWN_SETTING,
              "no setting \""
                  + name
                  + "\" of BACKUP and RESTORE"
                  + NearNames.suggest(name, SETTINGS));
    }
  }
}
