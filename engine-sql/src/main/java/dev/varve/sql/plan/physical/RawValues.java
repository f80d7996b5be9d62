// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Values as parts keep them in bounds, and as `VectorValues` names them.
final class RawValues {
  private RawValues() {}

  /// A value as bounds are kept, or null where the type is not compared by its bounds.
  static Object raw(Object value, DataType type) {
    return switch (type) {
      case DataType.Int _ -> value instanceof Long || value instanceof BigInteger ? value : null;
      case DataType.Decimal decimal ->
          value instanceof BigDecimal number && number.scale() == decimal.scale()
              ? narrow(number.unscaledValue())
              : null;
      case DataType.Text _ ->
          value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : null;
      case DataType.Date _, DataType.Date32 _ ->
          value instanceof LocalDate date ? (Object) date.toEpochDay() : null;
      case DataType.DateTime(String zone) ->
          value instanceof LocalDateTime time
              ? (Object) instant(time, zone).getEpochSecond()
              : null;
      case DataType.DateTime64(int precision, String zone) ->
          value instanceof LocalDateTime time ? ticks(instant(time, zone), precision) : null;
      case DataType.Time _ ->
          value instanceof Duration span && span.getNano() == 0 ? (Object) span.toSeconds() : null;
      case DataType.Time64(int precision) ->
          value instanceof Duration span ? ticks(Instant.EPOCH.plus(span), precision) : null;
      case DataType.Float _ ->
          value instanceof Double || value instanceof Float
              ? (Object) ((Number) value).doubleValue()
              : null;
      case DataType.Bool _ -> value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : null;
      default -> null;
    };
  }

  private static Instant instant(LocalDateTime time, String zone) {
    return time.atZone(VectorValues.zone(zone)).toInstant();
  }

  private static Object ticks(Instant instant, int precision) {
    BigDecimal seconds =
        BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
    return narrow(
        seconds
            .movePointRight(precision)
            .setScale(0, java.math.RoundingMode.FLOOR)
            .unscaledValue());
  }

  static Object narrow(BigInteger value) {
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  /// A bound as a whole number, unsigned where the type is.
  static BigInteger integer(Object raw, DataType type) {
    if (raw instanceof BigInteger big) {
      return big;
    }
    BigInteger signed = BigInteger.valueOf((Long) raw);
    return type.isUnsigned() && signed.signum() < 0
        ? signed.add(BigInteger.ONE.shiftLeft(64))
        : signed;
  }

  /// A bound as `VectorValues` takes it, or null for types whose bounds are no answer.
  static Object value(Object raw, DataType type) {
    return switch (type) {
      case DataType.Int _ -> integer(raw, type);
      case DataType.Decimal(int _, int scale) -> new BigDecimal(integer(raw, type), scale);
      case DataType.Text _ -> raw;
      case DataType.Date _, DataType.Date32 _ ->
          LocalDate.ofEpochDay(integer(raw, type).longValueExact());
      case DataType.DateTime(String zone) ->
          LocalDateTime.ofInstant(
              Instant.ofEpochSecond(integer(raw, type).longValueExact()), VectorValues.zone(zone));
      case DataType.DateTime64(int precision, String zone) ->
          LocalDateTime.ofInstant(
              VectorValues.instant(integer(raw, type).longValueExact(), precision),
              zone.isEmpty() ? ZoneOffset.UTC : VectorValues.zone(zone));
      case DataType.Time _ -> Duration.ofSeconds(integer(raw, type).longValueExact());
      case DataType.Time64(int precision) ->
          Duration.between(
              Instant.EPOCH, VectorValues.instant(integer(raw, type).longValueExact(), precision));
      default -> null;
    };
  }
}
