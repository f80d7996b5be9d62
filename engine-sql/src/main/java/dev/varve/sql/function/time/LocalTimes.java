// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.VectorValues;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/// Stored dates and times as local seconds (seconds since 1970 on the wall clock of a zone) and
/// back. Remembers the stretch between two clock changes it was last in, so it is for one thread.
public final class LocalTimes {
  private static final long DAY = 86_400;

  private final boolean isDate;
  private final long unit;
  private final ZoneRules rules;
  private long from;
  private long to = Long.MIN_VALUE;
  private long offset;

  private LocalTimes(boolean isDate, long unit, ZoneRules rules) {
    this.isDate = isDate;
    this.unit = unit;
    this.rules = rules;
  }

  /// For values of a date or time type, or spans, as if they began in 1970.
  public static LocalTimes of(DataType type) {
    return of(type, null);
  }

  /// As [#of(DataType)], in another zone than the type's where `zone` is not null.
  public static LocalTimes of(DataType type, ZoneId zone) {
    return switch (type.unwrapped()) {
      case DataType.DateTime(String own) ->
          new LocalTimes(false, 1, (zone == null ? VectorValues.zone(own) : zone).getRules());
      case DataType.DateTime64(int precision, String own) ->
          new LocalTimes(
              false,
              perSecond(precision),
              (zone == null ? VectorValues.zone(own) : zone).getRules());
      case DataType.Time _ -> new LocalTimes(false, 1, ZoneOffset.UTC.getRules());
      case DataType.Time64(int precision) ->
          new LocalTimes(false, perSecond(precision), ZoneOffset.UTC.getRules());
      default -> new LocalTimes(true, 1, ZoneOffset.UTC.getRules());
    };
  }

  public static long perSecond(int precision) {
    long ticks = 1;
    for (int i = 0; i < precision; i++) {
      ticks *= 10;
    }
    return ticks;
  }

  /// Ticks of a second; 1 for dates and DateTime.
  public long unit() {
    return unit;
  }

  public boolean isDate() {
    return isDate;
  }

  /// Local seconds of a stored value; a fraction is cut.
  public long localSeconds(long stored) {
    if (isDate) {
      return stored * DAY;
    }
    long seconds = unit == 1 ? stored : Math.floorDiv(stored, unit);
    return seconds + offsetAt(seconds);
  }

  /// Ticks beyond the whole second of a stored value.
  public long fraction(long stored) {
    return isDate || unit == 1 ? 0 : Math.floorMod(stored, unit);
  }

  private long offsetAt(long seconds) {
    if (seconds < from || seconds >= to) {
      Instant at = Instant.ofEpochSecond(seconds);
      offset = rules.getOffset(at).getTotalSeconds();
      ZoneOffsetTransition before =
          rules.isFixedOffset() ? null : rules.previousTransition(at.plusSeconds(1));
      ZoneOffsetTransition after = rules.isFixedOffset() ? null : rules.nextTransition(at);
      from = before == null ? Long.MIN_VALUE : before.toEpochSecond();
      to = after == null ? Long.MAX_VALUE : after.toEpochSecond();
    }
    return offset;
  }

  /// The stored value of local seconds: days of a date, else seconds since the epoch. A time that a
  /// clock change skips moves on by the gap; one that it repeats is the earlier.
  public long fromLocalSeconds(long local) {
    if (isDate) {
      return Math.floorDiv(local, DAY);
    }
    long guess = local - offset;
    if (guess >= from && guess < to && guess - DAY >= from && guess + DAY < to) {
      return guess;
    }
    LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
    ZoneOffsetTransition change = rules.getTransition(time);
    return change != null && change.isGap()
        ? local - change.getOffsetBefore().getTotalSeconds()
        : local - rules.getOffset(time).getTotalSeconds();
  }
}
