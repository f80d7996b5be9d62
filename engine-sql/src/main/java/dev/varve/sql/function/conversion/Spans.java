// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.time.LocalTimes;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;

/// To and from `Time` and `Time64`: of a point in time its time of day, of a number so many
/// seconds.
final class Spans {
  private static final long DAY = 86_400;

  private Spans() {}

  /// The kernel, or null where neither side is a span or the other is none of these.
  static Kernel between(DataType from, DataType to, Overflow overflow) {
    if (Arguments.isSpan(to)) {
      if (Arguments.isSpan(from)) {
        return (v, rows, scratch) -> rescaled(v.getFirst(), from, to, rows, scratch);
      }
      if (from instanceof DataType.DateTime || from instanceof DataType.DateTime64) {
        return (v, rows, scratch) -> timeOfDay(v.getFirst(), from, to, rows, scratch);
      }
      if (Arguments.isNumber(from)) {
        int digits = to instanceof DataType.Time64(int precision) ? precision : 0;
        Kernel ticks = Numbers.between(from, new DataType.Decimal(18, digits), overflow);
        return (v, rows, scratch) ->
            checked(ticks.evaluate(v, rows, scratch), to, overflow, rows, scratch);
      }
      return null;
    }
    if (!Arguments.isSpan(from)) {
      return null;
    }
    int digits = from instanceof DataType.Time64(int precision) ? precision : 0;
    DataType seconds = new DataType.Decimal(18, digits);
    Kernel number = Numbers.between(seconds, to, overflow);
    if (number == null) {
      return null;
    }
    DataType wide = new DataType.Time64(digits);
    return (v, rows, scratch) ->
        number.evaluate(
            List.of(rescaled(v.getFirst(), from, wide, rows, scratch).as(seconds)), rows, scratch);
  }

  private static Vector rescaled(
      Vector input, DataType from, DataType to, int rows, Scratch scratch) {
    long before = LocalTimes.of(from).unit();
    long after = LocalTimes.of(to).unit();
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      long ticks = input.isNull(i) ? 0 : input.getLong(i);
      builder.appendLong(before <= after ? ticks * (after / before) : ticks / (before / after));
    }
    return builder.build();
  }

  private static Vector timeOfDay(
      Vector input, DataType from, DataType to, int rows, Scratch scratch) {
    LocalTimes local = LocalTimes.of(from);
    long unit = LocalTimes.of(to).unit();
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      long stored = input.isNull(i) ? 0 : input.getLong(i);
      long second = Math.floorMod(local.localSeconds(stored), DAY);
      long fraction = local.fraction(stored);
      long ticks =
          local.unit() <= unit
              ? fraction * (unit / local.unit())
              : fraction / (local.unit() / unit);
      builder.appendLong(second * unit + ticks);
    }
    return builder.build();
  }

  private static Vector checked(
      Vector ticks, DataType to, Overflow overflow, int rows, Scratch scratch) {
    long most = (DataType.Time.MAX_SECONDS + 1L) * LocalTimes.of(to).unit() - 1;
    VectorBuilder builder = new VectorBuilder(to, scratch);
    for (int i = 0; i < rows; i++) {
      long value = ticks.isNull(i) ? 0 : ticks.getLong(i);
      if (Math.abs(value) <= most) {
        builder.appendLong(value);
        continue;
      }
      switch (overflow) {
        case NULL -> builder.appendNull();
        case DEFAULT -> builder.appendDefault();
        case WRAP -> builder.appendLong(value < 0 ? -most : most);
        case FAIL ->
            throw new VarveException(
                ErrorCode.CANNOT_CONVERT_TYPE,
                "the value is out of the range of "
                    + to.name()
                    + ", which ends before a thousand hours; keep it as a number");
      }
    }
    return builder.build();
  }
}
