// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.Locale;

/// The parser of one scalar type, chosen once for a column so that no row looks at the type again.
@FunctionalInterface
interface ScalarText {
  /// Appends the value that `text[from, end)` spells.
  ///
  /// @throws BadValueException if it is no value of the type; nothing was appended then
  void append(VectorBuilder to, byte[] text, int from, int end);

  long MAX_DATE = 65_535;
  long MIN_DATE32 = -25_567;
  long MAX_DATE32 = 120_529;
  long MAX_DATETIME = 4_294_967_295L;

  /// The parser of a type that is not a container, seen through its wrappers; null for a container.
  static ScalarText of(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int(int bits, boolean signed) -> integer(bits, signed);
      case DataType.Float _ ->
          (to, t, from, end) -> to.appendDouble(NumberParser.floating(t, from, end));
      case DataType.Decimal(int precision, int scale) -> decimal(precision, scale);
      case DataType.Bool _ -> (to, t, from, end) -> to.appendLong(bool(t, from, end) ? 1 : 0);
      case DataType.Text _ -> (to, t, from, end) -> to.appendBytes(t, from, end - from);
      case DataType.FixedText(int bytes) -> fixed(bytes);
      case DataType.Uuid _ -> (to, t, from, end) -> to.appendBytes(AddressText.uuid(t, from, end));
      case DataType.Ipv4 _ -> (to, t, from, end) -> to.appendLong(AddressText.ipv4(t, from, end));
      case DataType.Ipv6 _ -> (to, t, from, end) -> to.appendBytes(AddressText.ipv6(t, from, end));
      case DataType.Date _ ->
          (to, t, from, end) -> to.appendLong(TimeText.day(t, from, end, 0, MAX_DATE));
      case DataType.Date32 _ ->
          (to, t, from, end) -> to.appendLong(TimeText.day(t, from, end, MIN_DATE32, MAX_DATE32));
      case DataType.DateTime(String zone) -> dateTime(zone);
      case DataType.DateTime64(int precision, String zone) -> {
        ZoneRules rules = TimeText.rules(zone);
        yield (to, t, from, end) -> to.appendLong(TimeText.ticks(t, from, end, precision, rules));
      }
      case DataType.Time _ -> (to, t, from, end) -> to.appendLong(TimeText.span(t, from, end, 0));
      case DataType.Time64(int precision) ->
          (to, t, from, end) -> to.appendLong(TimeText.span(t, from, end, precision));
      case DataType.Enumeration labels -> enumeration(labels);
      case DataType.AggregateState _ ->
          (_, _, _, _) -> {
            throw new BadValueException("an aggregate state has no text form");
          };
      case DataType.Nothing _ ->
          (_, _, _, _) -> {
            throw new BadValueException("only NULL fits");
          };
      case DataType.Array _, DataType.Tuple _, DataType.MapOf _ -> null;
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    };
  }

  private static ScalarText integer(int bits, boolean signed) {
    if (bits > 64) {
      return (to, t, from, end) -> to.appendInteger(NumberParser.wide(t, from, end, bits, signed));
    }
    if (!signed) {
      return (to, t, from, end) -> to.appendLong(NumberParser.unsigned(t, from, end, bits));
    }
    long max = Long.MAX_VALUE >> 64 - bits;
    return (to, t, from, end) -> to.appendLong(NumberParser.signed(t, from, end, ~max, max));
  }

  private static ScalarText decimal(int precision, int scale) {
    if (precision <= 18) {
      return (to, t, from, end) ->
          to.appendLong(NumberParser.decimal(t, from, end, precision, scale));
    }
    return (to, t, from, end) ->
        to.appendInteger(NumberParser.wideDecimal(t, from, end, precision, scale));
  }

  private static boolean bool(byte[] text, int from, int end) {
    String word = NumberParser.ascii(text, from, Math.min(end, from + 6)).toLowerCase(Locale.ROOT);
    return switch (word) {
      case "true", "1", "t", "yes", "y", "on" -> true;
      case "false", "0", "f", "no", "n", "off" -> false;
      default -> throw new BadValueException("");
    };
  }

  private static ScalarText fixed(int bytes) {
    return (to, t, from, end) -> {
      if (end - from > bytes) {
        throw new BadValueException("it is longer than " + bytes + " bytes");
      }
      to.appendBytes(t, from, end - from);
    };
  }

  private static ScalarText dateTime(String zone) {
    ZoneRules rules = TimeText.rules(zone);
    return (to, t, from, end) -> {
      long seconds = TimeText.ticks(t, from, end, 0, rules);
      if (seconds < 0 || seconds > MAX_DATETIME) {
        throw new BadValueException("it is out of the type's range");
      }
      to.appendLong(seconds);
    };
  }

  private static ScalarText enumeration(DataType.Enumeration type) {
    int count = type.labels().size();
    byte[][] labels = new byte[count][];
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = type.labels().get(i).text().getBytes(StandardCharsets.UTF_8);
      values[i] = type.labels().get(i).value();
    }
    return (to, t, from, end) -> {
      for (int i = 0; i < count; i++) {
        if (Arrays.equals(labels[i], 0, labels[i].length, t, from, end)) {
          to.appendLong(values[i]);
          return;
        }
      }
      to.appendLong(numberedLabel(values, t, from, end));
    };
  }

  /// An enumeration's value may also be given by its number.
  private static long numberedLabel(int[] values, byte[] text, int from, int end) {
    long number = NumberParser.signed(text, from, end, Short.MIN_VALUE, Short.MAX_VALUE);
    for (int value : values) {
      if (value == number) {
        return number;
      }
    }
    throw new BadValueException("");
  }
}
