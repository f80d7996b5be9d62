// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `INSERT INTO t [(a, b)] VALUES (?, ?)`, where every value is a `?`. Its rows travel as data
/// behind `INSERT INTO t (a, b) FORMAT TabSeparated`: many rows are then one insert, visible all at
/// once, and each text is read as the type of its column.
///
/// @param head everything before the word VALUES
/// @param arity values in a row
record InsertTemplate(String head, int arity) {

  /// The template of a statement, if it is one.
  static Optional<InsertTemplate> of(String sql) {
    if (!SqlText.firstWord(sql).equals("INSERT")) {
      return Optional.empty();
    }
    int values = SqlText.find(sql, "VALUES");
    if (values < 0 || SqlText.countParameters(sql.substring(0, values)) > 0) {
      return Optional.empty();
    }
    int at = SqlText.skipBlank(sql, values + "VALUES".length());
    int arity = 0;
    char expected = '(';
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (expected == '(' ? c != '(' : expected == '?' ? c != '?' : c != ',' && c != ')') {
        return Optional.empty();
      }
      if (c == ')') {
        return endsAfter(sql, at + 1)
            ? Optional.of(new InsertTemplate(sql.substring(0, values).strip(), arity))
            : Optional.empty();
      }
      arity += c == '?' ? 1 : 0;
      expected = c == '?' ? ',' : '?';
      at = SqlText.skipBlank(sql, at + 1);
    }
    return Optional.empty();
  }

  private static boolean endsAfter(String sql, int from) {
    int at = SqlText.skipBlank(sql, from);
    if (at < sql.length() && sql.charAt(at) == ';') {
      at = SqlText.skipBlank(sql, at + 1);
    }
    return at == sql.length();
  }

  /// The statement that takes the rows.
  String sql() {
    return head + " FORMAT TabSeparated";
  }

  /// A query whose columns are those that the rows fill, or nothing where the head is not plain.
  String columnsQuery() {
    String words = head.replaceFirst("(?i)^\\s*INSERT\\s+INTO\\s+(TABLE\\s+)?", "");
    int open = words.indexOf('(');
    String table = (open < 0 ? words : words.substring(0, open)).strip();
    boolean list = open >= 0 && words.endsWith(")");
    if (table.isEmpty() || words.length() == head.length() || (open >= 0 && !list)) {
      return "";
    }
    String columns = list ? words.substring(open + 1, words.length() - 1) : "*";
    return "SELECT " + columns + " FROM " + table;
  }

  /// Appends a row.
  static void write(ByteArrayOutputStream out, List<Object> values) {
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        out.write('\t');
      }
      Object value = values.get(i);
      if (value == null) {
        out.write('\\');
        out.write('N');
      } else if (value instanceof List || value instanceof Map) {
        // The quotes inside have escapes already, and are read with them.
        String text = nested(value).replace("\t", "\\t").replace("\n", "\\n");
        out.writeBytes(text.replace("\r", "\\r").getBytes(StandardCharsets.UTF_8));
      } else if (value instanceof byte[] bytes) {
        escape(out, bytes);
      } else {
        escape(out, text(value).getBytes(StandardCharsets.UTF_8));
      }
    }
    out.write('\n');
  }

  private static void escape(ByteArrayOutputStream out, byte[] bytes) {
    for (byte b : bytes) {
      int escaped =
          switch (b) {
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\\' -> '\\';
            case 0 -> '0';
            default -> -1;
          };
      if (escaped >= 0) {
        out.write('\\');
        out.write(escaped);
      } else {
        out.write(b);
      }
    }
  }

  private static String text(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof LocalDateTime time) {
      return Literals.time(time);
    }
    if (value instanceof Instant instant) {
      return Literals.time(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)) + "Z";
    }
    if (value instanceof List || value instanceof Map) {
      return nested(value);
    }
    return value.toString();
  }

  private static String nested(Object value) {
    if (value == null) {
      return "NULL";
    }
    StringBuilder out = new StringBuilder();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        out.append(out.length() == 0 ? "" : ",").append(nested(element));
      }
      return "[" + out + "]";
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) ->
          out.append(out.length() == 0 ? "" : ",")
              .append(nested(key))
              .append(':')
              .append(nested(entry)));
      return "{" + out + "}";
    }
    boolean quoted = !(value instanceof Number) && !(value instanceof Boolean);
    String text = value instanceof LocalDate ? value.toString() : text(value);
    return quoted ? Literals.quote(text) : text;
  }
}
