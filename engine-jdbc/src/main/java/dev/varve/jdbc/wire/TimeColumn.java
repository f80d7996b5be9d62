// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/// Date, Date32, DateTime, DateTime64, Time and Time64.
final class TimeColumn extends WireColumn {
  private static final long NANOS = 1_000_000_000L;

  private final Kind kind;
  private final long ticksPerSecond;

  TimeColumn(SqlType type, ByteBuffer bytes, int validity, int values) {
    super(type, bytes, validity, values);
    this.kind = type.kind();
    long ticks = 1;
    for (int i = 0; i < type.precision(); i++) {
      ticks *= 10;
    }
    this.ticksPerSecond = ticks;
  }

  @Override
  Object value(int row) {
    switch (kind) {
      case DATE:
        return LocalDate.ofEpochDay(bytes.getShort(values + row * 2) & 0xFFFF);
      case DATE32:
        return LocalDate.ofEpochDay(bytes.getInt(values + row * 4));
      case DATETIME:
        long second = bytes.getInt(values + row * 4) & 0xFFFFFFFFL;
        return Instant.ofEpochSecond(second).atZone(type().zone());
      case TIME:
        return Duration.ofSeconds(bytes.getInt(values + row * 4));
      case TIME64:
        return Duration.ofNanos(bytes.getLong(values + row * 8) * (NANOS / ticksPerSecond));
      default:
        long ticks = bytes.getLong(values + row * 8);
        return Instant.ofEpochSecond(
                Math.floorDiv(ticks, ticksPerSecond),
                Math.floorMod(ticks, ticksPerSecond) * (NANOS / ticksPerSecond))
            .atZone(type().zone());
    }
  }
}
