// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.math.BigInteger;
import java.util.List;

/// Stretches of equal length, of half an hour where none is given: `timeSlot`, `timeSlots`.
final class TimeSlots {
  private TimeSlots() {}

  static List<ScalarFunction> functions() {
    return List.of(
        Declared.bound(
            "timeSlot(time Time[, seconds Int])",
            "The start of the half hour, or other stretch, of the time.",
            args -> {
              DataType type = args.getFirst().plain();
              long unit = LocalTimes.of(type).unit();
              return RowBinding.of(
                  type,
                  (v, row, to) -> {
                    long size = (v.size() > 1 ? v.get(1).getLong(row) : 1800) * unit;
                    to.appendLong(Math.floorDiv(v.getFirst().getLong(row), size) * size);
                  });
            }),
        Declared.bound(
            "timeSlots(start Time, seconds Number[, size Number])",
            "The half hours, or other stretches, from the start over so many seconds.",
            args -> {
              DataType type = slotType(args);
              long unit = LocalTimes.of(type).unit();
              long finer = unit / LocalTimes.of(args.getFirst().plain()).unit();
              return RowBinding.of(
                  DataTypes.array(type),
                  (v, row, to) -> {
                    long size = v.size() > 2 ? ticks(v.get(2), row, unit) : 1800 * unit;
                    long start = v.get(0).getLong(row) * finer;
                    long end = start + ticks(v.get(1), row, unit);
                    if (size <= 0) {
                      throw new VarveException(
                          ErrorCode.BAD_ARGUMENTS, "timeSlots wants a size above 0");
                    }
                    long last = Math.floorDiv(end, size);
                    for (long slot = Math.floorDiv(start, size); slot <= last; slot++) {
                      to.child(0).appendLong(slot * size);
                    }
                    to.endList();
                  });
            }));
  }

  /// A time with parts of a second is as fine as the finest of what its slots are made of.
  private static DataType slotType(List<Argument> args) {
    DataType time = args.getFirst().plain();
    if (!(time instanceof DataType.DateTime64(int precision, String zone))) {
      return time;
    }
    int finest = precision;
    for (Argument seconds : args.subList(1, args.size())) {
      finest =
          Math.max(
              finest, seconds.plain() instanceof DataType.Decimal(int _, int scale) ? scale : 0);
    }
    return new DataType.DateTime64(Math.min(finest, 9), zone);
  }

  /// Seconds, which may have a fraction, in ticks.
  private static long ticks(Vector seconds, int row, long unit) {
    return seconds.type().unwrapped() instanceof DataType.Decimal(int _, int scale)
        ? seconds
            .getInteger(row)
            .multiply(BigInteger.valueOf(unit))
            .divide(BigInteger.TEN.pow(scale))
            .longValueExact()
        : Math.multiplyExact(seconds.getLong(row), unit);
  }
}
