// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.PlainSelect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Rewrites `FROM t ARRAY JOIN …` to a query that unnests. One for a statement, as it counts the
/// clauses.
final class ArrayJoinItems {
  private final FromItems items;
  private final Expressions expressions;
  private int clauses;

  ArrayJoinItems(FromItems items, Expressions expressions) {
    this.items = items;
    this.expressions = expressions;
  }

  /// `FROM t ARRAY JOIN a, b AS c`: a query of the columns, in which marks stand for the arrays.
  SqlNode arrayJoin(SqlCall call, Names names, Queries.Environment environment) {
    SqlNode from = this.items.rewrite(call.operand(0), names, environment);
    SqlParserPos position = call.getParserPosition();
    boolean outer = call.<SqlLiteral>operand(2).booleanValue();
    int clause = clauses++;
    Map<String, SqlNode> elements = new LinkedHashMap<>();
    List<String> added = new ArrayList<>();
    for (SqlNode item : (SqlNodeList) call.operand(1)) {
      unnested(item, names)
          .forEach((name, array) -> {
            elements.put(name, operators(array, clause, outer));
            added.add(name);
          });
    }
    List<SqlNode> items = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    List<String> starred = new ArrayList<>();
    Map<String, String> moved = new LinkedHashMap<>();
    List<Names.Source> sources = names.sources();
    for (Names.Source source : sources) {
      for (String column : source.columns()) {
        String name = columns.contains(column) ? source.alias() + "." + column : column;
        SqlNode value = elements.remove(name);
        items.add(
            FromItems.named(
                value == null
                    ? new SqlIdentifier(List.of(source.alias(), column), position)
                    : value,
                name));
        columns.add(name);
        if (source.starred().contains(column)) {
          starred.add(name);
        }
        moved.put(source.alias() + "." + column, name);
      }
    }
    elements.forEach((name, value) -> {
      items.add(FromItems.named(value, name));
      columns.add(name);
    });
    Names.Source first = sources.getFirst();
    Names.Source joined = new Names.Source(first.alias(), first.database(), columns, starred);
    names.replaceSources(joined, sources.size() > 1 ? moved : Map.of());
    return FromItems.as(PlainSelect.of(items, from, position), joined.alias(), List.of());
  }

  private SqlNode operators(SqlNode array, int clause, boolean outer) {
    return expressions.operators().unnest(array.getParserPosition(), array, clause, outer);
  }

  /// What an item of ARRAY JOIN names: an array, or the arrays of a Nested column.
  private Map<String, SqlNode> unnested(SqlNode item, Names names) {
    boolean aliased = item.getKind() == SqlKind.AS;
    SqlNode array = aliased ? ((SqlCall) item).operand(0) : item;
    String alias = aliased ? ((SqlCall) item).<SqlIdentifier>operand(1).getSimple() : null;
    Map<String, SqlNode> unnested = new LinkedHashMap<>();
    if (array instanceof SqlIdentifier id) {
      String name = String.join(".", id.names);
      if (id.isSimple() && names.column(name).isEmpty()) {
        for (Names.Source source : names.sources()) {
          for (String column : source.columns()) {
            if (column.startsWith(name + ".")) {
              String field = column.substring(name.length());
              unnested.put(
                  (alias == null ? name : alias) + field,
                  new SqlIdentifier(List.of(source.alias(), column), item.getParserPosition()));
            }
          }
        }
        if (!unnested.isEmpty()) {
          return unnested;
        }
      }
      String own = id.names.size() > 1 && names.column(name).isEmpty() ? id.names.getLast() : name;
      unnested.put(
          alias != null ? alias : names.column(own).orElse(own), expressions.rewrite(array, names));
      return unnested;
    }
    unnested.put(alias != null ? alias : ItemText.of(array), expressions.rewrite(array, names));
    return unnested;
  }
}
