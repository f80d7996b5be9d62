// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.StarMarks;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Rewrites what stands for a column: its name, with those of its table and database or not, an
/// alias, a field of a tuple, a part of another column.
final class Identifiers {
  private final Expressions expressions;
  private final Operators operators;

  Identifiers(Expressions expressions, Operators operators) {
    this.expressions = expressions;
    this.operators = operators;
  }

  /// The columns that `*` or `t.*` stands for among the arguments of a function.
  List<SqlNode> columnsOf(SqlIdentifier star, Names names) {
    List<SqlNode> columns = new ArrayList<>();
    SqlParserPos position = star.getParserPosition();
    for (Names.Source source : names.sources()) {
      if (star.names.size() > 1 && !star.names.get(star.names.size() - 2).equals(source.alias())) {
        continue;
      }
      for (String column : source.starred()) {
        columns.add(new SqlIdentifier(List.of(source.alias(), column), position));
      }
    }
    if (names.sources().isEmpty()) {
      columns.add(expressions.rewrite(new SqlIdentifier("dummy", position), names));
    }
    return columns;
  }

  SqlNode identifier(SqlIdentifier identifier, Names names) {
    if (identifier.isStar()) {
      return identifier;
    }
    SqlParserPos position = identifier.getParserPosition();
    if (!identifier.isSimple()) {
      return compound(identifier, names);
    }
    String name = identifier.getSimple();
    if (names.isParameter(name)) {
      return identifier;
    }
    if (names.applied(name).isPresent()) {
      return names.applied(name).get();
    }
    for (Names at = names; at != null; at = at.outer()) {
      Optional<String> column = at.column(name);
      if (column.isPresent() && !at.usedOf(column.get()).isEmpty()) {
        return firstOf(at.usedOf(column.get()), column.get(), position);
      }
      if (column.isPresent()) {
        // Quoted: a column that is called "user" is not the function of the standard.
        return at.isShared(column.get())
            ? new SqlIdentifier(List.of(at.sourceOf(column.get()).alias(), column.get()), position)
            : new SqlIdentifier(
                List.of(column.get()), null, position, List.of(position.withQuoting(true)));
      }
      Optional<SqlNode> alias = at == names ? at.alias(name) : Optional.empty();
      if (alias.isPresent()) {
        String spelled = at.aliasName(name).orElseThrow();
        at.startExpanding(spelled);
        SqlNode expression = expressions.rewrite(alias.get(), names);
        at.endExpanding(spelled);
        return expression;
      }
    }
    if (name.equalsIgnoreCase("nan") || name.equalsIgnoreCase("inf")) {
      return operators.cast(
          DataTypes.FLOAT64, position, Operators.text(name.toLowerCase(Locale.ROOT), position));
    }
    if (name.equals("dummy") && names.sources().isEmpty()) {
      return operators.number(0, position);
    }
    return spelledFunction(identifier)
        .map(call -> expressions.rewrite(call, names))
        .orElseThrow(() -> unknown(identifier, names));
  }

  SqlNode firstOf(List<Names.Source> sources, String column, SqlParserPos position) {
    List<SqlNode> columns = new ArrayList<>();
    for (Names.Source source : sources) {
      columns.add(new SqlIdentifier(List.of(source.alias(), column), position));
    }
    return columns.size() == 1
        ? columns.getFirst()
        : operators.scalar("coalesce", position, columns);
  }

  /// `CURRENT_DATE` and its like need no parentheses.
  private static Optional<SqlNode> spelledFunction(SqlIdentifier name) {
    String function =
        switch (name.getSimple().toUpperCase(Locale.ROOT)) {
          case "CURRENT_DATE" -> "today";
          case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> "now";
          case "CURRENT_SCHEMA", "CURRENT_CATALOG" -> "currentDatabase";
          case "CURRENT_USER", "SESSION_USER", "USER" -> "currentUser";
          default -> "";
        };
    return function.isEmpty() || name.isComponentQuoted(0)
        ? Optional.empty()
        : Optional.of(StarMarks.call(function, List.of()));
  }

  // table.column, database.table.column, a column whose name has a dot, a field of a tuple, or
  // what a column of another type has: n.null, array.size0, map.keys, map.values.
  private SqlNode compound(SqlIdentifier identifier, Names names) {
    SqlParserPos position = identifier.getParserPosition();
    List<String> parts = identifier.names;
    Optional<String> moved = names.redirected(String.join(".", parts));
    if (moved.isPresent()) {
      return new SqlIdentifier(List.of(names.sources().getFirst().alias(), moved.get()), position);
    }
    Optional<String> dotted = names.column(String.join(".", parts));
    if (dotted.isPresent()) {
      return new SqlIdentifier(dotted.get(), position);
    }
    for (int skip = parts.size() > 2 ? 1 : 0; skip >= 0; skip--) {
      Optional<Names.Source> source = names.source(parts.get(skip));
      if (source.isPresent() && (skip == 0 || source.get().database().equals(parts.getFirst()))) {
        return columnOf(source.get(), identifier, skip + 1);
      }
    }
    Optional<Names.Source> original =
        parts.size() > 2
            ? names.originalSource(parts.get(0) + "." + parts.get(1))
            : Optional.empty();
    if (original.isPresent()) {
      return columnOf(original.get(), identifier, 2);
    }
    Optional<String> tuple = names.column(parts.getFirst());
    if (tuple.isPresent() || names.isParameter(parts.getFirst())) {
      return fields(
          new SqlIdentifier(tuple.orElse(parts.getFirst()), position), parts, 1, position);
    }
    throw unknown(identifier, names);
  }

  private SqlNode columnOf(Names.Source source, SqlIdentifier identifier, int from) {
    List<String> parts = identifier.names;
    for (int to = parts.size(); to > from; to--) {
      String wanted = String.join(".", parts.subList(from, to));
      Optional<String> column = Names.match(wanted, source.columns());
      if (column.isPresent()) {
        SqlNode found =
            new SqlIdentifier(
                List.of(source.alias(), column.get()), identifier.getParserPosition());
        return fields(found, parts, to, identifier.getParserPosition());
      }
    }
    String wanted = String.join(".", parts.subList(from, parts.size()));
    throw Place.error(
        ErrorCode.UNKNOWN_IDENTIFIER,
        identifier.getParserPosition(),
        "no column \""
            + wanted
            + "\" in \""
            + source.alias()
            + "\""
            + NearNames.suggest(wanted, source.columns()));
  }

  private SqlNode fields(SqlNode value, List<String> parts, int from, SqlParserPos position) {
    SqlNode result = value;
    for (String field : parts.subList(from, parts.size())) {
      result =
          switch (field) {
            case "null" -> operators.scalar("isNull", position, result);
            case "size0" -> operators.scalar("length", position, result);
            default ->
                operators.scalar("tupleElement", position, result, Operators.text(field, position));
          };
    }
    return result;
  }

  private static RuntimeException unknown(SqlIdentifier identifier, Names names) {
    String wanted = String.join(".", identifier.names);
    return Place.error(
        ErrorCode.UNKNOWN_IDENTIFIER,
        identifier.getParserPosition(),
        "no column \"" + wanted + "\"" + NearNames.suggest(wanted, names.known()));
  }
}
