// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlStarExclude;
import org.apache.calcite.sql.SqlStarReplace;
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
    switch (item) {
      case SqlIdentifier star when star.isStar() -> star(star);
      case SqlStarExclude star -> {
        Set<String> excluded =
            star.getExcludeList().getList().stream()
                .map(SelectItems::lastName)
                .collect(Collectors.toSet());
        spellOut(star.getStarIdentifier(), excluded, Map.of());
      }
      case SqlStarReplace star ->
          spellOut(star.getStarIdentifier(), Set.of(), replacements(star.getReplaceList()));
      default -> expression(item);
    }
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

  private static Map<String, SqlNode> replacements(SqlNodeList list) {
    Map<String, SqlNode> replacements = new LinkedHashMap<>();
    for (SqlNode node : list) {
      SqlCall as = (SqlCall) node;
      replacements.put(lastName(as.operand(1)), as.operand(0));
    }
    return replacements;
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
                dev.varve.storage.error.ErrorCode.UNKNOWN_TABLE,
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
      spellOut(star, Set.of(), Map.of());
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

  private boolean mustSpellOut(List<Names.Source> sources) {
    Set<String> seen = new HashSet<>(columns);
    return names.hidesSources()
        || sources.stream().anyMatch(s -> s.starred().size() < s.columns().size())
        || !sources.stream().allMatch(s -> s.starred().stream().allMatch(seen::add));
  }

  private void spellOut(
      SqlIdentifier star, Set<String> excluded, Map<String, SqlNode> replacements) {
    SqlParserPos position = star.getParserPosition();
    Set<String> shared = new HashSet<>();
    for (Names.Source source : sources(star)) {
      for (String column : source.starred()) {
        boolean once = star.names.size() == 1 && names.isUsing(column);
        if (excluded.contains(shown(column)) || (once && !shared.add(column))) {
          continue;
        }
        SqlNode replacement = replacements.get(shown(column));
        SqlNode value =
            replacement != null
                ? expressions.rewrite(replacement, names)
                : once
                    ? new SqlIdentifier(column, position)
                    : new SqlIdentifier(
                        List.of(names.shownIn(source, column).alias(), column), position);
        nodes.add(named(value, added(column), position));
      }
    }
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
