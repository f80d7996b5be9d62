// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.merge.aggregate.Numeric;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Times taken apart and changed field by field, named, written by patterns of Joda, moved between
/// zones, and counted as days of calendars.
public final class TimeParts {
  private static final long JULIAN = 40_587;

  private TimeParts() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>(Weeks.functions());
    all.add(
        field("toMillisecond", DataTypes.UINT16, t -> t.getNano() / 1_000_000)
            .alias("MILLISECOND")
            .inAnyCase());
    all.add(
        field("toMicrosecond", DataTypes.UINT32, t -> t.getNano() / 1000)
            .alias("MICROSECOND")
            .inAnyCase());
    all.add(
        field("toNanosecond", DataTypes.UINT32, t -> t.getNano()).alias("NANOSECOND").inAnyCase());
    all.add(field("toDaysInMonth", DataTypes.UINT8, t -> t.toLocalDate().lengthOfMonth()));
    all.add(
        field("toRelativeHourNum", DataTypes.UINT32, t -> Math.floorDiv(t.toEpochSecond(), 3600L)));
    all.add(
        field("toRelativeMinuteNum", DataTypes.UINT32, t -> Math.floorDiv(t.toEpochSecond(), 60L)));
    all.add(field("toRelativeSecondNum", DataTypes.UINT32, t -> t.toEpochSecond()));
    all.add(
        field(
            "toMonthNumSinceEpoch",
            DataTypes.UINT32,
            t -> (t.getYear() - 1970) * 12L + t.getMonthValue() - 1));
    all.add(field("toYearNumSinceEpoch", DataTypes.UINT16, t -> t.getYear() - 1970));
    all.add(
        Declared.rows(
            "toModifiedJulianDay(date String)",
            "Days since 1858-11-17.",
            DataTypes.INT32,
            (v, row, to) ->
                to.appendLong(
                    BestEffort.parse(RowBinding.text(v.getFirst(), row), false)
                            .toLocalDate()
                            .toEpochDay()
                        + JULIAN)));
    all.add(
        Declared.bound(
            "toModifiedJulianDayOrNull(date Any)",
            "Days since 1858-11-17 of a date, NULL for a text that is none.",
            args ->
                timeOrText(
                    "toModifiedJulianDayOrNull",
                    args,
                    _ -> DataTypes.nullable(DataTypes.INT32),
                    (t, _, _, to) -> to.appendLong(t.toLocalDate().toEpochDay() + JULIAN))));
    all.add(
        Declared.rows(
                "timezone()",
                "The zone of times that name none.",
                DataTypes.STRING,
                (_, _, to) -> RowBinding.append("UTC", to))
            .alias("timeZone", "serverTimezone", "serverTimeZone"));
    all.add(days("fromModifiedJulianDay", -JULIAN));
    all.add(days("fromDaysSinceYearZero", -719_528).alias("FROM_DAYS").inAnyCase());
    for (String part : List.of("Year", "Month", "Day", "Hour", "Minute", "Second")) {
      all.add(change(part));
    }
    all.add(
        Declared.bound(
                "dateName(part const String, time Time[, zone const String])",
                "A part of the time as text; months and weekdays by their names.",
                args -> {
                  String part =
                      Arguments.constantText("dateName", args, 0).toLowerCase(Locale.ROOT);
                  return zonedOf(
                      args,
                      1,
                      2,
                      _ -> DataTypes.STRING,
                      (t, _, _, to) -> RowBinding.append(name(part, t), to));
                })
            .inAnyCase());
    all.add(
        Declared.bound(
            "formatDateTimeInJodaSyntax(time Time, pattern String[, zone const String])",
            "The time as text by a pattern of Joda.",
            args ->
                zonedOf(
                    args,
                    0,
                    2,
                    _ -> DataTypes.STRING,
                    (t, v, row, to) ->
                        RowBinding.append(
                            JodaPattern.format(t, RowBinding.text(v.get(1), row)), to))));
    all.add(fromUnix());
    all.add(
        Declared.bound(
                "timezoneOffset(time Time)",
                "Seconds that the time's zone is ahead of UTC.",
                args ->
                    zonedOf(
                        args,
                        0,
                        -1,
                        _ -> DataTypes.INT32,
                        (t, _, _, to) -> to.appendLong(t.getOffset().getTotalSeconds())))
            .alias("timeZoneOffset"));
    all.add(moved("toUTCTimestamp", "to_utc_timestamp", true));
    all.add(moved("fromUTCTimestamp", "from_utc_timestamp", false));
    all.addAll(TimeSlots.functions());
    all.addAll(composed());
    return all;
  }

  private interface OfTime {
    long of(ZonedDateTime time);
  }

  private interface Answer {
    void append(
        ZonedDateTime time, List<dev.varve.storage.vector.Vector> v, int row, VectorBuilder to);
  }

  private interface Result {
    DataType of(DataType time);
  }

  private static ScalarFunction field(String name, DataType type, OfTime field) {
    return Declared.bound(
        name + "(time Time[, zone const String])",
        "What the name says, of the time on its zone's clock.",
        args -> zonedOf(args, 0, 1, _ -> type, (t, _, _, to) -> to.appendLong(field.of(t))));
  }

  private static Binding timeOrText(String name, List<Argument> args, Result type, Answer answer) {
    if (!Arguments.isText(args.getFirst().type())) {
      Arguments.requireTime(name, args, 0);
      return zonedOf(args, 0, -1, type, answer);
    }
    return RowBinding.of(
        type.of(DataTypes.DATETIME),
        (v, row, to) -> {
          try {
            LocalDate day = LocalDate.parse(RowBinding.text(v.getFirst(), row));
            answer.append(day.atStartOfDay(ZoneOffset.UTC), v, row, to);
          } catch (DateTimeException e) {
            to.appendNull();
          }
        });
  }

  private static Binding zonedOf(
      List<Argument> args, int timeAt, int zoneAt, Result type, Answer answer) {
    DataType time = args.get(timeAt).plain();
    ZoneId given = zoneAt < 0 ? null : TimeFields.zone("this function", args, zoneAt).orElse(null);
    return RowBinding.of(
        type.of(time),
        (v, row, to) -> answer.append(at(time, given, v.get(timeAt).getLong(row)), v, row, to));
  }

  static ZonedDateTime at(DataType type, ZoneId given, long stored) {
    return switch (type) {
      case DataType.DateTime(String zone) ->
          Instant.ofEpochSecond(stored).atZone(given == null ? VectorValues.zone(zone) : given);
      case DataType.DateTime64(int precision, String zone) ->
          VectorValues.instant(stored, precision)
              .atZone(given == null ? VectorValues.zone(zone) : given);
      default -> LocalDate.ofEpochDay(stored).atStartOfDay(ZoneOffset.UTC);
    };
  }

  static long stored(LocalDateTime local, DataType type) {
    return switch (type) {
      case DataType.DateTime(String zone) ->
          Math.clamp(local.atZone(VectorValues.zone(zone)).toEpochSecond(), 0, 0xFFFFFFFFL);
      case DataType.DateTime64(int precision, String zone) -> {
        Instant instant = local.atZone(VectorValues.zone(zone)).toInstant();
        long perSecond = LocalTimes.perSecond(precision);
        yield instant.getEpochSecond() * perSecond
            + instant.getNano() / (1_000_000_000L / perSecond);
      }
      default -> local.toLocalDate().toEpochDay();
    };
  }

  private static ScalarFunction days(String name, long shift) {
    return Declared.rows(
        name + "(days Int)",
        "The date of a count of days.",
        name.startsWith("fromDays") ? DataTypes.DATE : DataTypes.STRING,
        (v, row, to) -> {
          long day = v.getFirst().getLong(row) + shift;
          if (to.type().equals(DataTypes.STRING)) {
            RowBinding.append(LocalDate.ofEpochDay(day).toString(), to);
          } else {
            to.appendLong(day);
          }
        });
  }

  private static ScalarFunction change(String part) {
    return Declared.bound(
        "change" + part + "(time Time, value Int)",
        "The time with another "
            + part.toLowerCase(Locale.ROOT)
            + "; the first moment where there"
            + " is no such time.",
        args -> {
          boolean ofClock = List.of("Hour", "Minute", "Second").contains(part);
          Result type =
              time ->
                  !ofClock
                      ? time
                      : time instanceof DataType.Date
                          ? DataTypes.DATETIME
                          : time instanceof DataType.Date32 ? new DataType.DateTime64(0, "") : time;
          DataType result = type.of(args.getFirst().plain());
          return zonedOf(
              args,
              0,
              -1,
              type,
              (t, v, row, to) -> {
                long value = v.get(1).getLong(row);
                try {
                  to.appendLong(stored(changed(t.toLocalDateTime(), part, value), result));
                } catch (DateTimeException e) {
                  to.appendLong(0);
                }
              });
        });
  }

  private static LocalDateTime changed(LocalDateTime time, String part, long value) {
    int small = (int) Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return switch (part) {
      // A day that the month lacks runs on into the next.
      case "Year" -> time.withDayOfMonth(1).withYear(small).plusDays(time.getDayOfMonth() - 1L);
      case "Month" -> time.withDayOfMonth(1).withMonth(small).plusDays(time.getDayOfMonth() - 1L);
      case "Day" -> time.withDayOfMonth(small);
      case "Hour" -> time.withHour(small);
      case "Minute" -> time.withMinute(small);
      default -> time.withSecond(small);
    };
  }

  private static String name(String part, ZonedDateTime time) {
    return switch (part) {
      case "year", "yyyy", "yy" -> String.valueOf(time.getYear());
      case "quarter", "qq", "q" -> String.valueOf((time.getMonthValue() + 2) / 3);
      case "month", "mm", "m" -> JodaPattern.format(time, "MMMM");
      case "dayofyear", "dy", "y" -> String.valueOf(time.getDayOfYear());
      case "day", "dd", "d" -> String.valueOf(time.getDayOfMonth());
      case "week", "wk", "ww" -> JodaPattern.format(time, "w");
      case "weekday", "dw" -> JodaPattern.format(time, "EEEE");
      case "hour", "hh", "h" -> String.valueOf(time.getHour());
      case "minute", "mi", "n" -> String.valueOf(time.getMinute());
      case "second", "ss", "s" -> String.valueOf(time.getSecond());
      default -> throw new VarveException(ErrorCode.BAD_ARGUMENTS, "dateName knows no " + part);
    };
  }

  private static ScalarFunction fromUnix() {
    return Declared.bound(
            "fromUnixTimestamp(seconds Any[, pattern String[, zone const String]])",
            "The time of seconds since 1970, as text where a pattern is given.",
            args -> {
              String zone = Arguments.constantZone("fromUnixTimestamp", args, 2);
              Arguments.requireLong("fromUnixTimestamp", args, 0);
              if (args.size() == 1) {
                return RowBinding.of(
                    DataTypes.DATETIME,
                    (v, row, to) -> to.appendLong(Numeric.longOf(v.getFirst(), row)));
              }
              ZoneId in = VectorValues.zone(zone);
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    Instant at = Instant.ofEpochSecond(Numeric.longOf(v.getFirst(), row));
                    String pattern = RowBinding.text(v.get(1), row);
                    RowBinding.append(
                        TimeFormats.text(LocalDateTime.ofInstant(at, in), pattern), to);
                  });
            })
        .alias("FROM_UNIXTIME")
        .inAnyCase();
  }

  private static ScalarFunction moved(String name, String alias, boolean toUtc) {
    return Declared.bound(
            name + "(time Time, zone const String)",
            "The time moved "
                + (toUtc ? "from a zone's clock to UTC's." : "from UTC's to a zone's."),
            args -> {
              ZoneId zone = TimeFields.zone(name, args, 1).orElseThrow();
              DataType type = args.getFirst().plain();
              return RowBinding.of(
                  type,
                  (v, row, to) -> {
                    LocalDateTime local =
                        at(type, ZoneOffset.UTC, v.getFirst().getLong(row)).toLocalDateTime();
                    LocalDateTime shown =
                        toUtc
                            ? local
                                .atZone(zone)
                                .withZoneSameInstant(ZoneOffset.UTC)
                                .toLocalDateTime()
                            : local
                                .atZone(ZoneOffset.UTC)
                                .withZoneSameInstant(zone)
                                .toLocalDateTime();
                    to.appendLong(stored(shown, utc(type)));
                  });
            })
        .alias(alias);
  }

  private static DataType utc(DataType type) {
    return type instanceof DataType.DateTime64(int precision, String _)
        ? new DataType.DateTime64(precision, "")
        : DataTypes.DATETIME;
  }

  private static List<ScalarFunction> composed() {
    return List.of(
        digits("YYYYMMDDToDate", DataTypes.DATE),
        digits("YYYYMMDDToDate32", DataTypes.DATE32),
        digits("YYYYMMDDhhmmssToDateTime", DataTypes.DATETIME),
        digits("YYYYMMDDhhmmssToDateTime64", new DataType.DateTime64(3, "")),
        Declared.bound(
            "makeDateTime64(year Int, month Int, day Int, hour Int, minute Int, second Int[,"
                + " fraction Int[, precision const Int[, zone const String]]])",
            "A time of its parts, with a fraction in ticks of its precision.",
            args -> {
              int precision =
                  args.size() > 7 ? Arguments.constantInt("makeDateTime64", args, 7) : 3;
              String zone = Arguments.constantZone("makeDateTime64", args, 8);
              DataType type = new DataType.DateTime64(precision, zone);
              return RowBinding.of(
                  type,
                  (v, row, to) -> {
                    long fraction = v.size() > 6 ? v.get(6).getLong(row) : 0;
                    try {
                      LocalDateTime local =
                          MadeTimes.time(
                              (int) v.get(0).getLong(row),
                              (int) v.get(1).getLong(row),
                              (int) v.get(2).getLong(row),
                              (int) v.get(3).getLong(row),
                              (int) v.get(4).getLong(row),
                              (int) v.get(5).getLong(row));
                      to.appendLong(stored(local, type) + fraction);
                    } catch (DateTimeException e) {
                      to.appendLong(0);
                    }
                  });
            }));
  }

  private static ScalarFunction digits(String name, DataType plain) {
    boolean clock = name.contains("hh");
    boolean fine = plain instanceof DataType.DateTime64;
    return Declared.bound(
        name
            + (fine
                ? "(digits Number[, precision const Int[, zone const String]])"
                : "(digits Number[, zone const String])"),
        "A time of its digits as one number; the first moment where there is no such time.",
        args -> {
          String zone = Arguments.constantZone(name, args, fine ? 2 : 1);
          int precision = fine && args.size() > 1 ? Arguments.constantInt(name, args, 1) : 3;
          DataType type =
              switch (plain) {
                case DataType.DateTime _ -> new DataType.DateTime(zone);
                case DataType.DateTime64 _ -> new DataType.DateTime64(precision, zone);
                default -> plain;
              };
          return RowBinding.of(
              type,
              (v, row, to) -> {
                long value = (long) Numeric.doubleOf(v.getFirst(), row);
                long day = clock ? value / 1_000_000 : value;
                long time = clock ? value % 1_000_000 : 0;
                try {
                  LocalDateTime local =
                      LocalDateTime.of(
                          (int) (day / 10_000),
                          (int) (day / 100 % 100),
                          (int) (day % 100),
                          (int) (time / 10_000),
                          (int) (time / 100 % 100),
                          (int) (time % 100));
                  to.appendLong(stored(local, type));
                } catch (DateTimeException e) {
                  to.appendLong(0);
                }
              });
        });
  }
}
