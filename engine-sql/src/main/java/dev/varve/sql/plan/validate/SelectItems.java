// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.OrderMarks;
import dev.varve.sql.parse.StarMarks;
import dev.varve.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// The select list of one query: stars that do not stand for all columns are spelled out, and an
/// expression without alias is named by its text.
final class SelectItems {
  private static final char REPEATED = '\u0001';

  private final Expressions expressions;
  private final Names names;
  private final List<SqlNode> nodes = new ArrayList<>();
  private final List<String> columns = new ArrayList<>();

  SelectItems(Expressions expressions, Names names) {
    this.expressions = expressions;
    this.names = names;
  }

  List<SqlNode> nodes() {
    return nodes;
  }

  List<String> columns() {
    return columns;
  }

  void add(SqlNode item) {
    if (item instanceof SqlIdentifier star && star.isStar()) {
      star(star);
    } else if (OrderMarks.is(item, StarMarks.CHANGED)) {
      changed((SqlCall) item);
    } else if (StarMarks.isColumns(item)) {
      spellOut(columnsOf(item), List.of());
    } else {
      expression(item);
    }
  }

  private void changed(SqlCall changed) {
    spellOut(columnsOf(changed.operand(0)), ((SqlNodeList) changed.operand(1)).getList());
  }

  /// A column that a star stands for.
  private record Starred(String name, SqlNode value, SqlParserPos position) {}

  private List<Starred> columnsOf(SqlNode star) {
    if (star instanceof SqlIdentifier identifier) {
      return starred(identifier);
    }
    SqlParserPos position = star.getParserPosition();
    List<SqlNode> operands = ((SqlCall) star).getOperandList();
    if (operands.getFirst() instanceof SqlLiteral) {
      Pattern pattern = pattern(operands.getFirst());
      return starred(SqlIdentifier.star(position)).stream()
          .filter(column -> pattern.matcher(shown(column.name())).find())
          .toList();
    }
    List<Starred> columns = new ArrayList<>();
    for (SqlNode operand : operands) {
      columns.add(
          new Starred(
              lastName(operand), expressions.rewrite(operand, names), operand.getParserPosition()));
    }
    return columns;
  }

  private static Pattern pattern(SqlNode literal) {
    try {
      return Pattern.compile(TableFunctions.text(literal));
    } catch (PatternSyntaxException e) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          literal.getParserPosition(),
          "not a pattern of names: " + e.getMessage());
    }
  }

  private List<Starred> starred(SqlIdentifier star) {
    SqlParserPos position = star.getParserPosition();
    List<Starred> columns = new ArrayList<>();
    Set<String> shared = new HashSet<>();
    for (Names.Source source : sources(star)) {
      for (String column : source.starred()) {
        boolean once = star.names.size() == 1 && names.isUsing(column);
        if (once && !shared.add(column)) {
          continue;
        }
        SqlNode value =
            once
                ? expressions.rewrite(new SqlIdentifier(column, position), names)
                : new SqlIdentifier(
                    List.of(names.shownIn(source, column).alias(), column), position);
        columns.add(new Starred(column, value, position));
      }
    }
    return columns;
  }

  private void spellOut(List<Starred> columns, List<SqlNode> changes) {
    for (Starred column : columns) {
      SqlNode value = column.value();
      String name = shown(column.name());
      for (SqlNode change : changes) {
        value = value == null ? null : changed(column, value, (SqlCall) change);
        if (value != null && OrderMarks.is(change, StarMarks.APPLY)) {
          name = appliedName(((SqlCall) change).operand(0), name);
        }
      }
      if (value != null) {
        nodes.add(named(value, added(name), column.position()));
      }
    }
  }

  /// The value after a change, or null where the column is left out.
  private SqlNode changed(Starred column, SqlNode value, SqlCall change) {
    String name = shown(column.name());
    if (change.getOperator() == StarMarks.APPLY) {
      return applied(change.operand(0), value, column);
    }
    for (SqlNode operand : change.getOperandList()) {
      if (operand instanceof SqlLiteral) {
        if (pattern(operand).matcher(name).find()) {
          return null;
        }
      } else if (operand instanceof SqlIdentifier excluded) {
        if (excluded.names.getLast().equals(name)) {
          return null;
        }
      } else if (lastName(((SqlCall) operand).operand(1)).equals(name)) {
        return expressions.rewrite(((SqlCall) operand).<SqlNode>operand(0), names);
      }
    }
    return value;
  }

  // The column takes the place of the lambda's parameter, or comes first among the arguments.
  private SqlNode applied(SqlNode function, SqlNode value, Starred column) {
    String parameter = "_applied";
    names.applied(parameter, value);
    SqlIdentifier stands = new SqlIdentifier(parameter, column.position());
    SqlNode call =
        switch (function) {
          case SqlLambda lambda -> {
            String name = ((SqlIdentifier) lambda.getParameters().get(0)).getSimple();
            names.applied(name, value);
            SqlNode body = expressions.rewrite(lambda.getExpression(), names);
            names.applied(name, null);
            yield body;
          }
          case SqlIdentifier name ->
              expressions.rewrite(StarMarks.call(name.getSimple(), List.of(stands)), names);
          case SqlCall given -> {
            List<SqlNode> operands = new ArrayList<>(given.getOperandList());
            operands.addFirst(stands);
            yield expressions.rewrite(
                expressions.isAggregate(given.getOperator().getName())
                    ? StarMarks.parametric(given, stands)
                    : StarMarks.call(given.getOperator().getName(), operands),
                names);
          }
          default ->
              throw Place.error(
                  ErrorCode.SYNTAX_ERROR,
                  function.getParserPosition(),
                  "APPLY wants a function's name or a lambda");
        };
    names.applied(parameter, null);
    return call;
  }

  private static String appliedName(SqlNode function, String column) {
    return switch (function) {
      case SqlIdentifier name -> name.getSimple() + "(" + column + ")";
      case SqlCall given -> given.getOperator().getName() + "(" + column + ")";
      default -> column;
    };
  }

  /// What the user sees of a column's name: of columns with the same name all but the first carry a
  /// mark, so that the validator tells them apart.
  static String shown(String column) {
    int mark = column.indexOf(REPEATED);
    return mark < 0 ? column : column.substring(0, mark);
  }

  private String added(String name) {
    String unique = shown(name);
    for (int i = 2; columns.contains(unique); i++) {
      unique = shown(name) + REPEATED + i;
    }
    columns.add(unique);
    return unique;
  }

  private static String lastName(SqlNode identifier) {
    return ((SqlIdentifier) identifier).names.getLast();
  }

  private List<Names.Source> sources(SqlIdentifier star) {
    if (star.names.size() == 1) {
      return names.sources();
    }
    String wanted = star.names.get(star.names.size() - 2);
    return names
        .source(wanted)
        .map(List::of)
        .orElseThrow(() ->
            Place.error(
                ErrorCode.UNKNOWN_TABLE,
                star.getParserPosition(),
                "no table \""
                    + wanted
                    + "\" in FROM"
                    + dev.varve.storage.error.NearNames.suggest(
                        wanted, names.sources().stream().map(Names.Source::alias).toList())));
  }

  private void star(SqlIdentifier star) {
    List<Names.Source> sources = sources(star);
    if (mustSpellOut(sources)) {
      spellOut(starred(star), List.of());
      return;
    }
    nodes.add(
        star.names.size() == 1
            ? star
            : SqlIdentifier.star(
                List.of(sources.getFirst().alias(), ""),
                star.getParserPosition(),
                List.of(star.getParserPosition(), star.getParserPosition())));
    sources.forEach(source -> columns.addAll(source.starred()));
  }

  private boolean isUsedTwice(String column) {
    return !names.usedOf(column).isEmpty();
  }

  private boolean mustSpellOut(List<Names.Source> sources) {
    Set<String> seen = new HashSet<>(columns);
    return names.hidesSources()
        || sources.stream().anyMatch(s -> s.starred().stream().anyMatch(this::isUsedTwice))
        || sources.stream().anyMatch(s -> s.starred().size() < s.columns().size())
        || !sources.stream().allMatch(s -> s.starred().stream().allMatch(seen::add));
  }

  private static SqlNode named(SqlNode value, String name, SqlParserPos position) {
    return SqlStdOperatorTable.AS.createCall(position, value, new SqlIdentifier(name, position));
  }

  private void expression(SqlNode item) {
    SqlParserPos position = item.getParserPosition();
    if (item.getKind() == SqlKind.AS) {
      SqlCall as = (SqlCall) item;
      SqlIdentifier alias = as.operand(1);
      // While its own expression is rewritten, an alias does not mean itself.
      names.startExpanding(alias.getSimple());
      SqlNode value = expressions.rewrite(as.<SqlNode>operand(0), names);
      names.endExpanding(alias.getSimple());
      nodes.add(named(value, added(alias.getSimple()), position));
      return;
    }
    SqlNode value = expressions.rewrite(item, names);
    String name =
        item instanceof SqlIdentifier identifier ? identifier.names.getLast() : ItemText.of(item);
    if (value instanceof SqlIdentifier identifier) {
      name = identifier.names.getLast();
    }
    nodes.add(named(value, added(name), position));
  }
}
