// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.sql.function.number.Longs;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Fields of a date or time on the wall clock of its zone: `toYear`, `toHour`, `toYYYYMM`, …
public final class TimeFields {
  private static final long DAY = 86_400;

  /// What a span without a date has too.
  private static final Set<String> CLOCK = Set.of("toHour", "toMinute", "toSecond");

  private TimeFields() {}

  /// A field of local seconds.
  private interface Field {
    long of(long local);
  }

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(
        field("toYear", "year", DataTypes.UINT16, s -> date(s).getYear())
            .alias("year")
            .inAnyCase());
    all.add(
        field(
                "toQuarter",
                "quarter, 1 to 4",
                DataTypes.UINT8,
                s -> (date(s).getMonthValue() + 2) / 3)
            .alias("quarter")
            .inAnyCase());
    all.add(
        field("toMonth", "month, 1 to 12", DataTypes.UINT8, s -> date(s).getMonthValue())
            .alias("month")
            .inAnyCase());
    all.add(
        field("toDayOfMonth", "day of the month", DataTypes.UINT8, s -> date(s).getDayOfMonth())
            .alias("day", "dayofmonth")
            .inAnyCase());
    all.add(
        field("toDayOfYear", "day of the year", DataTypes.UINT16, s -> date(s).getDayOfYear())
            .alias("dayofyear")
            .inAnyCase());
    all.add(
        field("toHour", "hour", DataTypes.UINT8, s -> Math.floorMod(s, DAY) / 3600)
            .alias("hour")
            .inAnyCase());
    all.add(
        field("toMinute", "minute", DataTypes.UINT8, s -> Math.floorMod(s, 3600L) / 60)
            .alias("minute")
            .inAnyCase());
    all.add(
        field("toSecond", "second", DataTypes.UINT8, s -> Math.floorMod(s, 60L))
            .alias("second")
            .inAnyCase());
    all.add(
        field(
            "toISOYear",
            "year of the ISO week",
            DataTypes.UINT16,
            s -> date(s).get(IsoFields.WEEK_BASED_YEAR)));
    all.add(
        field(
            "toISOWeek",
            "ISO week",
            DataTypes.UINT8,
            s -> date(s).get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)));
    all.add(field("toYYYYMM", "year and month as 202402", DataTypes.UINT32, TimeFields::yearMonth));
    all.add(
        field(
            "toYYYYMMDD",
            "date as 20240229",
            DataTypes.UINT32,
            s -> yearMonth(s) * 100 + date(s).getDayOfMonth()));
    all.add(
        field(
            "toYYYYMMDDhhmmss", "time as 20240229123000", DataTypes.UINT64, TimeFields::allDigits));
    all.add(
        field("toRelativeDayNum", "days since 1970", DataTypes.UINT32, s -> Math.floorDiv(s, DAY)));
    all.add(
        field(
            "toRelativeMonthNum",
            "months since year 0",
            DataTypes.UINT32,
            s -> date(s).getYear() * 12L + date(s).getMonthValue()));
    all.add(field("toRelativeYearNum", "years", DataTypes.UINT16, s -> date(s).getYear()));
    all.add(
        ScalarFunction.of(
                "toUnixTimestamp",
                "toUnixTimestamp(x[, zone])",
                "Seconds since the epoch, of a time or a text.",
                TimeFields::unix)
            .alias("to_unixtime"));
    all.add(ticks("toUnixTimestamp64Second", 0));
    all.add(ticks("toUnixTimestamp64Milli", 3));
    all.add(ticks("toUnixTimestamp64Micro", 6));
    all.add(ticks("toUnixTimestamp64Nano", 9));
    return all;
  }

  static LocalDate date(long local) {
    return LocalDate.ofEpochDay(Math.floorDiv(local, DAY));
  }

  private static long yearMonth(long local) {
    LocalDate date = date(local);
    return date.getYear() * 100L + date.getMonthValue();
  }

  private static long allDigits(long local) {
    long second = Math.floorMod(local, DAY);
    long clock = second / 3600 * 10_000 + second / 60 % 60 * 100 + second % 60;
    return (yearMonth(local) * 100 + date(local).getDayOfMonth()) * 1_000_000 + clock;
  }

  private static ScalarFunction field(String name, String what, DataType type, Field field) {
    return ScalarFunction.of(
        name,
        name + "(x[, zone])",
        "Of a date or time: " + what + ".",
        args -> {
          Arguments.count(name, args, 1, 2);
          DataType time = args.getFirst().plain();
          if (!Arguments.isSpan(time) || !CLOCK.contains(name)) {
            Arguments.requireTime(name, args, 0);
          }
          ZoneId zone = zone(name, args, 1).orElse(null);
          return new Binding(
              type,
              (v, rows, scratch) -> {
                LocalTimes local = LocalTimes.of(time, zone);
                MemorySegment in = Longs.of(v.getFirst(), scratch);
                MemorySegment out = scratch.allocate(rows * 8L);
                long lastIn = Long.MIN_VALUE;
                long last = 0;
                for (int i = 0; i < rows; i++) {
                  long stored = in.get(Vector.I64, i * 8L);
                  if (stored != lastIn) {
                    lastIn = stored;
                    last = field.of(local.localSeconds(stored));
                  }
                  out.set(Vector.I64, i * 8L, last);
                }
                return Vector.fixed(
                    type, rows, Longs.narrow(out, rows, type.physical(), scratch), null);
              });
        });
  }

  static Optional<ZoneId> zone(String name, List<Argument> args, int index) {
    if (args.size() <= index) {
      return Optional.empty();
    }
    String text = Arguments.constantText(name, args, index);
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + text + "\" is not a time zone; use one like 'Europe/Berlin'",
          e);
    }
  }

  private static Binding unix(List<Argument> args) {
    Arguments.count("toUnixTimestamp", args, 1, 2);
    DataType time = args.getFirst().plain();
    if (Arguments.isText(time)) {
      ZoneId in = zone("toUnixTimestamp", args, 1).orElse(java.time.ZoneOffset.UTC);
      return RowBinding.of(
          DataTypes.UINT32,
          (v, row, to) -> {
            String text = RowBinding.text(v.getFirst(), row);
            to.appendLong(BestEffort.parse(text, false).instant(in).getEpochSecond());
          });
    }
    Arguments.requireTime("toUnixTimestamp", args, 0);
    boolean isDate = LocalTimes.of(time).isDate();
    long unit = LocalTimes.of(time).unit();
    return new Binding(
        DataTypes.UINT32,
        (v, rows, scratch) -> {
          MemorySegment in = Longs.of(v.getFirst(), scratch);
          MemorySegment out = scratch.allocate(rows * 4L);
          for (int i = 0; i < rows; i++) {
            long stored = in.get(Vector.I64, i * 8L);
            out.set(
                Vector.I32, i * 4L, (int) (isDate ? stored * DAY : Math.floorDiv(stored, unit)));
          }
          return Vector.fixed(DataTypes.UINT32, rows, out, null);
        });
  }

  private static ScalarFunction ticks(String name, int precision) {
    return ScalarFunction.of(
        name,
        name + "(x)",
        "Ticks of 10^-" + precision + " seconds since the epoch of a DateTime64.",
        args -> {
          Arguments.count(name, args, 1, 1);
          if (!(args.getFirst().plain() instanceof DataType.DateTime64(int own, String _))) {
            throw Arguments.illegal(name, 0, args.getFirst().type(), "DateTime64");
          }
          long up = LocalTimes.perSecond(Math.max(0, precision - own));
          long down = LocalTimes.perSecond(Math.max(0, own - precision));
          return new Binding(
              DataTypes.INT64,
              (v, rows, scratch) -> {
                MemorySegment in = Longs.of(v.getFirst(), scratch);
                MemorySegment out = scratch.allocate(rows * 8L);
                for (int i = 0; i < rows; i++) {
                  long value = Math.floorDiv(in.get(Vector.I64, i * 8L), down) * up;
                  out.set(Vector.I64, i * 8L, value);
                }
                return Vector.fixed(DataTypes.INT64, rows, out, null);
              });
        });
  }
}
