// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.sql.function.time.TimeArithmetic.Unit;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/// The start of the stretch of time that a moment lies in: `toStartOfMonth`, `toStartOfInterval`,
/// `dateTrunc`. Stretches are counted on the wall clock of the value's zone, or of the one given.
public final class TimeStarts {
  private static final long DAY = 86_400;

  private TimeStarts() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(ofFraction("toStartOfNanosecond", Unit.NANOSECOND));
    all.add(ofFraction("toStartOfMicrosecond", Unit.MICROSECOND));
    all.add(ofFraction("toStartOfMillisecond", Unit.MILLISECOND));
    all.add(ofFraction("toStartOfSecond", Unit.SECOND));
    all.add(start("toStartOfMinute", Unit.MINUTE, 1));
    all.add(start("toStartOfFiveMinutes", Unit.MINUTE, 5).alias("toStartOfFiveMinute"));
    all.add(start("toStartOfTenMinutes", Unit.MINUTE, 10));
    all.add(start("toStartOfFifteenMinutes", Unit.MINUTE, 15));
    all.add(start("toStartOfHour", Unit.HOUR, 1));
    all.add(start("toStartOfDay", Unit.DAY, 1));
    all.add(start("toMonday", Unit.WEEK, 1).alias("toStartOfWeekMonday"));
    all.add(start("toStartOfMonth", Unit.MONTH, 1));
    all.add(start("toStartOfQuarter", Unit.QUARTER, 1));
    all.add(start("toStartOfYear", Unit.YEAR, 1));
    all.add(
        ScalarFunction.of(
                "dateTrunc",
                "dateTrunc('unit', x[, zone])",
                "The start of the unit that x lies in.",
                args -> {
                  Arguments.count("dateTrunc", args, 2, 3);
                  Unit unit = Unit.of(Arguments.constantText("dateTrunc", args, 0));
                  return new Stretch("dateTrunc", unit, 1).starting(args, 1, 2);
                })
            .alias("date_trunc")
            .inAnyCase());
    all.add(
        ScalarFunction.of(
            "toStartOfInterval",
            "toStartOfInterval(x, n, 'unit'[, origin][, zone])",
            "The start of the stretch of n units that x lies in; the first one starts at the"
                + " origin, if there is one.",
            args -> {
              Arguments.count("toStartOfInterval", args, 3, 5);
              Unit unit = Unit.of(Arguments.constantText("toStartOfInterval", args, 2));
              int n = Arguments.constantInt("toStartOfInterval", args, 1);
              Stretch stretch = new Stretch("toStartOfInterval", unit, n);
              return args.size() > 3 && Arguments.isTime(args.get(3).plain())
                  ? stretch.since(args, 3)
                  : stretch.starting(args, 0, 3);
            }));
    return all;
  }

  private static ScalarFunction start(String name, Unit unit, int n) {
    return ScalarFunction.of(
        name,
        name + "(x[, zone])",
        "The start of the stretch that x lies in.",
        args -> {
          Arguments.count(name, args, 1, 2);
          return new Stretch(name, unit, n).starting(args, 0, 1);
        });
  }

  /// Rounds a fraction away and keeps the precision.
  private static ScalarFunction ofFraction(String name, Unit unit) {
    return ScalarFunction.of(
        name,
        name + "(x[, zone])",
        "The time without what is finer; its precision stays.",
        args -> {
          Arguments.count(name, args, 1, 2);
          Arguments.requireTime(name, args, 0);
          DataType time = args.getFirst().plain();
          int precision = time instanceof DataType.DateTime64(int own, String _) ? own : 0;
          if (precision == 0 && unit == Unit.SECOND) {
            return new Stretch(name, unit, 1).starting(args, 0, 1);
          }
          String own =
              switch (time) {
                case DataType.DateTime(String zone) -> zone;
                case DataType.DateTime64(int _, String zone) -> zone;
                default -> "";
              };
          String zone = args.size() > 1 ? Arguments.constantZone(name, args, 1) : own;
          int kept = Math.max(precision, unit.precision());
          long finer =
              LocalTimes.perSecond(kept - precision) * (LocalTimes.of(time).isDate() ? DAY : 1);
          long ticks = LocalTimes.perSecond(kept - unit.precision());
          DataType type = new DataType.DateTime64(kept, zone);
          return perRow(type, v -> Math.floorDiv(v * finer, ticks) * ticks);
        });
  }

  @FunctionalInterface
  private interface OfStored {
    long of(long stored);
  }

  private static Binding perRow(DataType type, OfStored function) {
    return new Binding(
        type,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(type, scratch);
          for (int i = 0; i < rows; i++) {
            builder.appendLong(function.of(v.getFirst().getLong(i)));
          }
          return builder.build();
        });
  }

  /// So many units of time, one stretch after the other.
  ///
  /// @param name the function, for messages
  private record Stretch(String name, Unit unit, int n) {
    Stretch {
      if (n < 1) {
        throw new VarveException(
            ErrorCode.ARGUMENT_OUT_OF_BOUND,
            name + " needs a positive number of units, found " + n);
      }
    }

    Binding starting(List<Argument> args, int index, int zoneIndex) {
      DataType time = args.get(index).plain();
      requireTime(args, index);
      ZoneId zone = TimeFields.zone(name, args, zoneIndex).orElse(null);
      DataType type = type(time, zone == null ? null : zone.getId());
      if (unit.isSubSecond()) {
        return ticks(args, index, type);
      }
      return new Binding(
          type,
          (v, rows, scratch) -> {
            LocalTimes local = LocalTimes.of(time, zone);
            LocalTimes target = LocalTimes.of(type);
            VectorBuilder builder = new VectorBuilder(type, scratch);
            for (int i = 0; i < rows; i++) {
              long seconds = floor(local.localSeconds(v.get(index).getLong(i)));
              builder.appendLong(target.fromLocalSeconds(seconds));
            }
            return builder.build();
          });
    }

    private void requireTime(List<Argument> args, int index) {
      DataType time = args.get(index).plain();
      if (!Arguments.isTime(time)) {
        throw Arguments.illegal(name, index, time, "a date or time");
      }
      if (unit.isSubSecond() && !(time instanceof DataType.DateTime64)) {
        throw Arguments.illegal(name, index, time, "a DateTime64, which has parts of a second");
      }
    }

    /// Stretches of less than a second, which no clock change moves.
    private Binding ticks(List<Argument> args, int index, DataType type) {
      long from = LocalTimes.of(args.get(index).plain()).unit();
      long to = LocalTimes.perSecond(unit.precision());
      return new Binding(
          type,
          (v, rows, scratch) -> {
            VectorBuilder builder = new VectorBuilder(type, scratch);
            for (int i = 0; i < rows; i++) {
              long stored = v.get(index).getLong(i);
              long scaled =
                  from > to
                      ? Math.floorDiv(stored, from / to)
                      : Math.multiplyExact(stored, to / from);
              builder.appendLong(Math.floorDiv(scaled, (long) n) * n);
            }
            return builder.build();
          });
    }

    private DataType type(DataType time, String zone) {
      if (unit.isSubSecond()) {
        String own = time instanceof DataType.DateTime64(int _, String z) ? z : "";
        return new DataType.DateTime64(unit.precision(), zone == null ? own : zone);
      }
      if (unit.months > 0 || unit == Unit.WEEK) {
        return time instanceof DataType.Date32 ? time : DataTypes.DATE;
      }
      return switch (time) {
        case DataType.DateTime64(int _, String own) ->
            new DataType.DateTime(zone == null ? own : zone);
        case DataType.DateTime(String own) -> new DataType.DateTime(zone == null ? own : zone);
        default -> zone == null ? DataTypes.DATETIME : new DataType.DateTime(zone);
      };
    }

    /// The start of a moment's stretch, both in local seconds.
    private long floor(long local) {
      if (unit.months > 0) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(local, DAY));
        long months = date.getYear() * 12L + date.getMonthValue() - 1;
        long first = Math.floorDiv(months, (long) unit.months * n) * unit.months * n;
        return LocalDate.of((int) Math.floorDiv(first, 12L), (int) Math.floorMod(first, 12L) + 1, 1)
                .toEpochDay()
            * DAY;
      }
      if (unit == Unit.WEEK) {
        // 1970-01-05 was a Monday.
        long shifted = local - 4 * DAY;
        return Math.floorDiv(shifted, unit.seconds * n) * unit.seconds * n + 4 * DAY;
      }
      long stretch = unit.seconds * n;
      if (unit == Unit.HOUR && stretch <= DAY) {
        // Stretches of hours begin anew with each day.
        long midnight = Math.floorDiv(local, DAY) * DAY;
        return midnight + (local - midnight) / stretch * stretch;
      }
      return Math.floorDiv(local, stretch) * stretch;
    }

    /// As [#starting], with a stretch that starts at the moment of another argument of x's type.
    Binding since(List<Argument> args, int originIndex) {
      DataType time = args.getFirst().plain();
      requireTime(args, 0);
      if (!time.equals(args.get(originIndex).plain())) {
        throw Arguments.illegal(
            name, originIndex, args.get(originIndex).plain(), "an origin of type " + time.name());
      }
      return new Binding(
          time,
          (v, rows, scratch) -> {
            LocalTimes local = LocalTimes.of(time);
            VectorBuilder builder = new VectorBuilder(time, scratch);
            for (int i = 0; i < rows; i++) {
              builder.appendLong(
                  since(v.getFirst().getLong(i), v.get(originIndex).getLong(i), local));
            }
            return builder.build();
          });
    }

    private long since(long stored, long origin, LocalTimes times) {
      if (stored < origin) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, name + " needs an origin that is not after the time");
      }
      if (unit.months > 0) {
        return sinceMonths(stored, origin, times);
      }
      if (unit.isSubSecond()) {
        long from = times.unit();
        long to = LocalTimes.perSecond(unit.precision());
        long width = from > to ? n * (from / to) : Math.max(1, n / (to / from));
        return origin + Math.floorDiv(stored - origin, width) * width;
      }
      long width =
          times.isDate() ? Math.max(1, unit.seconds * n / DAY) : unit.seconds * n * times.unit();
      return origin + Math.floorDiv(stored - origin, width) * width;
    }

    private long sinceMonths(long stored, long origin, LocalTimes times) {
      long at = times.localSeconds(origin);
      LocalDate first = LocalDate.ofEpochDay(Math.floorDiv(at, DAY));
      LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(times.localSeconds(stored), DAY));
      long stretch = (long) unit.months * n;
      long months =
          (day.getYear() - first.getYear()) * 12L + day.getMonthValue() - first.getMonthValue();
      long count = Math.floorDiv(months, stretch);
      long start = later(first, count * stretch, at, origin, times);
      return start <= stored ? start : later(first, (count - 1) * stretch, at, origin, times);
    }

    private static long later(
        LocalDate first, long months, long at, long origin, LocalTimes times) {
      long seconds = first.plusMonths(months).toEpochDay() * DAY + Math.floorMod(at, DAY);
      long back = times.fromLocalSeconds(seconds);
      return times.isDate() ? back : back * times.unit() + times.fraction(origin);
    }
  }
}
