// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.session.RandomTables.Column;
import dev.varve.sql.session.RandomTables.Kind;
import dev.varve.sql.session.RandomTables.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Random queries over random tables, in the SQL that we and DuckDB read alike.
///
/// What the dialects settle differently is not asked: constant lists with NULL, aggregates of no
/// rows over columns without NULL, division of whole numbers, sums that do not fit, the order of
/// rows where none is given.
final class RandomQueries {
  /// A query, and whether its rows come in an order.
  record Query(String sql, boolean ordered) {}

  /// A column that can be named, as `alias.name`.
  record Named(String text, Kind kind, boolean nullable) {}

  /// Whether the shapes of [RandomShapes] are asked, and tables may hold hardly anything but NULLs.
  static final boolean SHAPES = Boolean.getBoolean("varve.shapes");

  private static final List<String> JOINS =
      List.of(" JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ", " ANTI JOIN ", " SEMI JOIN ");

  private final RandomGenerator random;
  private final List<Table> tables;
  private final RandomTables values;
  private int aliases;

  RandomQueries(RandomGenerator random, List<Table> tables) {
    this.random = random;
    this.tables = tables;
    this.values = new RandomTables(random);
  }

  Query next() {
    aliases = 0;
    if (SHAPES && chance(1, 2)) {
      return new RandomShapes(random, this, tables).next();
    }
    int form = random.nextInt(10);
    List<Kind> kinds = kinds(1 + random.nextInt(3));
    String body;
    if (form < 2) {
      body = setOperation(kinds);
    } else if (form < 3) {
      body = withClause(kinds);
    } else {
      body = select(kinds, List.of(), 2);
    }
    return random.nextInt(3) == 0
        ? new Query(ordered(body, kinds.size()), true)
        : new Query(body, false);
  }

  boolean chance(int one, int of) {
    return random.nextInt(of) < one;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  List<Kind> kinds(int count) {
    List<Kind> kinds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      kinds.add(Kind.values()[random.nextInt(Kind.values().length)]);
    }
    return kinds;
  }

  private String ordered(String body, int columns) {
    List<String> keys = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      keys.add(i + (chance(1, 2) ? " DESC" : "") + (chance(1, 2) ? " NULLS FIRST" : " NULLS LAST"));
    }
    String limit = chance(1, 2) ? " LIMIT " + random.nextInt(12) : "";
    String offset = !limit.isEmpty() && chance(1, 2) ? " OFFSET " + random.nextInt(5) : "";
    return body + " ORDER BY " + String.join(", ", keys) + limit + offset;
  }

  private String setOperation(List<Kind> kinds) {
    String operator =
        pick(List.of("UNION ALL", "UNION", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"));
    return select(kinds, List.of(), 1) + " " + operator + " " + select(kinds, List.of(), 1);
  }

  private String withClause(List<Kind> kinds) {
    String inner = select(kinds, List.of(), 1);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      names.add("x" + i);
    }
    String columns = String.join(", ", names);
    return "WITH w("
        + columns
        + ") AS ("
        + inner
        + ") SELECT "
        + String.join(", ", names.stream().map(n -> "p." + n).toList())
        + (chance(1, 2) ? " FROM w AS p" : " FROM w AS p JOIN w AS q ON p.x0 = q.x0");
  }

  /// A SELECT whose columns have these kinds.
  String select(List<Kind> kinds, List<Named> outer, int depth) {
    List<Named> names = new ArrayList<>();
    String from = from(names, depth);
    String where = chance(2, 3) ? " WHERE " + condition(names, outer, depth) : "";
    int form = random.nextInt(10);
    if (form < 3) {
      return grouped(kinds, names, from, where);
    }
    if (form < 4) {
      return windowed(kinds, names, from, where);
    }
    List<String> items = new ArrayList<>();
    for (Kind kind : kinds) {
      items.add(value(kind, names, outer, 2));
    }
    return "SELECT " + (chance(1, 5) ? "DISTINCT " : "") + String.join(", ", items) + from + where;
  }

  String from(List<Named> names, int depth) {
    StringBuilder from = new StringBuilder(" FROM " + item(names, depth));
    int joins = random.nextInt(4) == 0 ? 2 : random.nextInt(2);
    for (int i = 0; i < joins; i++) {
      List<Named> left = List.copyOf(names);
      String join = pick(JOINS);
      List<Named> right = new ArrayList<>();
      String item = item(right, depth);
      String on = joinCondition(left, right, join);
      from.append(join).append(item).append(" ON ").append(on);
      if (!join.contains("SEMI") && !join.contains("ANTI")) {
        names.addAll(right);
      }
    }
    return from.toString();
  }

  private String joinCondition(List<Named> left, List<Named> right, String join) {
    Kind kind = chance(2, 3) ? Kind.INT : pick(right).kind;
    String equal =
        column(kind, left)
            + (chance(1, 8) ? " IS NOT DISTINCT FROM " : " = ")
            + column(kind, right);
    if (chance(1, 3) && !join.contains("FULL") && !join.contains("ANTI")) {
      List<Named> both = new ArrayList<>(left);
      both.addAll(right);
      return equal + " AND " + comparison(both, List.of());
    }
    return equal;
  }

  String item(List<Named> names, int depth) {
    String alias = "t" + aliases++;
    if (depth > 1 && chance(1, 6)) {
      List<Kind> kinds = new ArrayList<>(List.of(Kind.INT));
      kinds.addAll(kinds(1 + random.nextInt(2)));
      String inner = select(kinds, List.of(), depth - 1);
      List<String> columns = new ArrayList<>();
      for (int i = 0; i < kinds.size(); i++) {
        columns.add("d" + i);
        names.add(new Named(alias + ".d" + i, kinds.get(i), true));
      }
      return "(" + inner + ") AS " + alias + "(" + String.join(", ", columns) + ")";
    }
    Table table = pick(tables);
    for (Column column : table.columns()) {
      names.add(new Named(alias + "." + column.name(), column.kind(), column.nullable()));
    }
    return table.name() + " AS " + alias;
  }

  private String grouped(List<Kind> kinds, List<Named> names, String from, String where) {
    List<String> items = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    boolean global = chance(1, 5);
    for (Kind kind : kinds) {
      if (!global && chance(1, 2)) {
        String key = chance(2, 3) ? column(kind, names) : value(kind, names, List.of(), 1);
        items.add(key);
        keys.add(key);
      } else {
        items.add(aggregate(kind, names));
      }
    }
    if (!global && keys.isEmpty()) {
      keys.add(column(Kind.INT, names));
    }
    String group = "";
    if (!keys.isEmpty()) {
      List<String> plain = keys.stream().filter(k -> k.matches("t\\d+\\.\\w+")).distinct().toList();
      boolean sets = plain.size() == keys.size() && chance(1, 4);
      String list = String.join(", ", keys);
      group = " GROUP BY " + (sets ? pick(List.of("ROLLUP", "CUBE")) + "(" + list + ")" : list);
    }
    String having = chance(1, 4) ? " HAVING count(*) > " + random.nextInt(3) : "";
    return "SELECT " + String.join(", ", items) + from + where + group + having;
  }

  private String aggregate(Kind kind, List<Named> names) {
    String filter = chance(1, 8) ? " FILTER (WHERE " + comparison(names, List.of()) + ")" : "";
    return switch (kind) {
      case INT ->
          switch (random.nextInt(5)) {
            case 0 -> "count(*)" + filter;
            case 1 -> "count(" + pick(names).text + ")" + filter;
            case 2 -> "count(DISTINCT " + pick(names).text + ")" + filter;
            case 3 -> "coalesce(sum(" + column(Kind.INT, names) + ")" + filter + ", 0)";
            default -> extreme(Kind.INT, names, filter);
          };
      case DOUBLE ->
          chance(1, 2)
              ? "avg("
                  + nullable(column(chance(1, 2) ? Kind.INT : Kind.DECIMAL, names))
                  + ")"
                  + filter
              : extreme(Kind.DOUBLE, names, filter);
      case DECIMAL ->
          chance(1, 2)
              ? "coalesce(sum(" + column(Kind.DECIMAL, names) + ")" + filter + ", 0)"
              : extreme(Kind.DECIMAL, names, filter);
      case BOOL -> "count(*)" + filter + " > 2";
      default -> extreme(kind, names, filter);
    };
  }

  private String extreme(Kind kind, List<Named> names, String filter) {
    return pick(List.of("min(", "max(")) + nullable(column(kind, names)) + ")" + filter;
  }

  // Over no rows, an aggregate of values that cannot be NULL is not the same everywhere.
  private static String nullable(String column) {
    return "nullif(" + column + ", NULL)";
  }

  private String windowed(List<Kind> kinds, List<Named> names, String from, String where) {
    List<String> items = new ArrayList<>();
    // Ties are broken by every column of the tables and so by their ids. Rows of a subquery may be
    // equal in all their columns; two windows may then number such twins in different order.
    String all = String.join(", ", names.stream().map(n -> n.text).toList());
    boolean twins = names.stream().anyMatch(n -> n.text.matches("t\\d+\\.d\\d+"));
    boolean open = true;
    for (Kind kind : kinds) {
      boolean windowed = open && chance(1, 2);
      items.add(windowed ? window(kind, names, all) : value(kind, names, List.of(), 1));
      open &= !(windowed && twins);
    }
    return "SELECT " + String.join(", ", items) + from + where;
  }

  private String window(Kind kind, List<Named> names, String all) {
    String partition = chance(1, 2) ? "PARTITION BY " + pick(names).text + " " : "";
    String total = "(" + partition + "ORDER BY " + pick(names).text + ", " + all;
    String frame =
        switch (random.nextInt(5)) {
          case 0 -> " ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING";
          case 1 -> " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
          case 2 -> " ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING";
          case 3 -> " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW";
          default -> "";
        };
    return switch (kind) {
      case INT ->
          switch (random.nextInt(6)) {
            case 0 -> "row_number() OVER " + total + ")";
            case 1 -> "rank() OVER (" + partition + "ORDER BY " + pick(names).text + ")";
            case 2 -> "dense_rank() OVER (" + partition + "ORDER BY " + pick(names).text + " DESC)";
            case 3 -> "count(*) OVER " + total + frame + ")";
            case 4 -> "ntile(3) OVER " + total + ")";
            default ->
                "coalesce(sum("
                    + column(Kind.INT, names)
                    + ") OVER "
                    + ranged(partition, names)
                    + ", 0)";
          };
      case BOOL -> "count(*) OVER (" + partition + ") > 3";
      case DECIMAL -> "coalesce(sum(" + column(kind, names) + ") OVER " + total + frame + "), 0)";
      default ->
          switch (random.nextInt(4)) {
            case 0 -> "lag(" + column(kind, names) + ") OVER " + total + ")";
            case 1 -> "lead(" + column(kind, names) + ", 2) OVER " + total + ")";
            case 2 -> "max(" + nullable(column(kind, names)) + ") OVER " + total + frame + ")";
            default -> "first_value(" + column(kind, names) + ") OVER " + total + frame + ")";
          };
    };
  }

  private String ranged(String partition, List<Named> names) {
    return "("
        + partition
        + "ORDER BY "
        + column(Kind.INT, names)
        + (chance(1, 2) ? " DESC" : "")
        + pick(
            List.of(
                "",
                " RANGE BETWEEN 2 PRECEDING AND CURRENT ROW",
                " RANGE BETWEEN 1 FOLLOWING AND 5 FOLLOWING",
                " RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"))
        + ")";
  }

  /// A column of this kind, or a constant where there is none.
  String column(Kind kind, List<Named> names) {
    List<Named> fitting = names.stream().filter(n -> n.kind == kind).toList();
    return fitting.isEmpty() ? constant(kind) : pick(fitting).text;
  }

  String constant(Kind kind) {
    String literal = values.literal(kind);
    return switch (kind) {
      case DATE -> "DATE " + literal;
      case TIME -> "CAST(" + literal + " AS TIMESTAMP)";
      case DOUBLE -> "CAST(" + literal + " AS DOUBLE)";
      case DECIMAL -> "CAST(" + literal + " AS DECIMAL(9, 2))";
      case WIDE -> "CAST(" + literal + " AS BIGINT)";
      case INT -> "CAST(" + literal + " AS INTEGER)";
      default -> literal;
    };
  }

  String value(Kind kind, List<Named> names, List<Named> outer, int depth) {
    if (depth == 0 || chance(1, 2)) {
      List<Named> all = new ArrayList<>(names);
      if (chance(1, 3)) {
        all.addAll(outer);
      }
      return chance(1, 8) ? constant(kind) : column(kind, all);
    }
    String a = value(kind, names, outer, depth - 1);
    String b = value(kind, names, outer, depth - 1);
    switch (random.nextInt(4)) {
      case 0:
        return "CASE WHEN "
            + comparison(names, outer)
            + " THEN "
            + a
            + (chance(1, 3) ? " END" : " ELSE " + b + " END");
      case 1:
        return "coalesce(" + a + ", " + b + ")";
      case 2:
        return "nullif(" + a + ", " + b + ")";
      default:
        break;
    }
    return switch (kind) {
      case INT ->
          switch (random.nextInt(6)) {
            case 0 -> "(" + a + " + " + b + ")";
            case 1 -> "(" + a + " - " + b + ")";
            case 2 -> "(" + a + " * " + random.nextInt(-3, 4) + ")";
            case 3 -> "abs(" + a + ")";
            case 4 -> "(" + a + " % 7)";
            default -> "length(" + value(Kind.TEXT, names, outer, 0) + ")";
          };
      case DOUBLE -> "(" + a + pick(List.of(" + ", " - ", " * ")) + b + ")";
      case DECIMAL -> "(" + a + pick(List.of(" + ", " - ")) + b + ")";
      case TEXT ->
          switch (random.nextInt(4)) {
            case 0 -> "(" + a + " || " + b + ")";
            case 1 -> "upper(" + a + ")";
            case 2 -> "lower(" + a + ")";
            default -> "substring(" + a + ", 1, 2)";
          };
      case BOOL -> "(" + comparison(names, outer) + ")";
      default -> a;
    };
  }

  String condition(List<Named> names, List<Named> outer, int depth) {
    int form = random.nextInt(depth > 0 ? 9 : 6);
    return switch (form) {
      case 0 ->
          "(" + condition(names, outer, depth - 1) + " AND " + condition(names, outer, 0) + ")";
      case 1 ->
          "(" + condition(names, outer, depth - 1) + " OR " + condition(names, outer, 0) + ")";
      case 2 -> "NOT (" + condition(names, outer, 0) + ")";
      case 6 -> exists(names);
      case 7 -> inQuery(names);
      case 8 -> scalarQuery(names);
      default -> comparison(names, outer);
    };
  }

  private String exists(List<Named> names) {
    Named own = pick(names);
    List<Named> inner = new ArrayList<>();
    String from = from(inner, 0);
    String correlated = column(own.kind, inner) + pick(List.of(" = ", " = ", " < ")) + own.text;
    String also = chance(1, 2) ? " AND " + comparison(inner, names) : "";
    return (chance(1, 2) ? "EXISTS" : "NOT EXISTS")
        + " (SELECT 1"
        + from
        + " WHERE "
        + correlated
        + also
        + ")";
  }

  private String inQuery(List<Named> names) {
    Named own = pick(names);
    List<Named> inner = new ArrayList<>();
    String from = from(inner, 0);
    String where =
        chance(1, 2) ? " WHERE " + comparison(inner, chance(1, 2) ? names : List.of()) : "";
    return own.text
        + (chance(1, 2) ? " IN" : " NOT IN")
        + " (SELECT "
        + column(own.kind, inner)
        + from
        + where
        + ")";
  }

  private String scalarQuery(List<Named> names) {
    Named own = pick(names);
    List<Named> inner = new ArrayList<>();
    String from = from(inner, 0);
    String where = chance(2, 3) ? " WHERE " + column(own.kind, inner) + " = " + own.text : "";
    return chance(1, 2)
        ? "(SELECT count(*)"
            + from
            + where
            + ") "
            + pick(List.of("=", ">", "<="))
            + " "
            + random.nextInt(3)
        : column(own.kind, names)
            + pick(List.of(" >= ", " = "))
            + "(SELECT max("
            + nullable(column(own.kind, inner))
            + ")"
            + from
            + where
            + ")";
  }

  String comparison(List<Named> names, List<Named> outer) {
    List<Named> all = new ArrayList<>(names);
    if (chance(1, 3)) {
      all.addAll(outer);
    }
    Named own = pick(all);
    if (own.kind == Kind.BOOL && chance(1, 2)) {
      return own.text;
    }
    if (own.kind == Kind.TEXT && chance(1, 4)) {
      return own.text
          + (chance(1, 3) ? " NOT" : "")
          + " LIKE "
          + pick(List.of("'a%'", "'%b'", "'%b%'", "'_'", "''", "'a_'"));
    }
    String other = chance(1, 2) ? constant(own.kind) : column(own.kind, all);
    return switch (random.nextInt(7)) {
      case 0 -> own.text + " IS " + (chance(1, 2) ? "NOT " : "") + "NULL";
      case 1 -> own.text + " BETWEEN " + other + " AND " + constant(own.kind);
      case 2 ->
          own.text
              + (chance(1, 3) ? " NOT" : "")
              + " IN ("
              + constant(own.kind)
              + ", "
              + constant(own.kind)
              + ")";
      case 3 -> own.text + " IS " + (chance(1, 2) ? "NOT " : "") + "DISTINCT FROM " + other;
      default -> own.text + pick(List.of(" = ", " <> ", " < ", " <= ", " > ", " >= ")) + other;
    };
  }
}
