// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.TextOutput;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.DoubleBinaryOperator;

/// Functions about values as such: defaults, sizes in bytes, bars, UUIDs, errors on demand.
public final class Values {
  /// Cells of the widest bar.
  private static final int WIDEST_BAR = 1000;

  private Values() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(
        ScalarFunction.of(
                "defaultValueOfArgumentType",
                "defaultValueOfArgumentType(x)",
                "The value that a column of x's type has by default.",
                args -> {
                  Arguments.count("defaultValueOfArgumentType", args, 1, 1);
                  return RowBinding.ofAll(args.getFirst().type(), (_, _, to) -> to.appendDefault());
                })
            .handlingNulls());
    all.add(
        ScalarFunction.of(
            "defaultValueOfTypeName",
            "defaultValueOfTypeName('Type')",
            "The value that a column of a type has by default.",
            args -> {
              DataType type =
                  DataTypes.parse(Arguments.constantText("defaultValueOfTypeName", args, 0));
              return RowBinding.ofAll(type, (_, _, to) -> to.appendDefault());
            }));
    all.add(extreme("min2", Math::min));
    all.add(extreme("max2", Math::max));
    all.add(
        ScalarFunction.of(
            "toColumnTypeName",
            "toColumnTypeName(x)",
            "The name of x's type.",
            args ->
                RowBinding.ofAll(
                    DataTypes.STRING,
                    (_, _, to) -> RowBinding.append(args.getFirst().type().name(), to))));
    all.add(
        ScalarFunction.of(
                "isConstant",
                "isConstant(x)",
                "Whether x is a constant.",
                args ->
                    RowBinding.ofAll(
                        DataTypes.UINT8,
                        (_, _, to) -> to.appendLong(args.getFirst().isConstant() ? 1 : 0)))
            .handlingNulls());
    all.add(
        ScalarFunction.of(
                "ignore",
                "ignore(…)",
                "0, whatever the arguments.",
                _ -> RowBinding.ofAll(DataTypes.UINT8, (_, _, to) -> to.appendLong(0)))
            .handlingNulls());
    all.add(
        ScalarFunction.of(
                "byteSize",
                "byteSize(x[, …])",
                "Bytes that the values take in memory.",
                args ->
                    RowBinding.ofAll(
                        DataTypes.UINT64,
                        (v, row, to) -> {
                          long bytes = 0;
                          for (var value : v) {
                            bytes += bytes(value, row);
                          }
                          to.appendLong(bytes);
                        }))
            .handlingNulls());
    all.add(
        ScalarFunction.of(
                "throwIf",
                "throwIf(condition[, 'message'])",
                "Fails where the condition is true, else 0.",
                Values::throwing)
            .that(Stability.VOLATILE));
    all.add(
        ScalarFunction.of("bar", "bar(x, min, max[, width])", "A bar of characters.", Values::bar));
    all.add(
        ScalarFunction.of(
                "generateUUIDv7",
                "generateUUIDv7()",
                "A UUID that begins with the time.",
                _ -> RowBinding.ofAll(DataTypes.UUID, (_, _, to) -> to.appendBytes(uuid7())))
            .that(Stability.VOLATILE));
    all.add(
        ScalarFunction.of(
            "formatReadableSize",
            "formatReadableSize(bytes)",
            "A number of bytes for people, in powers of 1024.",
            args ->
                readable(
                    "formatReadableSize",
                    args,
                    1024,
                    List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"))));
    all.add(
        ScalarFunction.of(
            "formatReadableDecimalSize",
            "formatReadableDecimalSize(bytes)",
            "A number of bytes for people, in powers of 1000.",
            args ->
                readable(
                    "formatReadableDecimalSize",
                    args,
                    1000,
                    List.of("B", "KB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"))));
    all.add(
        ScalarFunction.of(
            "formatReadableQuantity",
            "formatReadableQuantity(n)",
            "A number for people.",
            args ->
                readable(
                    "formatReadableQuantity",
                    args,
                    1000,
                    List.of(
                        "",
                        "thousand",
                        "million",
                        "billion",
                        "trillion",
                        "quadrillion",
                        "quintillion",
                        "sextillion",
                        "septillion"))));
    all.add(
        ScalarFunction.of(
                "toJSONString",
                "toJSONString(x)",
                "The value as JSON.",
                args ->
                    RowBinding.ofAll(
                        DataTypes.STRING,
                        (v, row, to) -> {
                          dev.varve.storage.format.ByteSink sink =
                              new dev.varve.storage.format.ByteSink();
                          new TextOutput(TextOutput.Style.JSON, sink).write(v.getFirst(), row);
                          to.appendBytes(sink.array(), 0, sink.size());
                        }))
            .handlingNulls());
    return all;
  }

  private static long bytes(dev.varve.storage.vector.Vector value, int row) {
    if (value.isNull(row)) {
      return 1;
    }
    return (value.type().isNullable() ? 1 : 0)
        + switch (value.physical()) {
          case BYTES -> value.getSegment(row).byteSize() + 8;
          case LIST -> {
            long sum = 8;
            for (int e = value.listFrom(row); e < value.listTo(row); e++) {
              sum += bytes(value.elements(), e);
            }
            yield sum;
          }
          case STRUCT -> {
            long sum = 0;
            for (var child : value.children()) {
              sum += bytes(child, row);
            }
            yield sum;
          }
          default -> value.type().width();
        };
  }

  private static ScalarFunction extreme(String name, DoubleBinaryOperator operator) {
    return ScalarFunction.of(
        name,
        name + "(a, b)",
        "Of two numbers, as Float64.",
        args -> {
          Arguments.count(name, args, 2, 2);
          Arguments.requireNumber(name, args, 0);
          Arguments.requireNumber(name, args, 1);
          return RowBinding.of(
              DataTypes.FLOAT64,
              (v, row, to) ->
                  to.appendDouble(
                      operator.applyAsDouble(number(v.get(0), row), number(v.get(1), row))));
        });
  }

  static double number(dev.varve.storage.vector.Vector vector, int row) {
    return dev.varve.merge.aggregate.Numeric.doubleOf(vector, row);
  }

  private static Binding throwing(List<Argument> args) {
    Arguments.count("throwIf", args, 1, 3);
    Arguments.requireNumber("throwIf", args, 0);
    String message =
        args.size() > 1
            ? Arguments.constantText("throwIf", args, 1)
            : "the condition of throwIf is true";
    return RowBinding.of(
        DataTypes.UINT8,
        (v, row, to) -> {
          if (number(v.getFirst(), row) != 0) {
            throw new VarveException(ErrorCode.BAD_ARGUMENTS, message);
          }
          to.appendLong(0);
        });
  }

  private static Binding bar(List<Argument> args) {
    Arguments.count("bar", args, 3, 4);
    for (int i = 0; i < args.size(); i++) {
      Arguments.requireNumber("bar", args, i);
    }
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> {
          double x = number(v.get(0), row);
          double min = number(v.get(1), row);
          double max = number(v.get(2), row);
          double width = v.size() > 3 ? number(v.get(3), row) : 80;
          if (!(width >= 1 && width <= WIDEST_BAR)) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "bar: the width " + width + " is not from 1 to " + WIDEST_BAR);
          }
          double share = x <= min ? 0 : x >= max ? 1 : (x - min) / (max - min);
          double cells = share * width;
          StringBuilder bar = new StringBuilder("█".repeat((int) cells));
          int eighths = (int) ((cells - (int) cells) * 8);
          if (eighths > 0) {
            bar.append("▏▎▍▌▋▊▉".charAt(eighths - 1));
          }
          RowBinding.append(bar.toString(), to);
        });
  }

  private static byte[] uuid7() {
    UUID random = UUID.randomUUID();
    long time = System.currentTimeMillis() << 16;
    long high = time | 0x7000 | (random.getMostSignificantBits() & 0xFFF);
    return java.nio.ByteBuffer.allocate(16)
        .putLong(high)
        .putLong(random.getLeastSignificantBits())
        .array();
  }

  private static Binding readable(
      String name, List<Argument> args, double base, List<String> units) {
    Arguments.count(name, args, 1, 2);
    Arguments.requireNumber(name, args, 0);
    int digits = args.size() > 1 ? Math.clamp(Arguments.constantInt(name, args, 1), 0, 50) : 2;
    return RowBinding.of(
        DataTypes.STRING,
        (v, row, to) -> {
          double value = number(v.getFirst(), row);
          int unit = 0;
          while (unit + 1 < units.size() && Math.abs(value) >= base) {
            value /= base;
            unit++;
          }
          String text = String.format(java.util.Locale.ROOT, "%." + digits + "f", value);
          RowBinding.append((text + " " + units.get(unit)).stripTrailing(), to);
        });
  }
}
