// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;

/// Dates and times as text by a pattern, and under another zone.
public final class TimeFormats {
  private TimeFormats() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
                "formatDateTime",
                "formatDateTime(x, pattern[, zone])",
                "The time as text: %Y-%m-%d %H:%i:%S and other places as MySQL has them.",
                TimeFormats::format)
            .alias("DATE_FORMAT"),
        ScalarFunction.of(
                "toTimeZone",
                "toTimeZone(x, 'zone')",
                "The same moment on the wall clock of another zone.",
                TimeFormats::inZone)
            .alias("toTimezone"),
        ScalarFunction.of(
            "monthName",
            "monthName(x)",
            "The English name of the month.",
            args -> named("monthName", args, "%M")),
        ScalarFunction.of(
            "dayName",
            "dayName(x)",
            "The English name of the weekday.",
            args -> named("dayName", args, "%W")));
  }

  private static Binding format(List<Argument> args) {
    Arguments.count("formatDateTime", args, 2, 3);
    return formatted("formatDateTime", args, Arguments.constantText("formatDateTime", args, 1));
  }

  private static Binding named(String name, List<Argument> args, String pattern) {
    Arguments.count(name, args, 1, 1);
    return formatted(name, args, pattern);
  }

  private static Binding formatted(String name, List<Argument> args, String pattern) {
    DataType time = args.getFirst().plain();
    if (!Arguments.isTime(time)) {
      throw Arguments.illegal(name, 0, time, "a date or time");
    }
    ZoneId zone = TimeFields.zone(name, args, 2).orElse(null);
    boolean zoned = pattern.contains("%z");
    return new Binding(
        DataTypes.STRING,
        (v, rows, scratch) -> {
          LocalTimes local = LocalTimes.of(time, zone);
          VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
          for (int i = 0; i < rows; i++) {
            long stored = v.getFirst().isNull(i) ? 0 : v.getFirst().getLong(i);
            long nanos = local.fraction(stored) * (1_000_000_000L / local.unit());
            LocalDateTime at =
                LocalDateTime.ofEpochSecond(
                    local.localSeconds(stored), (int) nanos, ZoneOffset.UTC);
            long ahead = local.localSeconds(stored) - Math.floorDiv(stored, local.unit());
            String placed = zoned ? withOffset(pattern, local.isDate() ? 0 : ahead) : pattern;
            builder.appendBytes(text(at, placed).getBytes(StandardCharsets.UTF_8));
          }
          return builder.build();
        });
  }

  /// The pattern with its places of an offset from UTC filled: `+0130`.
  private static String withOffset(String pattern, long seconds) {
    long minutes = Math.abs(seconds) / 60;
    String offset =
        String.format(
            Locale.ROOT, "%s%02d%02d", seconds < 0 ? "-" : "+", minutes / 60, minutes % 60);
    StringBuilder filled = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%' || i + 1 == pattern.length()) {
        filled.append(c);
      } else if (pattern.charAt(++i) == 'z') {
        filled.append(offset);
      } else {
        filled.append(c).append(pattern.charAt(i));
      }
    }
    return filled.toString();
  }

  static String text(LocalDateTime at, String pattern) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%' && i + 1 < pattern.length()) {
        text.append(place(at, pattern.charAt(++i)));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String place(LocalDateTime at, char place) {
    int hour12 = at.getHour() % 12 == 0 ? 12 : at.getHour() % 12;
    return switch (place) {
      case 'Y' -> padded(at.getYear(), 4);
      case 'y' -> padded(at.getYear() % 100, 2);
      case 'm' -> padded(at.getMonthValue(), 2);
      case 'c' -> padded(at.getMonthValue(), 2);
      case 'd' -> padded(at.getDayOfMonth(), 2);
      case 'e' -> String.valueOf(at.getDayOfMonth());
      case 'j' -> padded(at.getDayOfYear(), 3);
      case 'H' -> padded(at.getHour(), 2);
      case 'h', 'I' -> padded(hour12, 2);
      case 'i' -> padded(at.getMinute(), 2);
      case 'S', 's' -> padded(at.getSecond(), 2);
      case 'f' -> padded(at.getNano() / 1000, 6);
      case 'p' -> at.getHour() < 12 ? "AM" : "PM";
      case 'M' -> at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b' -> at.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'W' -> at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> at.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'u' -> String.valueOf(at.getDayOfWeek().getValue());
      case 'w' -> String.valueOf(at.getDayOfWeek().getValue() % 7);
      case 'Q' -> String.valueOf((at.getMonthValue() + 2) / 3);
      case 'V' -> padded(at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
      case 'G' -> padded(at.get(IsoFields.WEEK_BASED_YEAR), 4);
      case 'F' -> text(at, "%Y-%m-%d");
      case 'D' -> text(at, "%m/%d/%y");
      case 'C' -> padded(at.getYear() / 100, 2);
      case 'g' -> padded(at.get(IsoFields.WEEK_BASED_YEAR) % 100, 2);
      case 'k' -> String.format(Locale.ROOT, "%2d", at.getHour());
      case 'l' -> String.format(Locale.ROOT, "%2d", hour12);
      case 'r' -> text(at, "%h:%i %p");
      case 'T' -> text(at, "%H:%i:%S");
      case 'R' -> text(at, "%H:%i");
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "formatDateTime knows no place %" + place + "; write %% for a percent sign");
    };
  }

  private static String padded(int number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "d", number);
  }

  private static Binding inZone(List<Argument> args) {
    Arguments.count("toTimeZone", args, 2, 2);
    String zone = TimeFields.zone("toTimeZone", args, 1).orElseThrow().getId();
    DataType type =
        switch (args.getFirst().plain()) {
          case DataType.DateTime _ -> new DataType.DateTime(zone);
          case DataType.DateTime64(int precision, String _) ->
              new DataType.DateTime64(precision, zone);
          default -> throw Arguments.illegal("toTimeZone", 0, args.getFirst().type(), "a time");
        };
    return new Binding(type, (v, _, _) -> v.getFirst().as(type));
  }
}
