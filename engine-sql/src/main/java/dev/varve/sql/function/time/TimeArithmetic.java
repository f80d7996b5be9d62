// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Moving and measuring dates and times: `addDays`, `dateDiff`, `now`.
public final class TimeArithmetic {
  private static final long DAY = 86_400;

  private TimeArithmetic() {}

  /// What dates and times are counted in.
  enum Unit {
    NANOSECOND(0, 0),
    MICROSECOND(0, 0),
    MILLISECOND(0, 0),
    SECOND(1, 0),
    MINUTE(60, 0),
    HOUR(3600, 0),
    DAY(86_400, 0),
    WEEK(604_800, 0),
    MONTH(0, 1),
    QUARTER(0, 3),
    YEAR(0, 12);

    final long seconds;
    final int months;

    Unit(long seconds, int months) {
      this.seconds = seconds;
      this.months = months;
    }

    boolean isSubSecond() {
      return seconds == 0 && months == 0;
    }

    /// Digits of a second's fraction that it is counted in.
    int precision() {
      return switch (this) {
        case NANOSECOND -> 9;
        case MICROSECOND -> 6;
        case MILLISECOND -> 3;
        default -> 0;
      };
    }

    String plural() {
      String lower = name().toLowerCase(Locale.ROOT);
      return Character.toUpperCase(lower.charAt(0)) + lower.substring(1) + "s";
    }

    static Unit of(String text) {
      String wanted = text.toUpperCase(Locale.ROOT).replaceFirst("S$", "");
      for (Unit unit : values()) {
        if (unit.name().equals(wanted)) {
          return unit;
        }
      }
      return switch (wanted) {
        case "SS", "" -> SECOND;
        case "MI", "N" -> MINUTE;
        case "HH" -> HOUR;
        case "DD", "D" -> DAY;
        case "WK", "WW" -> WEEK;
        case "MM", "M" -> MONTH;
        case "QQ", "Q" -> QUARTER;
        case "YY", "YYYY" -> YEAR;
        default ->
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "\""
                    + text
                    + "\" is not a unit of time"
                    + NearNames.suggest(
                        text,
                        java.util.Arrays.stream(values())
                            .map(u -> u.name().toLowerCase(Locale.ROOT))
                            .toList()));
      };
    }
  }

  public static List<ScalarFunction> functions(Clock clock) {
    List<ScalarFunction> all = new ArrayList<>();
    for (Unit unit : Unit.values()) {
      all.add(shift("add" + unit.plural(), unit, 1));
      all.add(shift("subtract" + unit.plural(), unit, -1));
    }
    all.add(
        ScalarFunction.of(
                "dateDiff",
                "dateDiff('unit', from, to)",
                "How many borders of the unit lie between two times.",
                TimeArithmetic::difference)
            .alias("date_diff", "timestampdiff")
            .inAnyCase());
    all.add(
        ScalarFunction.of(
            "timeDiff",
            "timeDiff(from, to)",
            "Seconds between two times.",
            args -> {
              Arguments.count("timeDiff", args, 2, 2);
              List<Argument> seconds = new ArrayList<>(args);
              seconds.addFirst(Argument.constant("second", DataTypes.STRING));
              Binding bound = difference(seconds);
              return new Binding(
                  bound.type(),
                  (v, rows, scratch) ->
                      bound
                          .kernel()
                          .evaluate(List.of(v.get(0), v.get(0), v.get(1)), rows, scratch));
            }));
    all.add(
        current("now", clock)
            .alias("current_timestamp", "nowInBlock", "localtimestamp")
            .inAnyCase());
    all.add(
        ScalarFunction.of(
                "UTCTimestamp",
                "UTCTimestamp()",
                "The time when the query began, on UTC's clock.",
                args -> {
                  Arguments.count("UTCTimestamp", args, 0, 0);
                  return constant(
                      new DataType.DateTime("UTC"), Math.floorDiv(clock.millis(), 1000L));
                })
            .alias("UTC_timestamp")
            .inAnyCase()
            .that(Stability.STABLE));
    all.add(today("today", clock, 0).alias("curdate", "current_date").inAnyCase());
    all.add(today("yesterday", clock, -1));
    all.add(
        ScalarFunction.of(
                "now64",
                "now64([precision[, zone]])",
                "The time when the query began.",
                args -> {
                  Arguments.count("now64", args, 0, 2);
                  int precision = args.isEmpty() ? 3 : Arguments.constantInt("now64", args, 0);
                  long nanos = clock.millis() * 1_000_000;
                  long value = nanos / LocalTimes.perSecond(9 - precision);
                  return constant(
                      new DataType.DateTime64(precision, Arguments.constantZone("now64", args, 1)),
                      value);
                })
            .that(Stability.STABLE));
    return all;
  }

  private static ScalarFunction current(String name, Clock clock) {
    return ScalarFunction.of(
            name,
            name + "()",
            "The time when the query began.",
            args -> {
              Arguments.count(name, args, 0, 1);
              String zone = Arguments.constantZone(name, args, 0);
              return constant(new DataType.DateTime(zone), Math.floorDiv(clock.millis(), 1000L));
            })
        .that(Stability.STABLE);
  }

  private static ScalarFunction today(String name, Clock clock, int days) {
    return ScalarFunction.of(
            name,
            name + "()",
            "The date when the query began, in UTC" + (days == 0 ? "." : ", less one day."),
            args -> {
              Arguments.count(name, args, 0, 0);
              return constant(DataTypes.DATE, Math.floorDiv(clock.millis(), 1000 * DAY) + days);
            })
        .that(Stability.STABLE);
  }

  private static Binding constant(DataType type, long value) {
    return new Binding(
        type,
        (_, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          builder.appendLong(value);
          return Vector.constant(type, rows, builder.build());
        });
  }

  private static ScalarFunction shift(String name, Unit unit, int sign) {
    return ScalarFunction.of(
        name,
        name + "(x, n)",
        "The date or time n units " + (sign > 0 ? "later." : "earlier."),
        args -> {
          Arguments.count(name, args, 2, 2);
          DataType time = args.getFirst().plain();
          if (!Arguments.isTime(time)) {
            throw Arguments.illegal(name, 0, time, "a date or time");
          }
          Arguments.requireLong(name, args, 1);
          DataType type = shifted(time, unit);
          return new Binding(
              type,
              (v, rows, scratch) -> {
                LocalTimes local = LocalTimes.of(time);
                LocalTimes target = LocalTimes.of(type);
                VectorBuilder builder = new VectorBuilder(type, scratch);
                for (int i = 0; i < rows; i++) {
                  long n = Math.multiplyExact(sign, v.get(1).isNull(i) ? 0 : v.get(1).getLong(i));
                  builder.appendLong(move(v.get(0).getLong(i), n, unit, local, target));
                }
                return builder.build();
              });
        });
  }

  /// A date moved by less than a day becomes a time; a time moved by less than a second becomes
  /// finer.
  private static DataType shifted(DataType time, Unit unit) {
    if (unit.isSubSecond()) {
      int precision =
          time instanceof DataType.DateTime64(int own, String _)
              ? Math.max(own, unit.precision())
              : unit.precision();
      String zone =
          switch (time) {
            case DataType.DateTime(String z) -> z;
            case DataType.DateTime64(int _, String z) -> z;
            default -> "";
          };
      return new DataType.DateTime64(precision, zone);
    }
    boolean isDate = time instanceof DataType.Date || time instanceof DataType.Date32;
    return isDate && unit.months == 0 && unit.seconds < DAY ? DataTypes.DATETIME : time;
  }

  private static long move(long stored, long n, Unit unit, LocalTimes local, LocalTimes target) {
    if (unit.isSubSecond()) {
      long ticks = local.isDate() ? stored * DAY : stored;
      long scaled = ticks * (target.unit() / local.unit());
      return scaled + n * (target.unit() / LocalTimes.perSecond(unit.precision()));
    }
    if (unit.months == 0 && unit.seconds < DAY) {
      return local.isDate()
          ? stored * DAY + n * unit.seconds
          : stored + n * unit.seconds * local.unit();
    }
    long seconds = local.localSeconds(stored);
    long day = Math.floorDiv(seconds, DAY);
    long moved =
        unit.months == 0
            ? day + n * (unit.seconds / DAY)
            : LocalDate.ofEpochDay(day).plusMonths(n * unit.months).toEpochDay();
    long back = target.fromLocalSeconds(moved * DAY + Math.floorMod(seconds, DAY));
    return local.isDate() ? back : back * local.unit() + local.fraction(stored);
  }

  private static Binding difference(List<Argument> args) {
    Arguments.count("dateDiff", args, 3, 4);
    Unit unit = Unit.of(Arguments.constantText("dateDiff", args, 0));
    for (int i = 1; i < 3; i++) {
      if (!Arguments.isTime(args.get(i).type())) {
        throw Arguments.illegal("dateDiff", i, args.get(i).type(), "a date or time");
      }
    }
    return new Binding(
        DataTypes.INT64,
        (v, rows, scratch) -> {
          LocalTimes from = LocalTimes.of(args.get(1).plain());
          LocalTimes to = LocalTimes.of(args.get(2).plain());
          VectorBuilder builder = new VectorBuilder(DataTypes.INT64, scratch);
          for (int i = 0; i < rows; i++) {
            long a = number(v.get(1).getLong(i), from, unit);
            long b = number(v.get(2).getLong(i), to, unit);
            builder.appendLong(b - a);
          }
          return builder.build();
        });
  }

  /// Which stretch of the unit a time lies in, counted from the epoch.
  private static long number(long stored, LocalTimes times, Unit unit) {
    if (unit.isSubSecond()) {
      long ticks = LocalTimes.perSecond(unit.precision());
      long seconds = times.isDate() ? stored * DAY : Math.floorDiv(stored, times.unit());
      return seconds * ticks + times.fraction(stored) * ticks / times.unit();
    }
    long local = times.localSeconds(stored);
    if (unit.months > 0) {
      LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(local, DAY));
      long months = date.getYear() * 12L + date.getMonthValue() - 1;
      return Math.floorDiv(months, unit.months);
    }
    return unit == Unit.WEEK
        ? Math.floorDiv(local - 4 * DAY, unit.seconds)
        : Math.floorDiv(local, unit.seconds);
  }
}
