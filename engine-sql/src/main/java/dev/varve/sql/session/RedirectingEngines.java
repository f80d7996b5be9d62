// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StringLiteral;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Tables of the engines that keep no rows themselves, as views: `Buffer` shows the table that it
/// stands before, and rows go there at once, as there is nothing to wait for; `Merge` shows the
/// tables whose names fit a pattern.
record RedirectingEngines(Names names) {
  /// The view that a CREATE TABLE asks for; nothing where its engine keeps rows.
  Optional<TableDefinition> of(
      TableName name, Statement.CreateTable create, Optional<TableDefinition> like) {
    String engine = create.engine().map(Statement.Engine::name).orElse("");
    return switch (engine) {
      case "Buffer" -> Optional.of(buffer(name, create));
      case "Merge" -> Optional.of(merge(name, create, like));
      default -> Optional.empty();
    };
  }

  private TableDefinition buffer(TableName name, Statement.CreateTable create) {
    List<String> arguments = create.engine().orElseThrow().arguments();
    if (arguments.size() < 2) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "engine Buffer(database, table, …) names the table behind it");
    }
    String database = database(arguments.getFirst(), name);
    TableDefinition target =
        names.get(new Statement.Name(Optional.of(database), plain(arguments.get(1)))).definition();
    String columns =
        target.columns().stream()
            .filter(column -> column.kind() == ColumnDefinition.Kind.DEFAULT)
            .map(column -> quoted(column.name()))
            .collect(Collectors.joining(", "));
    String query =
        "SELECT "
            + columns
            + " FROM "
            + quoted(target.name().database())
            + "."
            + quoted(target.name().table());
    return view(name, target.columns(), query, create)
        .change()
        .target(Optional.of(target.name()))
        .done();
  }

  private TableDefinition merge(
      TableName name, Statement.CreateTable create, Optional<TableDefinition> like) {
    List<String> arguments = create.engine().orElseThrow().arguments();
    if (arguments.size() != 2) {
      throw new VarveException(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          "engine Merge(database, 'pattern') takes 2 arguments, found " + arguments.size());
    }
    List<ColumnDefinition> columns =
        create.columns().isEmpty()
            ? like.map(TableDefinition::columns).orElse(List.of())
            : new Definitions(names.parts().compiler()).columns(create.columns(), List.of());
    if (columns.isEmpty()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "table " + name + " of engine Merge names no columns");
    }
    String shown =
        columns.stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "));
    String query =
        "SELECT "
            + shown
            + " FROM merge("
            + quoted(database(arguments.getFirst(), name))
            + ", "
            + arguments.get(1)
            + ")";
    return view(name, columns, query, create);
  }

  private static TableDefinition view(
      TableName name, List<ColumnDefinition> columns, String query, Statement.CreateTable create) {
    return new TableDefinition(
        name,
        columns.stream().map(c -> ColumnDefinition.of(c.name(), c.type())).toList(),
        "View",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        query,
        create.comment(),
        0);
  }

  /// The database as written; the table's own for `currentDatabase()` and the empty text.
  private static String database(String argument, TableName name) {
    String text = plain(argument);
    return text.isEmpty() || text.replace(" ", "").equalsIgnoreCase("currentDatabase()")
        ? name.database()
        : text;
  }

  private static String plain(String argument) {
    return argument.startsWith("'") ? StringLiteral.value(argument) : argument;
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
