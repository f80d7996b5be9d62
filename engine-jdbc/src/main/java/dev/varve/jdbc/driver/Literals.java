// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Kind;
import dev.varve.jdbc.wire.SqlType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Values in the spelling of SQL.
final class Literals {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private Literals() {}

  static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /// `2024-05-17 08:30:00.123` with so many digits after the point.
  static String time(LocalDateTime time, int digits) {
    String seconds = time.truncatedTo(ChronoUnit.SECONDS).format(SECONDS);
    if (digits == 0) {
      return seconds;
    }
    String nanos = Integer.toString(1_000_000_000 + time.getNano()).substring(1);
    return seconds + "." + nanos.substring(0, digits);
  }

  /// As [#time(LocalDateTime, int)] with no more digits than the value has.
  static String time(LocalDateTime time) {
    int digits = 9;
    for (int nanos = time.getNano(); digits > 0 && nanos % 10 == 0; nanos /= 10) {
      digits--;
    }
    return time(time, digits);
  }

  /// `-101:02:03.500` with so many digits after the point.
  static String span(Duration span, int digits) {
    Duration size = span.abs();
    String text =
        String.format(
            Locale.ROOT,
            "%s%02d:%02d:%02d.%09d",
            span.isNegative() ? "-" : "",
            size.toHours(),
            size.toMinutesPart(),
            size.toSecondsPart(),
            size.getNano());
    return text.substring(0, text.length() - (digits == 0 ? 10 : 9 - digits));
  }

  /// `[1,2]`, `('a',1)`, `{'k':1}`; texts and times inside are quoted.
  static String nested(Object value, SqlType type) {
    StringBuilder out = new StringBuilder();
    append(out, value, type);
    return out.toString();
  }

  private static void append(StringBuilder out, Object value, SqlType type) {
    if (value == null) {
      out.append("NULL");
    } else if (value instanceof List<?> list) {
      boolean tuple = type.kind() == Kind.TUPLE;
      out.append(tuple ? '(' : '[');
      for (int i = 0; i < list.size(); i++) {
        out.append(i == 0 ? "" : ",");
        append(out, list.get(i), type.children().get(tuple ? i : 0));
      }
      out.append(tuple ? ')' : ']');
    } else if (value instanceof Map<?, ?> map) {
      out.append('{');
      String separator = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        separator = ",";
        append(out, entry.getKey(), type.children().get(0));
        out.append(':');
        append(out, entry.getValue(), type.children().get(1));
      }
      out.append('}');
    } else if (value instanceof BigDecimal decimal) {
      out.append(decimal.toPlainString());
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof ZonedDateTime || value instanceof Duration) {
      out.append(quote(Conversions.toText(value, type)));
    } else {
      out.append(quote(value.toString()));
    }
  }
}
