// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorValues;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ValueRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Dates and times made of parts, ends of periods, relative numbers.
public final class MadeTimes {
  private static final long DAY = 86_400;
  private static final ValueRange TWO_DIGITS = ValueRange.of(0, 99);

  private MadeTimes() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(
        ScalarFunction.of(
            "makeDate",
            "makeDate(year, month, day)",
            "A date of its parts; also of a year and a day of it.",
            args -> makeDate("makeDate", args, DataTypes.DATE)));
    all.add(
        ScalarFunction.of(
            "makeDate32",
            "makeDate32(year, month, day)",
            "As makeDate, of a wider range.",
            args -> makeDate("makeDate32", args, DataTypes.DATE32)));
    all.add(
        ScalarFunction.of(
            "makeDateTime",
            "makeDateTime(year, month, day, hour, minute, second[, zone])",
            "A time of its parts.",
            MadeTimes::makeDateTime));
    all.add(
        local(
                "toLastDayOfMonth",
                DataTypes.DATE,
                "The last day of the month.",
                at -> {
                  LocalDate day = day(at);
                  return day.withDayOfMonth(day.lengthOfMonth()).toEpochDay();
                })
            .alias("LAST_DAY", "lastDay"));
    all.add(
        local(
            "toStartOfISOYear",
            DataTypes.DATE,
            "The Monday of the first week of the year.",
            at -> {
              int year = day(at).get(java.time.temporal.IsoFields.WEEK_BASED_YEAR);
              LocalDate fourth = LocalDate.of(year, 1, 4);
              return fourth.minusDays(fourth.getDayOfWeek().getValue() - 1L).toEpochDay();
            }));
    all.add(
        local(
            "toRelativeWeekNum",
            DataTypes.UINT32,
            "Weeks since the first Monday.",
            at -> Math.floorDiv(Math.floorDiv(at, DAY) + 3, 7L)));
    all.add(
        local(
            "toRelativeQuarterNum",
            DataTypes.UINT32,
            "Quarters since year 0.",
            at -> day(at).getYear() * 4L + (day(at).getMonthValue() - 1) / 3));
    all.add(
        ScalarFunction.of(
                "toDaysSinceYearZero",
                "toDaysSinceYearZero(date)",
                "Days since 0000-01-01.",
                args -> {
                  Arguments.requireTime("toDaysSinceYearZero", args, 0);
                  LocalTimes times = LocalTimes.of(args.getFirst().plain());
                  return RowBinding.of(
                      DataTypes.UINT32,
                      (v, row, to) ->
                          to.appendLong(
                              Math.floorDiv(times.localSeconds(v.getFirst().getLong(row)), DAY)
                                  + 719_528));
                })
            .alias("TO_DAYS"));
    all.add(fromUnix("fromUnixTimestamp64Milli", 3));
    all.add(fromUnix("fromUnixTimestamp64Micro", 6));
    all.add(fromUnix("fromUnixTimestamp64Nano", 9));
    all.add(fromUnix("fromUnixTimestamp64Second", 0));
    all.add(
        ScalarFunction.of(
            "age", "age('unit', from, to[, zone])", "Whole units between.", MadeTimes::age));
    all.add(
        ScalarFunction.of(
                "timezoneOf",
                "timezoneOf(time)",
                "The zone of the time's type.",
                args -> {
                  String zone = zone(args.getFirst().plain());
                  return RowBinding.ofAll(
                      DataTypes.STRING, (_, _, to) -> RowBinding.append(zone, to));
                })
            .alias("timeZoneOf"));
    return all;
  }

  private static String zone(DataType type) {
    return switch (type) {
      case DataType.DateTime(String zone) when !zone.isEmpty() -> zone;
      case DataType.DateTime64(int _, String zone) when !zone.isEmpty() -> zone;
      default -> "UTC";
    };
  }

  private static LocalDate day(long localSeconds) {
    return LocalDate.ofEpochDay(Math.floorDiv(localSeconds, DAY));
  }

  private interface OfLocal {
    long of(long localSeconds);
  }

  private static ScalarFunction local(String name, DataType type, String doc, OfLocal field) {
    return ScalarFunction.of(
        name,
        name + "(time)",
        doc,
        args -> {
          Arguments.count(name, args, 1, 1);
          Arguments.requireTime(name, args, 0);
          DataType of = args.getFirst().plain();
          DataType result =
              type.equals(DataTypes.DATE) && of instanceof DataType.Date32 ? of : type;
          return RowBinding.of(
              result,
              (v, row, to) -> {
                long stored = v.getFirst().getLong(row);
                to.appendLong(field.of(LocalTimes.of(of).localSeconds(stored)));
              });
        });
  }

  private static Binding makeDate(String name, List<Argument> args, DataType type) {
    Arguments.count(name, args, 2, 3);
    for (int i = 0; i < args.size(); i++) {
      Arguments.requireNumber(name, args, i);
    }
    return RowBinding.of(
        type,
        (v, row, to) -> {
          int[] parts = parts(v, row, 0);
          try {
            LocalDate date =
                parts.length == 2
                    ? LocalDate.ofYearDay(parts[0], parts[1])
                    : day(parts[0], parts[1], parts[2]);
            boolean inRange = parts[0] >= (type.equals(DataTypes.DATE) ? 1970 : 1900);
            to.appendLong(inRange ? date.toEpochDay() : 0);
          } catch (DateTimeException e) {
            to.appendLong(0); // No such day is the first one, as with other bad dates.
          }
        });
  }

  /// Days that a month has not are the first ones of the next.
  private static LocalDate day(int year, int month, int day) {
    return LocalDate.of(year, month, 1)
        .plusDays(ChronoField.DAY_OF_MONTH.checkValidIntValue(day) - 1);
  }

  /// Hours, minutes and seconds up to 99 count on into the next ones, as days do into the next
  /// month.
  static LocalDateTime time(int year, int month, int day, int hour, int minute, int second) {
    for (int part : new int[] {hour, minute, second}) {
      TWO_DIGITS.checkValidValue(part, null);
    }
    return day(year, month, day)
        .atStartOfDay()
        .plusHours(hour)
        .plusMinutes(minute)
        .plusSeconds(second);
  }

  private static int[] parts(List<dev.varve.storage.vector.Vector> v, int row, int without) {
    int[] parts = new int[v.size() - without];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = (int) dev.varve.merge.aggregate.Numeric.longOf(v.get(i), row);
    }
    return parts;
  }

  private static Binding makeDateTime(List<Argument> args) {
    Arguments.count("makeDateTime", args, 6, 7);
    String zone = Arguments.constantZone("makeDateTime", args, 6);
    int without = args.size() - 6;
    return RowBinding.of(
        new DataType.DateTime(zone),
        (v, row, to) -> {
          int[] p = parts(v, row, without);
          try {
            long seconds =
                time(p[0], p[1], p[2], p[3], p[4], p[5])
                    .atZone(VectorValues.zone(zone))
                    .toEpochSecond();
            to.appendLong(Math.clamp(seconds, 0, 0xFFFFFFFFL));
          } catch (DateTimeException e) {
            to.appendLong(0); // No such time is the first one.
          }
        });
  }

  private static ScalarFunction fromUnix(String name, int precision) {
    return ScalarFunction.of(
        name,
        name + "(n[, zone])",
        "The time of so many units since 1970.",
        args -> {
          Arguments.count(name, args, 1, 2);
          Arguments.requireLong(name, args, 0);
          String zone = Arguments.constantZone(name, args, 1);
          return RowBinding.of(
              new DataType.DateTime64(precision, zone),
              (v, row, to) -> to.appendLong(v.getFirst().getLong(row)));
        });
  }

  private static Binding age(List<Argument> args) {
    Arguments.count("age", args, 3, 4);
    String unit = Arguments.constantText("age", args, 0).toLowerCase(Locale.ROOT);
    java.time.temporal.ChronoUnit chrono =
        switch (unit) {
          case "nanosecond", "nanoseconds", "ns" -> java.time.temporal.ChronoUnit.NANOS;
          case "microsecond", "microseconds", "us" -> java.time.temporal.ChronoUnit.MICROS;
          case "millisecond", "milliseconds", "ms" -> java.time.temporal.ChronoUnit.MILLIS;
          case "second", "seconds", "ss", "s" -> java.time.temporal.ChronoUnit.SECONDS;
          case "minute", "minutes", "mi", "n" -> java.time.temporal.ChronoUnit.MINUTES;
          case "hour", "hours", "hh", "h" -> java.time.temporal.ChronoUnit.HOURS;
          case "day", "days", "dd", "d" -> java.time.temporal.ChronoUnit.DAYS;
          case "week", "weeks", "wk", "ww" -> java.time.temporal.ChronoUnit.WEEKS;
          case "month", "months", "mm", "m" -> java.time.temporal.ChronoUnit.MONTHS;
          case "quarter", "quarters", "qq", "q" -> java.time.temporal.ChronoUnit.MONTHS;
          case "year", "years", "yyyy", "yy" -> java.time.temporal.ChronoUnit.YEARS;
          default -> throw new VarveException(ErrorCode.BAD_ARGUMENTS, "age knows no unit " + unit);
        };
    int factor = unit.startsWith("q") ? 3 : 1;
    Arguments.requireTime("age", args, 1);
    Arguments.requireTime("age", args, 2);
    DataType from = args.get(1).plain();
    DataType to = args.get(2).plain();
    return RowBinding.of(
        DataTypes.INT64,
        (v, row, result) -> {
          LocalDateTime start = local(from, v.get(1).getLong(row));
          LocalDateTime end = local(to, v.get(2).getLong(row));
          result.appendLong(chrono.between(start, end) / factor);
        });
  }

  private static LocalDateTime local(DataType type, long stored) {
    LocalTimes times = LocalTimes.of(type);
    long nanos = times.fraction(stored) * (1_000_000_000L / times.unit());
    return LocalDateTime.ofEpochSecond(times.localSeconds(stored), (int) nanos, ZoneOffset.UTC);
  }
}
