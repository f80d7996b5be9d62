// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

/// Dates and times from text: `2024-02-29`, `2024-02-29 12:30:00.123`, a `T` instead of the blank,
/// a zone `Z` or `+02:00` behind it, or a number of seconds since the epoch.
///
/// A time without a zone is local time in the column's zone; one that a clock change skips moves
/// forward by the gap, one that it repeats is the earlier.
final class TimeText {
  private static final int NO_ZONE = Integer.MIN_VALUE;
  private static final long[] TICKS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
  };

  private static final int USUAL_BYTES = 19;
  private static final long UNUSUAL = Long.MIN_VALUE;

  private TimeText() {}

  /// Rules of a column's zone, or null for UTC, which needs no look-up.
  static ZoneRules rules(String zone) {
    if (zone.isEmpty() || zone.equals("UTC")) {
      return null;
    }
    return ZoneId.of(zone).getRules();
  }

  /// Days since the epoch of `YYYY-MM-DD`; a time of midnight behind it is allowed.
  static long day(byte[] text, int from, int end, long min, long max) {
    if (end - from < 8) {
      throw new BadValueException("");
    }
    long day = date(text, from, end);
    int at = dateEnd(text, from, end);
    if (at < end) {
      long rest = at + 9 <= end ? clock(text, at + 1, end) : -1;
      if (rest != 0 || at + 9 != end || !separates(text[at])) {
        throw new BadValueException("");
      }
    }
    if (day < min || day > max) {
      throw new BadValueException("it is out of the type's range");
    }
    return day;
  }

  /// Ticks of 10^-precision seconds since the epoch. Finer digits are cut, as a clock's are.
  static long ticks(byte[] text, int from, int end, int precision, ZoneRules rules) {
    if (end - from == USUAL_BYTES && precision == 0 && rules == null) {
      long seconds = usual(text, from);
      if (seconds != UNUSUAL) {
        return seconds;
      }
    }
    int dot = indexOf(text, from, end, (byte) '.');
    if (isUnixTime(text, from, dot < 0 ? end : dot)) {
      int whole = dot < 0 ? end : dot;
      boolean negative = text[from] == '-';
      long limit = Long.MAX_VALUE / TICKS[precision] - 1;
      long seconds = NumberParser.signed(text, from, whole, -limit, limit);
      long fraction = dot < 0 ? 0 : fraction(text, dot + 1, end, precision);
      return seconds * TICKS[precision] + (negative ? -fraction : fraction);
    }
    long day = date(text, from, end);
    int at = dateEnd(text, from, end);
    long second = 0;
    long fraction = 0;
    int offset = NO_ZONE;
    if (at < end) {
      if (!separates(text[at])) {
        throw new BadValueException("");
      }
      second = clock(text, at + 1, end);
      at = Math.min(end, at + (hasSeconds(text, at + 1, end) ? 9 : 6));
      if (at < end && text[at] == '.') {
        int digits = at + 1;
        while (digits < end && text[digits] >= '0' && text[digits] <= '9') {
          digits++;
        }
        fraction = fraction(text, at + 1, digits, precision);
        at = digits;
      }
      offset = at < end ? offset(text, at, end) : NO_ZONE;
    }
    long local = day * 86_400 + second;
    long seconds = offset != NO_ZONE ? local - offset : toEpoch(local, rules);
    return Math.addExact(Math.multiplyExact(seconds, TICKS[precision]), fraction);
  }

  /// Seconds of `YYYY-MM-DD HH:MM:SS` in UTC, or `UNUSUAL` for anything else or anything wrong.
  private static long usual(byte[] text, int from) {
    int century = twoDigits(text, from);
    int year = twoDigits(text, from + 2);
    int month = twoDigits(text, from + 5);
    int day = twoDigits(text, from + 8);
    int hour = twoDigits(text, from + 11);
    int minute = twoDigits(text, from + 14);
    int second = twoDigits(text, from + 17);
    boolean marks =
        text[from + 4] == '-'
            && text[from + 7] == '-'
            && separates(text[from + 10])
            && text[from + 13] == ':'
            && text[from + 16] == ':';
    boolean numbers = (century | year | month | day | hour | minute | second) >= 0;
    if (!marks || !numbers || month < 1 || month > 12) {
      return UNUSUAL;
    }
    if (day < 1 || day > 28 && day > daysIn(century * 100 + year, month)) {
      return UNUSUAL;
    }
    if (hour > 23 || minute > 59 || second > 59) {
      return UNUSUAL;
    }
    return epochDay(century * 100 + year, month, day) * 86_400
        + (hour * 3600 + minute * 60 + second);
  }

  /// Two digits, or something negative.
  private static int twoDigits(byte[] text, int at) {
    int tens = text[at] - '0';
    int ones = text[at + 1] - '0';
    return (tens | ones | 9 - tens | 9 - ones) < 0 ? -1 : tens * 10 + ones;
  }

  /// Ticks of 10^-precision seconds of `[-]H:MM[:SS[.f]]`, where there may be three digits of
  /// hours, or of a plain number of seconds. Finer digits are cut.
  static long span(byte[] text, int from, int end, int precision) {
    boolean negative = from < end && text[from] == '-';
    int start = negative ? from + 1 : from;
    int dot = indexOf(text, start, end, (byte) '.');
    int whole = dot < 0 ? end : dot;
    int colon = indexOf(text, start, whole, (byte) ':');
    long seconds =
        colon < 0
            ? NumberParser.signed(text, start, whole, 0, DataType.Time.MAX_SECONDS)
            : digits(text, start, colon) * 3600L + minutes(text, colon + 1, whole);
    long ticks =
        seconds * TICKS[precision] + (dot < 0 ? 0 : fraction(text, dot + 1, end, precision));
    if (colon > start + 3 || seconds > DataType.Time.MAX_SECONDS) {
      throw new BadValueException("it is out of the type's range");
    }
    return negative ? -ticks : ticks;
  }

  /// Seconds of `MM` or `MM:SS`.
  private static long minutes(byte[] text, int from, int end) {
    boolean seconds = end - from == 5 && text[from + 2] == ':';
    if (!seconds && end - from != 2) {
      throw new BadValueException("");
    }
    int minute = digits(text, from, from + 2);
    int second = seconds ? digits(text, from + 3, end) : 0;
    if (minute > 59 || second > 59) {
      throw new BadValueException("there is no such time");
    }
    return minute * 60L + second;
  }

  private static long toEpoch(long local, ZoneRules rules) {
    if (rules == null) {
      return local;
    }
    LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
    return local - rules.getOffset(time).getTotalSeconds();
  }

  private static boolean separates(byte b) {
    return b == ' ' || b == 'T' || b == 't';
  }

  private static boolean isUnixTime(byte[] text, int from, int end) {
    int at = from < end && text[from] == '-' ? from + 1 : from;
    if (at == end) {
      return false;
    }
    for (; at < end; at++) {
      if (text[at] < '0' || text[at] > '9') {
        return false;
      }
    }
    return true;
  }

  /// Days since the epoch of `YYYY-MM-DD`, with one or two digits of month and day.
  private static long date(byte[] text, int from, int end) {
    if (end - from < 8 || text[from + 4] != '-') {
      throw new BadValueException("");
    }
    int year = digits(text, from, from + 4);
    int monthEnd = text[from + 6] == '-' ? from + 6 : from + 7;
    int month = digits(text, from + 5, monthEnd);
    if (monthEnd + 1 >= end || text[monthEnd] != '-') {
      throw new BadValueException("");
    }
    int day = digits(text, monthEnd + 1, dateEnd(text, from, end));
    if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
      throw new BadValueException("there is no such day");
    }
    return epochDay(year, month, day);
  }

  private static int dateEnd(byte[] text, int from, int end) {
    int at = (text[from + 6] == '-' ? from + 6 : from + 7) + 1;
    int limit = Math.min(end, at + 2);
    while (at < limit && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at;
  }

  private static int daysIn(int year, int month) {
    boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    return switch (month) {
      case 2 -> leap ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /// Days since 1970-01-01, counted in years that begin in March so that the leap day is the last.
  private static long epochDay(int year, int month, int day) {
    int shifted = month > 2 ? year : year - 1;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long leaps = shifted / 4 - shifted / 100 + shifted / 400;
    return 365L * shifted + leaps + dayOfYear - 719_468;
  }

  private static boolean hasSeconds(byte[] text, int from, int end) {
    return end - from >= 8 && text[from + 5] == ':';
  }

  /// Seconds of the day of `HH:MM` or `HH:MM:SS`.
  private static long clock(byte[] text, int from, int end) {
    if (end - from < 5 || text[from + 2] != ':') {
      throw new BadValueException("");
    }
    int hour = digits(text, from, from + 2);
    int minute = digits(text, from + 3, from + 5);
    int second = hasSeconds(text, from, end) ? digits(text, from + 6, from + 8) : 0;
    if (hour > 23 || minute > 59 || second > 59) {
      throw new BadValueException("there is no such time of day");
    }
    return hour * 3600L + minute * 60L + second;
  }

  private static long fraction(byte[] text, int from, int end, int precision) {
    if (from == end) {
      throw new BadValueException("");
    }
    long ticks = 0;
    for (int i = 0; i < precision; i++) {
      int digit = from + i < end ? text[from + i] - '0' : 0;
      if (digit < 0 || digit > 9) {
        throw new BadValueException("");
      }
      ticks = ticks * 10 + digit;
    }
    for (int i = from + precision; i < end; i++) {
      if (text[i] < '0' || text[i] > '9') {
        throw new BadValueException("");
      }
    }
    return ticks;
  }

  /// Seconds east of Greenwich of `Z`, `UTC`, `+02:00`, `+0200` or `+02`.
  private static int offset(byte[] text, int from, int end) {
    int at = text[from] == ' ' ? from + 1 : from;
    int length = end - at;
    if (length == 1 && (text[at] | 32) == 'z'
        || length == 3 && NumberParser.ascii(text, at, end).equals("UTC")) {
      return 0;
    }
    if (length < 3 || text[at] != '+' && text[at] != '-') {
      throw new BadValueException("");
    }
    int hours = digits(text, at + 1, at + 3);
    int minuteAt = length > 3 && text[at + 3] == ':' ? at + 4 : at + 3;
    int minutes = minuteAt == end ? 0 : digits(text, minuteAt, end);
    if (hours > 18 || minutes > 59 || minuteAt != end && end - minuteAt != 2) {
      throw new BadValueException("there is no such time zone");
    }
    int seconds = hours * 3600 + minutes * 60;
    return text[at] == '-' ? -seconds : seconds;
  }

  private static int digits(byte[] text, int from, int end) {
    if (from >= end) {
      throw new BadValueException("");
    }
    int value = 0;
    for (int i = from; i < end; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new BadValueException("");
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static int indexOf(byte[] text, int from, int end, byte wanted) {
    for (int i = from; i < end; i++) {
      if (text[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
