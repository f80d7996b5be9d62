// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A query's text without the literals that its plan need not know: numbers and plain strings that
/// a comparison in an outer WHERE has on one side alone. Two texts of one shape differ in their
/// values only.
///
/// It reads tokens and no grammar, so it may only propose: a literal counts where the parser puts
/// it into a comparison at the same place. What it does not understand it leaves in the text.
///
/// @param text with a mark for each literal taken out; the query's own where there are none
/// @param positional values of the `?` that stay
/// @param literals in the order of the text
public record QueryShape(String text, List<Object> positional, List<Literal> literals) {
  /// A literal taken out.
  ///
  /// @param line from 1 on
  /// @param column from 1 on
  /// @param value a String or a BigDecimal
  public record Literal(int line, int column, Object value) {}

  /// The shape of a text.
  ///
  /// @param positional values of its `?`
  public static QueryShape of(String sql, List<Object> positional) {
    QueryShape shape = new Reader(sql, positional).read();
    return shape == null ? new QueryShape(sql, positional, List.of()) : shape;
  }

  public boolean isWhole() {
    return literals.isEmpty();
  }

  public List<Object> values() {
    return literals.stream().map(Literal::value).toList();
  }

  private static final class Reader {
    private static final Set<String> COMPARISONS =
        Set.of("=", "==", "<>", "!=", "<", ">", "<=", ">=");
    private static final Set<String> ENDS =
        Set.of(
            "GROUP",
            "ORDER",
            "LIMIT",
            "HAVING",
            "QUALIFY",
            "WINDOW",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "OFFSET",
            "FETCH",
            "SETTINGS",
            "FORMAT",
            "WITH",
            "SELECT");
    private static final String OPERATORS = "=<>!-+*/%|&^~:";

    private final String sql;
    private final List<Object> given;
    private final List<Object> kept = new ArrayList<>();
    private final List<Literal> literals = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int at;
    private int line = 1;
    private int lineStart;
    private int copied;
    private int depth;
    private int parameters;
    private boolean inWhere;
    private boolean afterComparison;
    // A literal that counts if what follows it ends the comparison.
    private Literal candidate;
    private int candidateStart;
    private int candidateEnd;
    // The value of the `?` that it is, if it is one.
    private List<Object> candidateGiven = List.of();

    Reader(String sql, List<Object> given) {
      this.sql = sql;
      this.given = given;
    }

    /// Null where something is met that is not understood.
    QueryShape read() {
      int first = sql.length() - sql.stripLeading().length();
      if (!sql.regionMatches(true, first, "SELECT", 0, 6)) {
        return null;
      }
      while (at < sql.length()) {
        if (!token()) {
          return null;
        }
      }
      settle(true);
      if (literals.isEmpty() || parameters != given.size()) {
        return null;
      }
      text.append(sql, copied, sql.length());
      return new QueryShape(text.toString(), kept, literals);
    }

    private boolean token() {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        if (c == '\n') {
          line++;
          lineStart = at;
        }
        return c != '\r';
      }
      if (Character.isLetter(c) || c == '_') {
        word();
        return true;
      }
      if (c >= '0' && c <= '9') {
        number();
        return true;
      }
      if (OPERATORS.indexOf(c) >= 0) {
        return operator();
      }
      return switch (c) {
        case '\'' -> string();
        case '"', '`' -> quoted(c);
        case '?' -> parameter();
        case '(', '[', '{' -> nested(1);
        case ')', ']', '}' -> nested(-1);
        case ';' -> other(true);
        case ',', '.' -> other(false);
        default -> false;
      };
    }

    private void word() {
      int start = at;
      while (at < sql.length()
          && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
        at++;
      }
      String word = sql.substring(start, at).toUpperCase(Locale.ROOT);
      boolean ends = ENDS.contains(word);
      settle(ends || word.equals("AND") || word.equals("OR"));
      afterComparison = false;
      if (depth == 0) {
        inWhere = !ends && (inWhere || word.equals("WHERE"));
      }
    }

    private void number() {
      int start = at;
      while (at < sql.length()
          && (Character.isLetterOrDigit(sql.charAt(at)) || "._".indexOf(sql.charAt(at)) >= 0)) {
        at++;
      }
      String number = sql.substring(start, at);
      boolean plain = number.length() < 40 && number.matches("\\d+(\\.\\d+)?");
      literal(start, plain ? new BigDecimal(number) : null);
    }

    private boolean string() {
      int start = at++;
      boolean plain = true;
      while (true) {
        int end = sql.indexOf('\'', at);
        if (end < 0 || sql.substring(at, end).matches("(?s).*[\\\\\\r\\n].*")) {
          return false;
        }
        at = end + 1;
        if (at == sql.length() || sql.charAt(at) != '\'') {
          literal(start, plain ? sql.substring(start + 1, end) : null);
          return true;
        }
        plain = false;
        at++;
      }
    }

    private boolean parameter() {
      int start = at++;
      if (parameters == given.size()) {
        return false;
      }
      Object parameter = given.get(parameters++);
      Object value =
          switch (parameter) {
            case String string -> string;
            case Long number -> BigDecimal.valueOf(number);
            case Integer number -> BigDecimal.valueOf(number);
            case BigInteger number -> new BigDecimal(number);
            case null, default -> null;
          };
      Object open = value instanceof BigDecimal number && number.signum() < 0 ? null : value;
      literal(start, open);
      if (candidate == null) {
        kept.add(parameter);
      } else {
        candidateGiven = List.of(parameter);
      }
      return true;
    }

    /// @param value null for one that stays where it is
    private void literal(int start, Object value) {
      boolean counts = inWhere && depth == 0 && afterComparison && value != null;
      settle(false);
      afterComparison = false;
      if (counts) {
        candidate = new Literal(line, start - lineStart + 1, value);
        candidateStart = start;
        candidateEnd = at;
        candidateGiven = List.of();
      }
    }

    private boolean operator() {
      int start = at;
      while (at < sql.length() && OPERATORS.indexOf(sql.charAt(at)) >= 0) {
        at++;
      }
      String operator = sql.substring(start, at);
      settle(false);
      afterComparison = COMPARISONS.contains(operator);
      return !operator.contains("--") && !operator.contains("/*");
    }

    private boolean quoted(char quote) {
      int end = sql.indexOf(quote, at + 1);
      if (end < 0 || sql.substring(at, end).matches("(?s).*[\\\\\\n].*")) {
        return false;
      }
      at = end + 1;
      settle(false);
      afterComparison = false;
      return true;
    }

    private boolean nested(int by) {
      settle(false);
      depth += by;
      at++;
      afterComparison = false;
      return depth >= 0;
    }

    private boolean other(boolean ends) {
      settle(ends);
      afterComparison = false;
      at++;
      return true;
    }

    /// What follows a candidate decides on it.
    private void settle(boolean ends) {
      if (candidate == null) {
        return;
      }
      if (ends) {
        text.append(sql, copied, candidateStart);
        text.append('\0').append(candidate.value() instanceof String ? 's' : 'n');
        copied = candidateEnd;
        literals.add(candidate);
      } else {
        kept.addAll(candidateGiven);
      }
      candidate = null;
    }
  }
}
