// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.session;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Spans of time as people write them: `1h 5m`, `2 weeks + 3 days`.
final class TimeSpans {
  private static final Pattern PIECE =
      Pattern.compile("\\s*([0-9]{1,18}(?:\\.[0-9]{1,18})?)\\s*([a-zA-Zμµ]+)\\s*[;,:+-]?");

  private TimeSpans() {}

  static ScalarFunction parsed() {
    return Declared.rows(
        "parseTimeDelta(text String)",
        "How many seconds a span of time in words has.",
        DataTypes.FLOAT64,
        (v, row, to) -> to.appendDouble(seconds(RowBinding.text(v.getFirst(), row)).doubleValue()));
  }

  private static BigDecimal seconds(String text) {
    Matcher piece = PIECE.matcher(text);
    BigDecimal sum = BigDecimal.ZERO;
    int at = 0;
    while (at < text.length() && piece.find(at) && piece.start() == at) {
      BigDecimal unit = unit(piece.group(2).toLowerCase(Locale.ROOT));
      if (unit == null) {
        break;
      }
      sum = sum.add(new BigDecimal(piece.group(1)).multiply(unit));
      at = piece.end();
    }
    if (at == 0 || at < text.length()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + text + "\" is no span of time such as 1h 5m, at character " + (at + 1));
    }
    return sum;
  }

  /// The seconds of a unit, or null: a year has 365 days, a month thirty and a half.
  private static BigDecimal unit(String name) {
    return switch (name) {
      case "y", "yr", "year", "years" -> BigDecimal.valueOf(31_536_000);
      case "mo", "month", "months" -> BigDecimal.valueOf(2_635_200);
      case "w", "week", "weeks" -> BigDecimal.valueOf(604_800);
      case "d", "day", "days" -> BigDecimal.valueOf(86_400);
      case "h", "hr", "hour", "hours" -> BigDecimal.valueOf(3600);
      case "m", "min", "minute", "minutes" -> BigDecimal.valueOf(60);
      case "s", "sec", "second", "seconds" -> BigDecimal.ONE;
      case "ms", "millisecond", "milliseconds", "millisec" -> BigDecimal.valueOf(1, 3);
      case "us", "μs", "µs", "microsecond", "microseconds", "microsec" -> BigDecimal.valueOf(1, 6);
      case "ns", "nanosecond", "nanoseconds", "nanosec" -> BigDecimal.valueOf(1, 9);
      default -> null;
    };
  }
}
