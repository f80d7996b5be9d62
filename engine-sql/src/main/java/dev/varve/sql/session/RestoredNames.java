// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// New names of tables, put into the definitions that name them. In the query of a view a table is
/// found by its full name, `database.table`; one that stands alone is of the view's database, which
/// is the new one already.
///
/// @param names for each table the name it had and the one it gets
record RestoredNames(Map<TableName, TableName> names) {
  private static final String NAME = "(`[^`]*`|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_]*)";
  private static final Pattern FULL =
      Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*'|" + NAME + "\\s*\\.\\s*" + NAME);

  TableDefinition in(TableDefinition table) {
    return table
        .change()
        .name(of(table.name()))
        .target(table.target().map(this::of))
        .query(in(table.query()))
        .done();
  }

  private TableName of(TableName name) {
    return names.getOrDefault(name, name);
  }

  private String in(String query) {
    Matcher found = FULL.matcher(query);
    StringBuilder changed = new StringBuilder();
    while (found.find()) {
      String text = found.group();
      if (found.group(1) != null) {
        TableName name = new TableName(bare(found.group(1)), bare(found.group(2)));
        if (!of(name).equals(name)) {
          text = quoted(of(name).database()) + "." + quoted(of(name).table());
        }
      }
      found.appendReplacement(changed, Matcher.quoteReplacement(text));
    }
    return found.appendTail(changed).toString();
  }

  private static String bare(String name) {
    return name.replaceAll("^[`\"]|[`\"]$", "");
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
