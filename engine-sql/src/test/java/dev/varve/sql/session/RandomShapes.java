// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.session.RandomQueries.Named;
import dev.varve.sql.session.RandomQueries.Query;
import dev.varve.sql.session.RandomTables.Column;
import dev.varve.sql.session.RandomTables.Kind;
import dev.varve.sql.session.RandomTables.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Queries of shapes that come seldom by chance: QUALIFY, DISTINCT ON, LATERAL, ASOF, grouping
/// sets, frames of all kinds, intervals, subqueries in every place, sets of sets, recursion.
///
/// Asked for by `-Dvarve.shapes=true`. Each is over rows with a last word on their order (a table's
/// `id`), where the order matters.
final class RandomShapes {
  private final RandomGenerator random;
  private final RandomQueries queries;
  private final List<Table> tables;
  private int aliases = 50;

  RandomShapes(RandomGenerator random, RandomQueries queries, List<Table> tables) {
    this.random = random;
    this.queries = queries;
    this.tables = tables;
  }

  Query next() {
    String sql =
        switch (random.nextInt(14)) {
          case 0 -> qualify();
          case 1 -> distinctOn();
          case 2 -> lateral();
          case 3 -> asof();
          case 4 -> groupingSets();
          case 5, 6 -> frames();
          case 7 -> times();
          case 8 -> correlated();
          case 9 -> quantified();
          case 10 -> sets();
          case 11 -> recursive();
          case 12 -> decimals();
          default -> limited();
        };
    return new Query(sql, false);
  }

  /// A table with all its columns under an alias.
  private record Source(String text, String alias, List<Named> names) {
    String id() {
      return alias + ".id";
    }
  }

  private Source table() {
    Table table = queries.pick(tables);
    String alias = "s" + aliases++;
    List<Named> names = new ArrayList<>();
    for (Column column : table.columns()) {
      names.add(new Named(alias + "." + column.name(), column.kind(), column.nullable()));
    }
    return new Source(table.name() + " AS " + alias, alias, names);
  }

  private String any(Source source) {
    return queries.pick(source.names).text();
  }

  private String where(Source source) {
    return queries.chance(1, 2) ? " WHERE " + queries.condition(source.names, List.of(), 1) : "";
  }

  private String direction() {
    return queries.pick(List.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST"));
  }

  private String qualify() {
    Source t = table();
    String window = "(PARTITION BY " + any(t) + " ORDER BY " + any(t) + direction() + ", " + t.id();
    String test =
        switch (random.nextInt(4)) {
          case 0 -> "row_number() OVER " + window + ") <= " + (1 + random.nextInt(3));
          case 1 -> "count(*) OVER (PARTITION BY " + any(t) + ") > 1";
          case 2 -> "lag(" + t.id() + ") OVER " + window + ") IS " + not() + "NULL";
          default -> t.id() + " = first_value(" + t.id() + ") OVER " + window + ")";
        };
    return "SELECT " + t.id() + ", " + any(t) + " FROM " + t.text + where(t) + " QUALIFY " + test;
  }

  private String not() {
    return queries.pick(List.of("", "NOT "));
  }

  private String distinctOn() {
    Source t = table();
    String key = any(t);
    String order = key + direction() + ", " + any(t) + direction() + ", " + t.id();
    String items = key + ", " + any(t) + ", " + t.id();
    return "SELECT DISTINCT ON ("
        + key
        + ") "
        + items
        + " FROM "
        + t.text
        + where(t)
        + " ORDER BY "
        + order;
  }

  private String lateral() {
    Source t = table();
    Source inner = table();
    Kind kind = queries.pick(t.names).kind();
    String same = queries.column(kind, inner.names) + " = " + queries.column(kind, t.names);
    String query =
        queries.chance(1, 2)
            ? "SELECT count(*) AS n, max("
                + inner.id()
                + ") AS m FROM "
                + inner.text
                + " WHERE "
                + same
            : "SELECT "
                + inner.id()
                + " AS n, "
                + any(inner)
                + " AS m FROM "
                + inner.text
                + " WHERE "
                + same;
    String join =
        queries.chance(1, 2)
            ? ", LATERAL (" + query + ") AS l"
            : " LEFT JOIN LATERAL (" + query + ") AS l ON true";
    return "SELECT " + t.id() + ", l.n, l.m FROM " + t.text + join;
  }

  private String asof() {
    Source left = table();
    Source right = table();
    Kind near = queries.pick(List.of(Kind.INT, Kind.WIDE, Kind.DATE, Kind.TIME, Kind.DECIMAL));
    String a = queries.column(near, left.names);
    String b = queries.column(near, right.names);
    String join = queries.pick(List.of(" ASOF JOIN ", " ASOF LEFT JOIN "));
    return "SELECT "
        + left.id()
        + ", "
        + b
        + " FROM "
        + left.text
        + join
        + right.text
        + " ON "
        + left.alias
        + ".k = "
        + right.alias
        + ".k AND "
        + a
        + queries.pick(List.of(" >= ", " > ", " <= ", " < "))
        + b;
  }

  private String groupingSets() {
    Source t = table();
    String a = t.alias + ".s";
    String b = t.alias + ".k";
    String sets =
        queries.pick(
            List.of(
                "GROUPING SETS ((" + a + ", " + b + "), (" + a + "), ())",
                "GROUPING SETS ((" + a + "), (" + b + "))",
                "GROUPING SETS ((" + b + "), (" + b + "), ())",
                "ROLLUP (" + a + ", " + b + ")",
                "CUBE (" + a + ", " + b + ")"));
    boolean both = sets.contains(a + ",") || sets.contains(a + ")");
    String keys = both ? a + ", " + b + ", grouping(" + a + "), grouping(" + b + ")" : b;
    String having = queries.chance(1, 3) ? " HAVING count(*) > 1" : "";
    return "SELECT "
        + keys
        + ", count(*), min("
        + t.id()
        + "), count(DISTINCT "
        + any(t)
        + ") FROM "
        + t.text
        + where(t)
        + " GROUP BY "
        + sets
        + having;
  }

  private String frames() {
    Source t = table();
    String bound = random.nextInt(4) + queries.pick(List.of(" PRECEDING", " FOLLOWING"));
    String from = queries.pick(List.of("UNBOUNDED PRECEDING", "CURRENT ROW", "2 PRECEDING", bound));
    String to = queries.pick(List.of("UNBOUNDED FOLLOWING", "CURRENT ROW", "1 FOLLOWING", bound));
    String exclude =
        queries.pick(List.of("", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"));
    boolean rows = queries.chance(1, 2);
    String order =
        rows
            ? any(t) + direction() + ", " + t.id()
            : queries.column(Kind.INT, t.names) + queries.pick(List.of("", " DESC"));
    String partition = queries.chance(1, 2) ? "PARTITION BY " + any(t) + " " : "";
    String frame = (rows ? " ROWS" : " RANGE") + " BETWEEN " + from + " AND " + to + exclude;
    String over = " OVER (" + partition + "ORDER BY " + order + frame + ")";
    List<String> calls = new ArrayList<>();
    calls.add("count(*)" + over);
    calls.add("min(" + any(t) + ")" + over);
    calls.add("sum(" + t.id() + ")" + over);
    calls.add(
        "max(" + t.id() + ") FILTER (WHERE " + queries.comparison(t.names, List.of()) + ")" + over);
    if (rows) {
      calls.add("nth_value(" + t.id() + ", 2)" + over);
      calls.add("last_value(" + any(t) + ")" + over);
    }
    return "SELECT "
        + t.id()
        + ", "
        + queries.pick(calls)
        + ", "
        + queries.pick(calls)
        + " FROM "
        + t.text
        + where(t);
  }

  private String times() {
    Source t = table();
    String date = queries.column(Kind.DATE, t.names);
    String other = queries.column(Kind.DATE, t.names);
    String time = queries.column(Kind.TIME, t.names);
    String amount = random.nextInt(-40, 40) + "";
    List<String> items =
        List.of(
            "extract(day FROM " + date + " + INTERVAL " + amount + " DAY)",
            "extract(month FROM " + date + " + INTERVAL " + amount + " MONTH)",
            "extract(year FROM " + date + " - INTERVAL 1 YEAR)",
            time + " + INTERVAL " + amount + " HOUR",
            time + " - INTERVAL 90 SECOND",
            "extract(day FROM date_trunc('month', " + date + "))",
            "date_trunc('hour', " + time + ")",
            "extract(year FROM " + date + ")",
            "extract(month FROM " + time + ")",
            "extract(day FROM " + date + ")",
            "extract(minute FROM " + time + ")",
            "date_diff('day', " + date + ", " + other + ")",
            "date_diff('month', " + date + ", " + other + ")",
            "count(*) OVER (ORDER BY "
                + date
                + " RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW)",
            "sum("
                + t.id()
                + ") OVER (ORDER BY "
                + time
                + " RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND INTERVAL 1 SECOND FOLLOWING)");
    return "SELECT "
        + t.id()
        + ", "
        + queries.pick(items)
        + ", "
        + queries.pick(items)
        + " FROM "
        + t.text
        + " WHERE "
        + date
        + " "
        + queries.pick(List.of("<", ">=", "<>"))
        + " DATE '2024-02-28' OR "
        + time
        + " IS NULL";
  }

  private String correlated() {
    Source t = table();
    Source inner = table();
    Source last = table();
    Kind kind = queries.pick(inner.names).kind();
    String same = queries.column(Kind.INT, inner.names) + " = " + t.alias + ".k";
    String deep =
        queries.chance(1, 2)
            ? " AND EXISTS (SELECT 1 FROM "
                + last.text
                + " WHERE "
                + last.alias
                + ".k = "
                + inner.alias
                + ".k AND "
                + last.id()
                + " < "
                + t.id()
                + ")"
            : "";
    String value =
        switch (random.nextInt(4)) {
          case 0 -> "count(*)";
          case 1 -> "max(nullif(" + queries.column(kind, inner.names) + ", NULL))";
          case 2 -> "sum(" + inner.id() + ")";
          default -> "count(DISTINCT " + any(inner) + ")";
        };
    String query = "(SELECT " + value + " FROM " + inner.text + " WHERE " + same + deep + ")";
    return switch (random.nextInt(3)) {
      case 0 -> "SELECT " + t.id() + ", " + query + " FROM " + t.text + where(t);
      case 1 ->
          "SELECT "
              + t.id()
              + ", CASE WHEN "
              + query
              + " IS NULL THEN 'none' ELSE 'some' END"
              + " FROM "
              + t.text;
      default ->
          "SELECT q, count(*) FROM (SELECT " + query + " AS q FROM " + t.text + ") AS x GROUP BY q";
    };
  }

  private String quantified() {
    Source t = table();
    Source inner = table();
    Named own = queries.pick(t.names);
    String test = queries.pick(List.of(" = ANY ", " <> ALL ", " > ALL ", " <= ANY ", " < ALL "));
    return "SELECT "
        + t.id()
        + ", "
        + own.text()
        + test
        + "(SELECT "
        + queries.column(own.kind(), inner.names)
        + " FROM "
        + inner.text
        + where(inner)
        + ") FROM "
        + t.text;
  }

  private String sets() {
    List<Kind> kinds = queries.kinds(2);
    String operators = "UNION ALL,UNION,INTERSECT,EXCEPT,INTERSECT ALL,EXCEPT ALL";
    List<String> some = List.of(operators.split(","));
    return "("
        + queries.select(kinds, List.of(), 0)
        + " "
        + queries.pick(some)
        + " "
        + queries.select(kinds, List.of(), 0)
        + ") "
        + queries.pick(some)
        + " ("
        + queries.select(kinds, List.of(), 0)
        + " "
        + queries.pick(some)
        + " "
        + queries.select(kinds, List.of(), 0)
        + ")";
  }

  private String recursive() {
    Source t = table();
    String step = queries.pick(List.of("UNION ALL", "UNION"));
    String from =
        queries.pick(
            List.of(
                " FROM r WHERE n < 6", " FROM r, (VALUES (1), (2)) AS v(x)" + " WHERE n + x < 5"));
    String next = from.contains("v(x)") ? "n + x" : "n + 1";
    return "WITH RECURSIVE r(n) AS (SELECT 1 "
        + step
        + " SELECT "
        + next
        + from
        + ") SELECT n, "
        + t.id()
        + " FROM r "
        + queries.pick(List.of("JOIN ", "LEFT JOIN "))
        + t.text
        + " ON "
        + t.alias
        + ".k = n";
  }

  private String decimals() {
    Source t = table();
    String a = queries.column(Kind.DECIMAL, t.names);
    String b = queries.column(Kind.DECIMAL, t.names);
    List<String> items =
        List.of(
            a + " * " + b,
            "CAST(" + a + " AS DECIMAL(18, 1))",
            "abs(" + a + " - " + b + ")",
            "greatest(" + a + ", " + b + ")",
            "CAST(" + a + " AS DOUBLE) / 4",
            a + " + " + t.id(),
            "CASE WHEN " + a + " > " + b + " THEN " + a + " ELSE " + t.id() + " END",
            "coalesce(" + a + ", " + t.id() + ")");
    return "SELECT "
        + t.id()
        + ", "
        + queries.pick(items)
        + ", "
        + queries.pick(items)
        + " FROM "
        + t.text
        + " WHERE "
        + a
        + " <= "
        + b
        + " OR "
        + a
        + " IS NULL";
  }

  private String limited() {
    Source t = table();
    String inner =
        "SELECT * FROM "
            + t.text
            + where(t)
            + " ORDER BY "
            + any(t)
            + direction()
            + ", "
            + t.id()
            + " LIMIT "
            + random.nextInt(8)
            + " OFFSET "
            + random.nextInt(3);
    return queries.chance(1, 2)
        ? "SELECT count(*), sum(id), count(k) FROM (" + inner + ") AS x"
        : "SELECT id, k IN (SELECT k FROM (" + inner + ") AS y) FROM (" + inner + ") AS x";
  }
}
