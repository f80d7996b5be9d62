// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.uuid;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Snowflakes: identifiers of 41 bits of milliseconds since an epoch, 10 of a machine and 12 of a
/// counter.
public final class Snowflakes {
  private static final int TIME_SHIFT = 22;
  private static final int MACHINE_SHIFT = 12;
  // What the old functions count from, as the service that invented snowflakes did.
  private static final long OLD_EPOCH = 1288834974657L;

  private Snowflakes() {}

  public static List<ScalarFunction> functions() {
    AtomicLong last = new AtomicLong();
    return List.of(
        ScalarFunction.of(
                "generateSnowflakeID",
                "generateSnowflakeID([x[, machine]])",
                "An identifier that no other call gives, and that grows with time.",
                args -> {
                  Arguments.count("generateSnowflakeID", args, 0, 2);
                  long machine =
                      args.size() > 1
                          ? Arguments.constantInt("generateSnowflakeID", args, 1) & 0x3FF
                          : 0;
                  return RowBinding.ofAll(
                      DataTypes.UINT64,
                      (_, _, to) -> {
                        long now = System.currentTimeMillis() << MACHINE_SHIFT;
                        long next = last.updateAndGet(before -> Math.max(before + 1, now));
                        to.appendLong(
                            next >>> MACHINE_SHIFT << TIME_SHIFT
                                | machine << MACHINE_SHIFT
                                | next & 0xFFF);
                      });
                })
            .handlingNulls()
            .that(Stability.VOLATILE),
        toTime("snowflakeIDToDateTime", false, 0),
        toTime("snowflakeIDToDateTime64", true, 0),
        fromTime("dateTimeToSnowflakeID", false),
        fromTime("dateTime64ToSnowflakeID", true),
        toTime("snowflakeToDateTime", false, OLD_EPOCH),
        toTime("snowflakeToDateTime64", true, OLD_EPOCH));
  }

  private static ScalarFunction toTime(String name, boolean fine, long fixedEpoch) {
    boolean old = fixedEpoch > 0;
    return ScalarFunction.of(
        name,
        name + (old ? "(id[, zone])" : "(id[, epoch[, zone]])"),
        "The time of a snowflake.",
        args -> {
          Arguments.count(name, args, 1, old ? 2 : 3);
          Arguments.requireInteger(name, args, 0);
          if (!args.getFirst().plain().physical().isLong()) {
            throw Arguments.illegal(name, 0, args.getFirst().type(), "up to 64 bits");
          }
          long epoch = old ? fixedEpoch : epoch(name, args);
          int zoneAt = old ? 1 : 2;
          String zone = Arguments.constantZone(name, args, zoneAt);
          DataType type = fine ? new DataType.DateTime64(3, zone) : new DataType.DateTime(zone);
          return RowBinding.of(
              DataTypes.parse(type.name()),
              (v, row, to) -> {
                long milliseconds = (v.getFirst().getLong(row) >>> TIME_SHIFT) + epoch;
                to.appendLong(fine ? milliseconds : Math.floorDiv(milliseconds, 1000));
              });
        });
  }

  private static long epoch(String name, List<Argument> args) {
    if (args.size() < 2) {
      return 0;
    }
    if (!args.get(1).isConstant() || !(args.get(1).constant() instanceof Number epoch)) {
      throw Arguments.illegal(name, 1, args.get(1).type(), "a constant of milliseconds");
    }
    return epoch.longValue();
  }

  private static ScalarFunction fromTime(String name, boolean fine) {
    return ScalarFunction.of(
        name,
        name + "(time[, epoch])",
        "The first snowflake of a time.",
        args -> {
          Arguments.count(name, args, 1, 2);
          return fromTime(name, args, fine, epoch(name, args));
        });
  }

  private static Binding fromTime(String name, List<Argument> args, boolean fine, long epoch) {
    DataType type = args.getFirst().plain();
    boolean fits = fine ? type instanceof DataType.DateTime64 : type instanceof DataType.DateTime;
    if (!fits) {
      throw Arguments.illegal(name, 0, type, fine ? "DateTime64" : "DateTime");
    }
    double unit = type instanceof DataType.DateTime64 time ? Math.pow(10, time.precision() - 3) : 0;
    return RowBinding.of(
        DataTypes.UINT64,
        (v, row, to) -> {
          long stored = v.getFirst().getLong(row);
          long milliseconds =
              !fine
                  ? stored * 1000
                  : unit >= 1 ? Math.floorDiv(stored, (long) unit) : stored * Math.round(1 / unit);
          to.appendLong(milliseconds - epoch << TIME_SHIFT);
        });
  }
}
