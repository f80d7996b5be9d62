// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.type;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Recursive descent over the spelling of a type. One use per instance.
final class TypeParser {
  private static final Map<String, DataType> PLAIN =
      Map.ofEntries(
          Map.entry("Int8", DataTypes.INT8),
          Map.entry("Int16", DataTypes.INT16),
          Map.entry("Int32", DataTypes.INT32),
          Map.entry("Int64", DataTypes.INT64),
          Map.entry("Int128", DataTypes.INT128),
          Map.entry("Int256", DataTypes.INT256),
          Map.entry("UInt8", DataTypes.UINT8),
          Map.entry("UInt16", DataTypes.UINT16),
          Map.entry("UInt32", DataTypes.UINT32),
          Map.entry("UInt64", DataTypes.UINT64),
          Map.entry("UInt128", DataTypes.UINT128),
          Map.entry("UInt256", DataTypes.UINT256),
          Map.entry("Float32", DataTypes.FLOAT32),
          Map.entry("Float64", DataTypes.FLOAT64),
          Map.entry("Bool", DataTypes.BOOL),
          Map.entry("String", DataTypes.STRING),
          Map.entry("UUID", DataTypes.UUID),
          Map.entry("Date", DataTypes.DATE),
          Map.entry("Date32", DataTypes.DATE32),
          Map.entry("Time", DataTypes.TIME),
          Map.entry("IPv4", DataTypes.IPV4),
          Map.entry("IPv6", DataTypes.IPV6),
          Map.entry("Nothing", DataTypes.NOTHING));

  static final Map<String, DataType> ALIASES =
      Map.ofEntries(
          Map.entry("TINYINT", DataTypes.INT8),
          Map.entry("SMALLINT", DataTypes.INT16),
          Map.entry("INT", DataTypes.INT32),
          Map.entry("INTEGER", DataTypes.INT32),
          Map.entry("BIGINT", DataTypes.INT64),
          Map.entry("SIGNED", DataTypes.INT64),
          Map.entry("UNSIGNED", DataTypes.UINT64),
          Map.entry("HUGEINT", DataTypes.INT128),
          Map.entry("FLOAT", DataTypes.FLOAT32),
          Map.entry("REAL", DataTypes.FLOAT32),
          Map.entry("DOUBLE", DataTypes.FLOAT64),
          Map.entry("DOUBLE PRECISION", DataTypes.FLOAT64),
          Map.entry("BOOL", DataTypes.BOOL),
          Map.entry("BOOLEAN", DataTypes.BOOL),
          Map.entry("VARCHAR", DataTypes.STRING),
          Map.entry("CHAR", DataTypes.STRING),
          Map.entry("TEXT", DataTypes.STRING),
          Map.entry("STRING", DataTypes.STRING),
          Map.entry("BLOB", DataTypes.STRING),
          Map.entry("BYTEA", DataTypes.STRING),
          Map.entry("BINARY", DataTypes.STRING),
          Map.entry("VARBINARY", DataTypes.STRING),
          Map.entry("UUID", DataTypes.UUID),
          Map.entry("DATE", DataTypes.DATE),
          Map.entry("DATETIME", DataTypes.DATETIME),
          Map.entry("TIME", DataTypes.TIME),
          Map.entry("TIMESTAMP", new DataType.DateTime64(6, "")),
          Map.entry("INET4", DataTypes.IPV4),
          Map.entry("INET6", DataTypes.IPV6));

  private final String text;
  private int at;

  TypeParser(String text) {
    this.text = text;
  }

  DataType parseAll() {
    DataType type = parse();
    skipSpace();
    if (at < text.length()) {
      throw unknown("unexpected '" + text.substring(at) + "' after the type");
    }
    return type;
  }

  private DataType parse() {
    String word = word();
    DataType plain = PLAIN.get(word);
    if (plain != null) {
      return plain;
    }
    try {
      DataType parametric = parametric(word);
      if (parametric != null) {
        return parametric;
      }
    } catch (UnknownTypeException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw unknown(e.getMessage());
    }
    return alias(word);
  }

  private DataType alias(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    if (upper.equals("DOUBLE") && tryWord("PRECISION")) {
      return DataTypes.FLOAT64;
    }
    DataType alias = ALIASES.get(upper);
    if (alias == null) {
      throw unknown("unknown data type \"" + word + "\"" + suggestion(word));
    }
    if (upper.equals("TIMESTAMP") && tryTake('(')) {
      int precision = integer();
      take(')');
      return new DataType.DateTime64(precision, "");
    }
    if (upper.equals("TIME") && tryTake('(')) {
      int precision = integer();
      take(')');
      return new DataType.Time64(precision);
    }
    if ((alias == DataTypes.STRING) && tryTake('(')) {
      integer();
      take(')');
    }
    return alias;
  }

  private DataType parametric(String word) {
    String spelled = word.equalsIgnoreCase("enum") ? "Enum" : word;
    return switch (spelled) {
      case "Nullable" -> new DataType.Nullable(inner());
      case "LowCardinality" -> new DataType.LowCardinality(inner());
      case "Array" -> new DataType.Array(inner());
      case "Map" -> map();
      case "Tuple" -> tuple();
      case "Nested" -> new DataType.Array(tuple());
      case "FixedString" -> {
        take('(');
        int bytes = integer();
        take(')');
        yield new DataType.FixedText(bytes);
      }
      case "DateTime" -> new DataType.DateTime(optionalZone());
      case "Time64" -> {
        boolean given = tryTake('(');
        int precision = given ? integer() : 3;
        if (given) {
          take(')');
        }
        yield new DataType.Time64(precision);
      }
      case "DateTime64" -> dateTime64();
      case "DateTime32" -> new DataType.DateTime(optionalZone());
      case "Enum8" -> enumeration(8);
      case "Enum16" -> enumeration(16);
      case "Enum" -> enumeration(0);
      case "AggregateFunction" -> aggregateState();
      case "SimpleAggregateFunction" -> simpleAggregate();
      default -> decimal(word);
    };
  }

  private DataType decimal(String word) {
    int precision =
        switch (word.toUpperCase(Locale.ROOT)) {
          case "DECIMAL", "DEC", "NUMERIC" -> 0;
          case "DECIMAL32" -> 9;
          case "DECIMAL64" -> 18;
          case "DECIMAL128" -> 38;
          case "DECIMAL256" -> 76;
          default -> -1;
        };
    if (precision < 0) {
      return null;
    }
    if (precision > 0) {
      take('(');
      int scale = integer();
      take(')');
      return new DataType.Decimal(precision, scale);
    }
    if (!tryTake('(')) {
      return new DataType.Decimal(10, 0);
    }
    int digits = integer();
    int scale = tryTake(',') ? integer() : 0;
    take(')');
    return new DataType.Decimal(digits, scale);
  }

  private DataType inner() {
    take('(');
    DataType inner = parse();
    take(')');
    return inner;
  }

  private DataType map() {
    take('(');
    DataType key = parse();
    take(',');
    DataType value = parse();
    take(')');
    return new DataType.MapOf(key, value);
  }

  private DataType tuple() {
    take('(');
    List<String> names = new ArrayList<>();
    List<DataType> fields = new ArrayList<>();
    do {
      skipSpace();
      int start = at;
      String first = peek() == '`' ? quoted('`') : word();
      skipSpace();
      if (at < text.length() && (Character.isLetter(peek()) || peek() == '_')) {
        names.add(first);
      } else {
        at = start;
      }
      fields.add(parse());
    } while (tryTake(','));
    take(')');
    return new DataType.Tuple(names, fields);
  }

  private String optionalZone() {
    if (!tryTake('(')) {
      return "";
    }
    skipSpace();
    String zone = zone();
    take(')');
    return zone;
  }

  private String zone() {
    String zone = quoted('\'');
    try {
      return zone.isEmpty() ? zone : ZoneId.of(zone).getId();
    } catch (DateTimeException e) {
      throw unknown("\"" + zone + "\" is not a time zone; use one like 'Europe/Berlin'");
    }
  }

  private DataType dateTime64() {
    if (!tryTake('(')) {
      return new DataType.DateTime64(3, "");
    }
    int precision = integer();
    String zone = "";
    if (tryTake(',')) {
      skipSpace();
      zone = zone();
    }
    take(')');
    return new DataType.DateTime64(precision, zone);
  }

  private DataType enumeration(int bits) {
    take('(');
    List<DataType.Enumeration.Label> labels = new ArrayList<>();
    Set<String> texts = new HashSet<>();
    Set<Integer> values = new HashSet<>();
    int next = 1;
    boolean counted = false;
    do {
      skipSpace();
      String label = quoted('\'');
      boolean given = tryTake('=');
      // Numbers go on from the first label's; either that one alone has its own, or all have.
      if (given && counted || !given && labels.size() > 1 && !counted) {
        throw unknown("Enum labels have numbers all, or none but the first");
      }
      counted |= !given;
      int value = given ? integer() : next;
      next = value + 1;
      if (!texts.add(label) || !values.add(value)) {
        throw unknown("Enum label '" + label + "' = " + value + " stands twice");
      }
      labels.add(new DataType.Enumeration.Label(label, value));
    } while (tryTake(','));
    take(')');
    int low = labels.stream().mapToInt(DataType.Enumeration.Label::value).min().orElseThrow();
    int high = labels.stream().mapToInt(DataType.Enumeration.Label::value).max().orElseThrow();
    boolean fitsByte = low >= -128 && high <= 127;
    int width = bits != 0 ? bits : fitsByte ? 8 : 16;
    if (width == 8 ? !fitsByte : (low < -32768 || high > 32767)) {
      throw unknown("Enum" + width + " value out of range: " + low + " to " + high);
    }
    return new DataType.Enumeration(width, labels);
  }

  private DataType aggregateState() {
    take('(');
    int start = at;
    skipSpace();
    // A version of the form may stand first; ours is in the states themselves.
    if (at < text.length() && Character.isDigit(peek())) {
      integer();
      take(',');
    } else {
      at = start;
    }
    String function = word();
    List<String> parameters = parameters();
    List<DataType> arguments = new ArrayList<>();
    while (tryTake(',')) {
      arguments.add(parse());
    }
    take(')');
    return new DataType.AggregateState(function, parameters, arguments);
  }

  /// What stands in parentheses behind a function's name, split at commas outside of quotes.
  private List<String> parameters() {
    List<String> parameters = new ArrayList<>();
    if (!tryTake('(')) {
      return parameters;
    }
    while (!tryTake(')')) {
      skipSpace();
      int start = at;
      if (at < text.length() && peek() == '\'') {
        quoted('\'');
      } else {
        while (at < text.length() && peek() != ',' && peek() != ')') {
          at++;
        }
      }
      parameters.add(text.substring(start, at).strip());
      if (!tryTake(',') && (at >= text.length() || peek() != ')')) {
        throw unknown("expected ')' at position " + (at + 1));
      }
    }
    return parameters;
  }

  private DataType simpleAggregate() {
    take('(');
    String function = word();
    List<String> parameters = parameters();
    take(',');
    DataType inner = parse();
    take(')');
    String call =
        parameters.isEmpty() ? function : function + "(" + String.join(", ", parameters) + ")";
    return new DataType.SimpleAggregate(call, inner);
  }

  private String word() {
    skipSpace();
    int start = at;
    while (at < text.length() && (Character.isLetterOrDigit(peek()) || peek() == '_')) {
      at++;
    }
    if (start == at) {
      throw unknown("expected the name of a type at position " + (at + 1));
    }
    return text.substring(start, at);
  }

  private boolean tryWord(String wanted) {
    skipSpace();
    if (text.regionMatches(true, at, wanted, 0, wanted.length())) {
      at += wanted.length();
      return true;
    }
    return false;
  }

  private int integer() {
    skipSpace();
    int start = at;
    if (at < text.length() && (peek() == '-' || peek() == '+')) {
      at++;
    }
    while (at < text.length() && Character.isDigit(peek())) {
      at++;
    }
    try {
      return Integer.parseInt(text.substring(start, at));
    } catch (NumberFormatException e) {
      throw unknown("expected a whole number at position " + (start + 1));
    }
  }

  private String quoted(char quote) {
    if (at >= text.length() || peek() != quote) {
      throw unknown("expected " + quote + " at position " + (at + 1));
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = peek();
      if (c == '\\' && at + 1 < text.length()) {
        value.append(text.charAt(++at));
      } else if (c == quote && at + 1 < text.length() && text.charAt(at + 1) == quote) {
        value.append(quote);
        at++;
      } else if (c == quote) {
        at++;
        return value.toString();
      } else {
        value.append(c);
      }
    }
    throw unknown("quoted text does not end");
  }

  private char peek() {
    return text.charAt(at);
  }

  private void take(char wanted) {
    if (!tryTake(wanted)) {
      throw unknown("expected '" + wanted + "' at position " + (at + 1));
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
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private UnknownTypeException unknown(String problem) {
    return new UnknownTypeException("in type \"" + text + "\": " + problem);
  }

  private static String suggestion(String word) {
    for (String name : PLAIN.keySet()) {
      if (name.equalsIgnoreCase(word)) {
        return "; did you mean \"" + name + "\"?";
      }
    }
    for (String name :
        List.of(
            "Nullable",
            "LowCardinality",
            "Array",
            "Map",
            "Tuple",
            "FixedString",
            "DateTime",
            "DateTime64",
            "Enum8",
            "Enum16",
            "Decimal")) {
      if (name.equalsIgnoreCase(word)) {
        return "; did you mean \"" + name + "\"?";
      }
    }
    return "";
  }
}
