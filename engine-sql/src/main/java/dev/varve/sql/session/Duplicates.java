// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.Statement;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The columns by which `OPTIMIZE ... DEDUPLICATE` takes rows for duplicates.
final class Duplicates {
  private Duplicates() {}

  /// Stored columns, those of the sorting key and the partition key among them.
  static List<String> columns(TableDefinition table, Statement.Deduplicate by) {
    List<String> stored =
        table.columns().stream()
            .filter(ColumnDefinition::isStored)
            .map(ColumnDefinition::name)
            .toList();
    List<String> chosen = new ArrayList<>(by.columns().isEmpty() ? stored : by.columns());
    by.columns().forEach(name -> requireStored(table, name, stored));
    by.except().forEach(name -> requireStored(table, name, stored));
    chosen.removeAll(by.except());
    if (!by.pattern().isEmpty()) {
      Pattern pattern = compile(by.pattern());
      chosen.removeIf(name -> !pattern.matcher(name).find());
    }
    requireKeys(table, chosen, stored);
    return chosen;
  }

  private static void requireStored(TableDefinition table, String name, List<String> stored) {
    if (!stored.contains(name)) {
      throw new VarveException(
          ErrorCode.NO_SUCH_COLUMN_IN_TABLE,
          "table "
              + table.name()
              + " stores no column \""
              + name
              + "\" to find duplicates by"
              + NearNames.suggest(name, stored));
    }
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "COLUMNS('" + pattern + "'): " + e.getDescription(), e);
    }
  }

  /// Rows that differ in a key never meet in a merge, so a choice without it would keep some of
  /// them by chance.
  private static void requireKeys(TableDefinition table, List<String> chosen, List<String> stored) {
    List<String> keys = new ArrayList<>(table.orderBy());
    keys.addAll(table.partitionBy());
    for (String key : keys) {
      if (stored.contains(key) && !chosen.contains(key)) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "DEDUPLICATE BY must name every column of the sorting key and the partition key of "
                + table.name()
                + ", \""
                + key
                + "\" is missing");
      }
    }
  }
}
