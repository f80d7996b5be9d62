// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.util.Locale;
import java.util.Map;

/// JDBC escapes, `{fn …}`, `{d …}`, `{ts …}`, `{t …}`, `{oj …}`, `{escape …}`, turned into SQL.
/// Named parameters, `{name:Type}`, stay as they are.
final class Escapes {
  /// Functions whose JDBC name is not one of ours.
  static final Map<String, String> FUNCTIONS =
      Map.ofEntries(
          Map.entry("CEILING", "ceil"),
          Map.entry("CURDATE", "today"),
          Map.entry("CURRENT_SCHEMA", "currentDatabase"),
          Map.entry("CURTIME", "now"),
          Map.entry("DATABASE", "currentDatabase"),
          Map.entry("DAYOFMONTH", "toDayOfMonth"),
          Map.entry("DAYOFWEEK", "toDayOfWeek"),
          Map.entry("DAYOFYEAR", "toDayOfYear"),
          Map.entry("HOUR", "toHour"),
          Map.entry("IFNULL", "ifNull"),
          Map.entry("LCASE", "lower"),
          Map.entry("LOG", "log"),
          Map.entry("MINUTE", "toMinute"),
          Map.entry("MONTH", "toMonth"),
          Map.entry("NOW", "now"),
          Map.entry("QUARTER", "toQuarter"),
          Map.entry("SECOND", "toSecond"),
          Map.entry("TRUNCATE", "trunc"),
          Map.entry("UCASE", "upper"),
          Map.entry("USER", "currentUser"),
          Map.entry("WEEK", "toISOWeek"),
          Map.entry("YEAR", "toYear"));

  private Escapes() {}

  static String translate(String sql) {
    if (SqlText.firstWord(sql).equals("CALL")) {
      return call(sql);
    }
    if (sql.indexOf('{') < 0) {
      return sql;
    }
    StringBuilder out = new StringBuilder(sql.length());
    translate(sql, 0, out, false);
    return out.toString();
  }

  /// Copies up to the end, or to the brace that closes the escape; returns where it stopped.
  private static int translate(String sql, int from, StringBuilder out, boolean inside) {
    int at = from;
    while (at < sql.length()) {
      int end = SqlText.skip(sql, at);
      char c = sql.charAt(at);
      if (end > at) {
        out.append(sql, at, end);
        at = end;
      } else if (c == '}' && inside) {
        return at;
      } else if (c == '{' && isEscape(sql, at)) {
        at = escape(sql, at + 1, out);
      } else {
        out.append(c);
        at++;
      }
    }
    return at;
  }

  private static String word(String sql, int from) {
    int start = SqlText.skipBlank(sql, from);
    int end = start;
    while (end < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
      end++;
    }
    return sql.substring(start, end);
  }

  private static boolean isEscape(String sql, int brace) {
    switch (word(sql, brace + 1).toLowerCase(Locale.ROOT)) {
      case "fn":
      case "d":
      case "t":
      case "ts":
      case "oj":
      case "escape":
        int end = SqlText.skipBlank(sql, brace + 1) + word(sql, brace + 1).length();
        int next = SqlText.skipBlank(sql, end);
        return next < sql.length() && sql.charAt(next) != ':';
      default:
        return false;
    }
  }

  private static int escape(String sql, int from, StringBuilder out) {
    String word = word(sql, from);
    int start = SqlText.skipBlank(sql, SqlText.skipBlank(sql, from) + word.length());
    StringBuilder inner = new StringBuilder();
    int end = translate(sql, start, inner, true);
    String text = inner.toString().strip();
    switch (word.toLowerCase(Locale.ROOT)) {
      case "fn":
        out.append(function(text));
        break;
      case "d":
        out.append("DATE ").append(text);
        break;
      case "t":
        out.append("TIME ").append(text);
        break;
      case "ts":
        out.append("TIMESTAMP ").append(text);
        break;
      case "escape":
        out.append("ESCAPE ").append(text);
        break;
      default:
        out.append(text);
        break;
    }
    return Math.min(end + 1, sql.length());
  }

  private static String function(String call) {
    String name = word(call, 0);
    String arguments = call.substring(Math.min(call.length(), name.length()));
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("CONVERT")) {
      return convert(call, arguments);
    }
    return FUNCTIONS.getOrDefault(upper, name) + arguments;
  }

  /// `CALL f(x)` or `{call f(x)}`: there are no procedures, but functions; the value is a row.
  private static String call(String sql) {
    int start = SqlText.find(sql, "CALL") + "CALL".length();
    String call = sql.substring(start).strip();
    if (sql.strip().startsWith("{") && call.endsWith("}")) {
      call = call.substring(0, call.length() - 1).strip();
    }
    return "SELECT " + function(call.endsWith(")") ? call : call + "()");
  }

  /// `CONVERT(x, SQL_INTEGER)` is `CAST(x AS INTEGER)`.
  private static String convert(String call, String arguments) {
    int comma = arguments.lastIndexOf(',');
    int close = arguments.lastIndexOf(')');
    if (comma < 0 || close < comma) {
      return call;
    }
    String type = arguments.substring(comma + 1, close).strip();
    String plain = type.toUpperCase(Locale.ROOT).startsWith("SQL_") ? type.substring(4) : type;
    return "CAST" + arguments.substring(0, comma) + " AS " + plain + ")";
  }
}
