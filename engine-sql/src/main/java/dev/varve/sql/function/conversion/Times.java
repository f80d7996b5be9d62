// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.number.Longs;
import dev.varve.sql.function.time.LocalTimes;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/// Between dates and times, and between them and numbers: a date is a number of days, a time a
/// number of seconds since the epoch. Date from time is the local day in the time's zone.
final class Times {
  private static final long DAY = 86_400;

  private Times() {}

  static Kernel between(DataType from, DataType to, Overflow overflow) {
    boolean fromTime = dev.varve.sql.function.definition.Arguments.isTime(from);
    boolean toTime = dev.varve.sql.function.definition.Arguments.isTime(to);
    if (fromTime && toTime) {
      return (v, rows, scratch) -> convert(v.getFirst(), from, to, overflow, rows, scratch);
    }
    if (fromTime && to instanceof DataType.Int) {
      DataType number = new DataType.Int(from.physical().width() * 8, !from.isUnsigned());
      Kernel inner = Conversion.between(number, to, overflow);
      long unit =
          from instanceof DataType.DateTime64(int p, String _) ? LocalTimes.perSecond(p) : 1;
      return (v, rows, scratch) ->
          inner.evaluate(
              java.util.List.of(divided(v.getFirst().as(number), unit, number, rows, scratch)),
              rows,
              scratch);
    }
    if (fromTime && to instanceof DataType.Float) {
      return (v, rows, scratch) -> {
        int precision = from instanceof DataType.DateTime64(int p, String _) ? p : 0;
        double unit = LocalTimes.perSecond(precision);
        VectorBuilder builder = new VectorBuilder(to, scratch);
        for (int i = 0; i < rows; i++) {
          builder.appendDouble(v.getFirst().getLong(i) / unit);
        }
        return builder.build();
      };
    }
    if (toTime && (from instanceof DataType.Int || from instanceof DataType.Bool)) {
      return (v, rows, scratch) -> fromInteger(v.getFirst(), to, overflow, rows, scratch);
    }
    if (to instanceof DataType.DateTime64(int p, String _)
        && (from instanceof DataType.Float || from instanceof DataType.Decimal)) {
      Kernel ticks = Numbers.between(from, new DataType.Decimal(18, p), overflow);
      return (v, rows, scratch) ->
          VectorOps.flatten(ticks.evaluate(v, rows, scratch), scratch).as(to);
    }
    if (to instanceof DataType.DateTime
        && (from instanceof DataType.Float || from instanceof DataType.Decimal)) {
      return Numbers.between(from, dev.varve.storage.type.DataTypes.UINT32, overflow);
    }
    return null;
  }

  private static Vector divided(Vector ticks, long unit, DataType type, int rows, Scratch scratch) {
    if (unit == 1) {
      return ticks;
    }
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int i = 0; i < rows; i++) {
      builder.appendLong(Math.floorDiv(ticks.getLong(i), unit));
    }
    return builder.build();
  }

  private static Vector fromInteger(
      Vector input, DataType to, Overflow overflow, int rows, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(to, scratch);
    long unit = to instanceof DataType.DateTime64(int p, String _) ? LocalTimes.perSecond(p) : 1;
    boolean date = to instanceof DataType.Date || to instanceof DataType.Date32;
    for (int i = 0; i < rows; i++) {
      long value = input.physical().isLong() ? input.getLong(i) : nearest(input.getInteger(i));
      // A number too great for days is meant as seconds, as this dialect has it.
      long days = date && value > 65_535 ? Math.floorDiv(value, DAY) : value;
      append(builder, date ? days : value * unit, to, overflow, input.isNull(i));
    }
    return builder.build();
  }

  private static long nearest(BigInteger value) {
    return value.bitLength() < 64
        ? value.longValue()
        : value.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private static Vector convert(
      Vector input, DataType from, DataType to, Overflow overflow, int rows, Scratch scratch) {
    if (isDay(from) && isDay(to) && input.isFlat()) {
      MemorySegment days = Longs.of(input, scratch);
      if (to instanceof DataType.Date32 || areDates(days, rows)) {
        return Vector.fixed(to, rows, Longs.narrow(days, rows, to.physical(), scratch), null);
      }
    }
    LocalTimes local = LocalTimes.of(from);
    LocalTimes target = LocalTimes.of(to);
    boolean toDate = isDay(to);
    boolean fromDate = isDay(from);
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      long raw = input.getLong(i);
      long value;
      if (toDate) {
        value = fromDate ? raw : Math.floorDiv(local.localSeconds(raw), DAY);
      } else if (fromDate) {
        value = target.fromLocalSeconds(raw * DAY) * target.unit();
      } else {
        value = rescale(raw, local.unit(), target.unit());
      }
      append(builder, value, to, overflow, input.isNull(i));
    }
    return builder.build();
  }

  private static boolean isDay(DataType type) {
    return type instanceof DataType.Date || type instanceof DataType.Date32;
  }

  /// Whether all days are in the range of Date. What lies below a NULL may say no; then the slow
  /// way is taken, which looks at NULLs.
  private static boolean areDates(MemorySegment days, int rows) {
    long any = 0;
    for (int i = 0; i < rows; i++) {
      any |= days.get(Vector.I64, i * 8L);
    }
    return (any & ~0xFFFFL) == 0;
  }

  private static long rescale(long ticks, long from, long to) {
    return from <= to ? ticks * (to / from) : Math.floorDiv(ticks, from / to);
  }

  private static void append(
      VectorBuilder builder, long value, DataType to, Overflow overflow, boolean isNull) {
    boolean fits =
        switch (to) {
          case DataType.Date _ -> value >= 0 && value <= 0xFFFF;
          case DataType.DateTime _ -> value >= 0 && value <= 0xFFFFFFFFL;
          default -> true;
        };
    if (fits || isNull) {
      builder.appendLong(isNull ? 0 : value);
      return;
    }
    switch (overflow) {
      case NULL -> builder.appendNull();
      case DEFAULT -> builder.appendDefault();
      // Out of the range of days the value is held at its end, as this dialect has it.
      case WRAP ->
          builder.appendLong(value < 0 ? 0 : to instanceof DataType.Date ? 0xFFFF : 0xFFFFFFFFL);
      case FAIL ->
          throw new VarveException(
              ErrorCode.CANNOT_CONVERT_TYPE,
              "the value is out of the range of " + to.name() + "; use Date32 or DateTime64");
    }
  }
}
