// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.util.Locale;
import java.util.Set;

/// What the driver must see in a statement without understanding it: where quotes and comments end,
/// where the `?` are, what its first word is.
final class SqlText {
  private static final Set<String> CHANGES_ROWS =
      Set.of("INSERT", "DELETE", "UPDATE", "REPLACE", "MERGE");

  private SqlText() {}

  /// One past the quoted text or comment that begins here, or the same place where none does.
  static int skip(String sql, int at) {
    char c = sql.charAt(at);
    if (c == '\'' || c == '"' || c == '`') {
      return endOfQuote(sql, at, c);
    }
    if (sql.startsWith("--", at)) {
      int end = sql.indexOf('\n', at);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("/*", at)) {
      int end = sql.indexOf("*/", at + 2);
      return end < 0 ? sql.length() : end + 2;
    }
    return at;
  }

  private static int endOfQuote(String sql, int start, char quote) {
    for (int i = start + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\\' && quote != '"') {
        i++;
      } else if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return sql.length();
  }

  /// How many `?` stand outside quotes and comments.
  static int countParameters(String sql) {
    int count = 0;
    for (int i = 0; i < sql.length(); ) {
      int end = skip(sql, i);
      if (end > i) {
        i = end;
      } else {
        count += sql.charAt(i++) == '?' ? 1 : 0;
      }
    }
    return count;
  }

  /// The first word in capitals, or nothing.
  static String firstWord(String sql) {
    int start = skipBlank(sql, 0);
    while (start < sql.length() && (sql.charAt(start) == '(' || sql.charAt(start) == '{')) {
      start = skipBlank(sql, start + 1);
    }
    int end = start;
    while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
      end++;
    }
    return sql.substring(start, end).toUpperCase(Locale.ROOT);
  }

  /// Where a word stands outside quotes, comments and parentheses; -1 if nowhere.
  static int find(String sql, String word) {
    int depth = 0;
    for (int i = 0; i < sql.length(); ) {
      int end = skip(sql, i);
      if (end > i) {
        i = end;
        continue;
      }
      char c = sql.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0 && isWordAt(sql, i, word)) {
        return i;
      }
      i++;
    }
    return -1;
  }

  private static boolean isWordAt(String sql, int at, String word) {
    int end = at + word.length();
    return sql.regionMatches(true, at, word, 0, word.length())
        && (at == 0 || !Character.isJavaIdentifierPart(sql.charAt(at - 1)))
        && (end == sql.length() || !Character.isJavaIdentifierPart(sql.charAt(end)));
  }

  /// Whether a statement changes rows, so that a transaction can hold it back.
  static boolean changesRows(String sql) {
    return CHANGES_ROWS.contains(firstWord(sql));
  }

  /// Where the next thing begins that is neither blank nor a comment.
  static int skipBlank(String sql, int from) {
    int at = from;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '-' || c == '/') {
        int end = skip(sql, at);
        if (end == at) {
          return at;
        }
        at = end;
      } else {
        return at;
      }
    }
    return at;
  }

  /// A name as it must be written to mean exactly itself.
  static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /// A text as it must be written in SQL.
  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
