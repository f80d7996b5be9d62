// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Recursive descent over the spelling of a type. One use per instance.
final class SqlTypeParser {
  private final String text;
  private int at;

  SqlTypeParser(String text) {
    this.text = text;
  }

  SqlType parseAll() {
    SqlType type = parse();
    skipSpace();
    if (at < text.length()) {
      throw unknown();
    }
    return type;
  }

  private SqlType parse() {
    skipSpace();
    int start = at;
    String word = word();
    switch (word) {
      case "Nullable":
        SqlType inner = inner();
        return inner.wrapped(text.substring(start, at), true);
      case "LowCardinality":
        SqlType plain = inner();
        return plain.wrapped(text.substring(start, at), plain.nullable());
      case "SimpleAggregateFunction":
        take('(');
        word();
        take(',');
        SqlType value = parse();
        take(')');
        return value.wrapped(text.substring(start, at), value.nullable());
      default:
        Kind kind = Kind.ofWord(word);
        if (kind == null) {
          throw unknown();
        }
        return withArguments(SqlType.of(kind), start);
    }
  }

  private SqlType withArguments(SqlType type, int start) {
    switch (type.kind()) {
      case TIME64:
        take('(');
        int digits = integer();
        take(')');
        return type.withDigits(text.substring(start, at), digits, 0);
      case DECIMAL:
        take('(');
        int precision = integer();
        int scale = tryTake(',') ? integer() : 0;
        take(')');
        return type.withDigits(text.substring(start, at), precision, scale);
      case FIXED_STRING:
        take('(');
        int bytes = integer();
        take(')');
        return type.withDigits(text.substring(start, at), bytes, 0);
      case DATETIME:
      case DATETIME64:
        return time(type, start);
      case ENUM8:
      case ENUM16:
        return enumeration(type, start);
      case ARRAY:
        SqlType element = inner();
        return type.withChildren(text.substring(start, at), List.of(element), List.of());
      case MAP:
        take('(');
        SqlType key = parse();
        take(',');
        SqlType value = parse();
        take(')');
        return type.withChildren(text.substring(start, at), List.of(key, value), List.of());
      case TUPLE:
        return tuple(type, start);
      case AGGREGATE_STATE:
        skipParentheses();
        return type.withDigits(text.substring(start, at), 0, 0);
      default:
        return type;
    }
  }

  private SqlType time(SqlType type, int start) {
    int precision = 0;
    ZoneId zone = ZoneOffset.UTC;
    if (tryTake('(')) {
      boolean digits = type.kind() == Kind.DATETIME64;
      precision = digits ? integer() : 0;
      if (!digits || tryTake(',')) {
        zone = zone(quoted('\''));
      }
      take(')');
    } else if (type.kind() == Kind.DATETIME64) {
      precision = 3;
    }
    return type.withZone(text.substring(start, at), precision, zone);
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "this JVM does not know the time zone '" + name + "' of a column", e);
    }
  }

  private SqlType enumeration(SqlType type, int start) {
    Map<Integer, String> labels = new LinkedHashMap<>();
    take('(');
    do {
      String label = quoted('\'');
      take('=');
      labels.put(integer(), label);
    } while (tryTake(','));
    take(')');
    return type.withLabels(text.substring(start, at), labels);
  }

  private SqlType tuple(SqlType type, int start) {
    List<SqlType> fields = new ArrayList<>();
    List<String> names = new ArrayList<>();
    take('(');
    do {
      skipSpace();
      int fieldStart = at;
      String name = at < text.length() && text.charAt(at) == '`' ? quoted('`') : word();
      skipSpace();
      char next = at < text.length() ? text.charAt(at) : ')';
      if (Character.isLetter(next) || next == '_') {
        names.add(name);
      } else {
        at = fieldStart;
      }
      fields.add(parse());
    } while (tryTake(','));
    take(')');
    return type.withChildren(text.substring(start, at), fields, names);
  }

  private SqlType inner() {
    take('(');
    SqlType type = parse();
    take(')');
    return type;
  }

  private void skipParentheses() {
    take('(');
    for (int depth = 1; depth > 0; at++) {
      if (at >= text.length()) {
        throw unknown();
      }
      char c = text.charAt(at);
      if (c == '\'' || c == '`') {
        quoted(c);
        at--;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
  }

  private String word() {
    skipSpace();
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return text.substring(start, at);
  }

  private int integer() {
    skipSpace();
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')) {
      at++;
    }
    try {
      return Integer.parseInt(text.substring(start, at));
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }

  private String quoted(char quote) {
    take(quote);
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        value.append(text.charAt(at++));
      } else if (c != quote) {
        value.append(c);
      } else if (at < text.length() && text.charAt(at) == quote) {
        value.append(quote);
        at++;
      } else {
        return value.toString();
      }
    }
    throw unknown();
  }

  private void take(char wanted) {
    if (!tryTake(wanted)) {
      throw unknown();
    }
  }

  private boolean tryTake(char wanted) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "this driver does not know the type \""
            + text
            + "\" (at position "
            + (at + 1)
            + "); a newer driver may");
  }
}
