// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;

/// How far the next value is: a number in the stored unit of the type, or units of the calendar.
///
/// @param unit `Days` and its like, or empty for a number
public record FillStep(DataType type, BigDecimal amount, String unit) {
  /// The stored number of a value.
  public static BigDecimal stored(Vector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    return switch (vector.type().unwrapped()) {
      case DataType.Float(int bits) when bits == 32 ->
          new BigDecimal(Float.toString((float) vector.getDouble(row)));
      case DataType.Float _ -> new BigDecimal(Double.toString(vector.getDouble(row)));
      default -> new BigDecimal(vector.getInteger(row));
    };
  }

  /// Whether a value of the type can be counted on.
  public static boolean isCountable(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int _,
          DataType.Float _,
          DataType.Decimal _,
          DataType.Date _,
          DataType.Date32 _,
          DataType.DateTime _,
          DataType.DateTime64 _ ->
          true;
      default -> false;
    };
  }

  static void append(BigDecimal stored, VectorBuilder to) {
    if (to.type().physical().isFloat()) {
      to.appendDouble(stored.doubleValue());
    } else {
      to.appendInteger(stored.toBigInteger());
    }
  }

  BigDecimal after(BigDecimal value) {
    if (unit.isEmpty()) {
      return value.add(amount);
    }
    long count = amount.longValue();
    return switch (type.unwrapped()) {
      case DataType.Date _, DataType.Date32 _ ->
          BigDecimal.valueOf(later(LocalDate.ofEpochDay(value.longValue()), count).toEpochDay());
      case DataType.DateTime(String zone) ->
          BigDecimal.valueOf(
              later(Instant.ofEpochSecond(value.longValue()).atZone(VectorValues.zone(zone)), count)
                  .toEpochSecond());
      case DataType.DateTime64(int precision, String zone) -> {
        Instant start = VectorValues.instant(value.longValue(), precision);
        Instant end = later(start.atZone(VectorValues.zone(zone)), count).toInstant();
        BigDecimal seconds =
            BigDecimal.valueOf(end.getEpochSecond()).add(BigDecimal.valueOf(end.getNano(), 9));
        yield seconds.scaleByPowerOfTen(precision);
      }
      default -> value.add(amount);
    };
  }

  private LocalDate later(LocalDate date, long count) {
    return switch (unit) {
      case "Years" -> date.plusYears(count);
      case "Quarters" -> date.plusMonths(3 * count);
      case "Months" -> date.plusMonths(count);
      case "Weeks" -> date.plusWeeks(count);
      default -> date.plusDays(count);
    };
  }

  private ZonedDateTime later(ZonedDateTime moment, long count) {
    return switch (unit) {
      case "Years" -> moment.plusYears(count);
      case "Quarters" -> moment.plusMonths(3 * count);
      case "Months" -> moment.plusMonths(count);
      case "Weeks" -> moment.plusWeeks(count);
      case "Days" -> moment.plusDays(count);
      case "Hours" -> moment.plusHours(count);
      case "Minutes" -> moment.plusMinutes(count);
      case "Milliseconds" -> moment.plusNanos(1_000_000 * count);
      case "Microseconds" -> moment.plusNanos(1_000 * count);
      case "Nanoseconds" -> moment.plusNanos(count);
      default -> moment.plusSeconds(count);
    };
  }
}
