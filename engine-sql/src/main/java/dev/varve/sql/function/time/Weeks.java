// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;

/// Weeks by the modes of MySQL: whether they begin on Sunday or Monday, whether a year's first has
/// four days of it or begins in it, whether days before it belong to the year before.
final class Weeks {
  private static final int MONDAY_FIRST = 1;
  private static final int WEEK_YEAR = 2;
  private static final int FIRST_WEEKDAY = 4;

  private Weeks() {}

  static List<ScalarFunction> functions() {
    return List.of(
        Declared.bound(
                "toDayOfWeek(time Any[, mode Int[, zone String]])",
                "The day of the week: Monday is 1; mode 1 counts from 0, 2 from Sunday as 0, 3 from"
                    + " Sunday as 1.",
                args ->
                    ofDay(
                        "toDayOfWeek",
                        args,
                        DataTypes.UINT8,
                        (day, mode) -> dayOfWeek(day.getDayOfWeek().getValue(), mode & 3)))
            .alias("dayofweek")
            .inAnyCase(),
        Declared.bound(
                "toWeek(time Any[, mode Int[, zone String]])",
                "The number of the week, by a mode of MySQL.",
                args ->
                    ofDay(
                        "toWeek", args, DataTypes.UINT8, (day, mode) -> yearAndWeek(day, mode)[1]))
            .alias("week")
            .inAnyCase(),
        Declared.bound(
                "toYearWeek(time Any[, mode Int[, zone String]])",
                "Year and week as one number, by a mode of MySQL.",
                args ->
                    ofDay(
                        "toYearWeek",
                        args,
                        DataTypes.UINT32,
                        (day, mode) -> {
                          int[] found = yearAndWeek(day, mode | WEEK_YEAR);
                          return found[0] * 100L + found[1];
                        }))
            .alias("yearweek")
            .inAnyCase(),
        Declared.bound(
            "toStartOfWeek(time Any[, mode Int[, zone String]])",
            "The Sunday, or for odd modes the Monday, that the week begins with.",
            args ->
                ofDay(
                    "toStartOfWeek",
                    args,
                    dateType(args),
                    (day, mode) -> start(day, mode).toEpochDay())),
        Declared.bound(
            "toLastDayOfWeek(time Any[, mode Int[, zone String]])",
            "The Saturday, or for odd modes the Sunday, that the week ends with.",
            args ->
                ofDay(
                    "toLastDayOfWeek",
                    args,
                    dateType(args),
                    (day, mode) -> start(day, mode).plusDays(6).toEpochDay())));
  }

  private static long dayOfWeek(int monday, int mode) {
    return switch (mode) {
      case 1 -> monday - 1;
      case 2 -> monday % 7;
      case 3 -> monday % 7 + 1;
      default -> monday;
    };
  }

  private static DataType dateType(List<Argument> args) {
    return switch (args.getFirst().plain()) {
      case DataType.Date32 _ -> DataTypes.DATE32;
      default -> DataTypes.DATE;
    };
  }

  private interface OfDay {
    long of(LocalDate day, int mode);
  }

  private static Binding ofDay(String name, List<Argument> args, DataType type, OfDay function) {
    DataType time = args.getFirst().plain();
    int mode = args.size() > 1 ? Arguments.constantInt(name, args, 1) : 0;
    if (Arguments.isText(time)) {
      return RowBinding.of(
          type,
          (v, row, to) ->
              to.appendLong(
                  function.of(
                      BestEffort.parse(RowBinding.text(v.getFirst(), row), false).toLocalDate(),
                      mode)));
    }
    if (!Arguments.isTime(time)) {
      throw Arguments.illegal(name, 0, time, "a date or time");
    }
    var zone = TimeFields.zone(name, args, 2).orElse(null);
    return new Binding(
        type,
        (v, rows, scratch) -> {
          LocalTimes local = LocalTimes.of(time, zone);
          return RowBinding.of(
                  type,
                  (w, row, to) -> {
                    long seconds = local.localSeconds(w.getFirst().getLong(row));
                    to.appendLong(
                        function.of(LocalDate.ofEpochDay(Math.floorDiv(seconds, 86_400)), mode));
                  })
              .kernel()
              .evaluate(v, rows, scratch);
        });
  }

  private static LocalDate start(LocalDate day, int mode) {
    DayOfWeek first = (mode & MONDAY_FIRST) != 0 ? DayOfWeek.MONDAY : DayOfWeek.SUNDAY;
    return day.with(TemporalAdjusters.previousOrSame(first));
  }

  /// The first day of a year's week 1.
  private static LocalDate firstWeek(int year, int mode, boolean firstWeekday) {
    LocalDate first = LocalDate.of(year, 1, 1);
    LocalDate start = start(first, mode);
    if (start.equals(first)) {
      return start;
    }
    boolean counts = !firstWeekday && start.plusDays(6).getDayOfYear() >= 4;
    return counts ? start : start.plusDays(7);
  }

  private static int[] yearAndWeek(LocalDate day, int mode) {
    int flags = (mode & MONDAY_FIRST) != 0 ? mode : mode ^ FIRST_WEEKDAY;
    boolean firstWeekday = (flags & FIRST_WEEKDAY) != 0;
    int year = day.getYear();
    LocalDate start = firstWeek(year, mode, firstWeekday);
    if (day.isBefore(start)) {
      if ((mode & WEEK_YEAR) == 0) {
        return new int[] {year, 0};
      }
      year--;
      start = firstWeek(year, mode, firstWeekday);
    } else if ((mode & WEEK_YEAR) != 0) {
      LocalDate next = firstWeek(year + 1, mode, firstWeekday);
      if (!day.isBefore(next)) {
        return new int[] {year + 1, 1};
      }
    }
    return new int[] {year, (int) ((day.toEpochDay() - start.toEpochDay()) / 7) + 1};
  }
}
