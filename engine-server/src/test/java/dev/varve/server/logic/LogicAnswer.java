// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.logic;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The values of a result, written and sorted as sqllogictest compares them.
final class LogicAnswer {
  private static final Comparator<List<String>> BY_ROW =
      (left, right) -> {
        for (int i = 0; i < left.size(); i++) {
          int order = left.get(i).compareTo(right.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private static final Pattern LEADING_NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");

  private LogicAnswer() {}

  static List<String> of(ResultSet rows, LogicRecord.Query query) throws SQLException {
    int columns = rows.getMetaData().getColumnCount();
    if (columns != query.types().length()) {
      throw new SQLException("%d columns, expected %d".formatted(columns, query.types().length()));
    }
    List<List<String>> answer = new ArrayList<>();
    while (rows.next()) {
      List<String> row = new ArrayList<>(columns);
      for (int column = 1; column <= columns; column++) {
        row.add(text(rows.getObject(column), query.types().charAt(column - 1)));
      }
      answer.add(row);
    }
    if (query.sortMode() == LogicRecord.SortMode.ROWSORT) {
      answer.sort(BY_ROW);
    }
    List<String> values = new ArrayList<>(answer.size() * columns);
    answer.forEach(values::addAll);
    if (query.sortMode() == LogicRecord.SortMode.VALUESORT) {
      values.sort(Comparator.naturalOrder());
    }
    return values;
  }

  private static String text(Object value, char type) {
    if (value == null) {
      return "NULL";
    }
    return switch (type) {
      case 'I' ->
          switch (value) {
            case Number number -> whole(number);
            case Boolean truth -> truth ? "1" : "0";
            default -> whole(leading(value.toString()));
          };
      case 'R' ->
          String.format(
              Locale.ROOT,
              "%.3f",
              (value instanceof Number number ? number : leading(value.toString())).doubleValue());
      case 'T' -> value.toString().isEmpty() ? "(empty)" : printable(value.toString());
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  /// The corpus's own runner reads a text in a column of numbers as the number it begins with, and
  /// as zero where it begins with none.
  private static Number leading(String text) {
    Matcher number = LEADING_NUMBER.matcher(text);
    return number.lookingAt() ? new BigDecimal(number.group()) : BigDecimal.ZERO;
  }

  private static String whole(Number number) {
    return new BigDecimal(number.toString()).setScale(0, RoundingMode.DOWN).toPlainString();
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      if (out.charAt(i) < ' ' || out.charAt(i) > '~') {
        out.setCharAt(i, '@');
      }
    }
    return out.toString();
  }

  /// Whether these values are the expected ones, which may be given by number and hash.
  static boolean matches(List<String> values, List<String> expected) {
    if (expected.size() == 1 && expected.getFirst().contains(" values hashing to ")) {
      return expected.getFirst().equals(values.size() + " values hashing to " + hash(values));
    }
    return values.equals(expected);
  }

  private static String hash(List<String> values) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (String value : values) {
        md5.update((value + "\n").getBytes(StandardCharsets.ISO_8859_1));
      }
      return HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
