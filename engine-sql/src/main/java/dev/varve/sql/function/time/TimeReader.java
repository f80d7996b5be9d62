// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// The fields of a time as a pattern meets them in a text.
final class TimeReader {
  private final String text;
  private final String pattern;
  private int at;
  int year = 1970;
  int month = 1;
  int day = 1;
  int dayOfYear;
  int week;
  int weekday = 1;
  int hour;
  int minute;
  int second;
  int nanos;
  boolean isPm;
  boolean hasHalf;
  ZoneOffset offset;

  TimeReader(String text, String pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  VarveException bad() {
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT,
        "cannot read \"" + text + "\" as a time by the pattern \"" + pattern + "\"");
  }

  int number(int least, int most) {
    int end = at;
    while (end < text.length() && end - at < most && Character.isDigit(text.charAt(end))) {
      end++;
    }
    if (end - at < least) {
      throw bad();
    }
    int value = Integer.parseInt(text.substring(at, end));
    at = end;
    return value;
  }

  int fraction(int most) {
    int from = at;
    number(1, most);
    return Integer.parseInt((text.substring(from, at) + "000000000").substring(0, 9));
  }

  void literal(char wanted) {
    if (at >= text.length() || text.charAt(at) != wanted) {
      throw bad();
    }
    at++;
  }

  void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  /// The number, from 1, of a month's or weekday's name.
  int name(boolean months) {
    for (TextStyle style : new TextStyle[] {TextStyle.FULL, TextStyle.SHORT}) {
      for (int i = 1; i <= (months ? 12 : 7); i++) {
        String name =
            months
                ? java.time.Month.of(i).getDisplayName(style, Locale.ENGLISH)
                : java.time.DayOfWeek.of(i).getDisplayName(style, Locale.ENGLISH);
        if (text.regionMatches(true, at, name, 0, name.length())) {
          at += name.length();
          return i;
        }
      }
    }
    throw bad();
  }

  void half() {
    if (!text.regionMatches(true, at, "AM", 0, 2) && !text.regionMatches(true, at, "PM", 0, 2)) {
      throw bad();
    }
    isPm = text.regionMatches(true, at, "PM", 0, 2);
    hasHalf = true;
    at += 2;
  }

  void zone() {
    int sign = at < text.length() && text.charAt(at) == '-' ? -1 : 1;
    literal(sign < 0 ? '-' : '+');
    int hours = number(2, 2);
    if (at < text.length() && text.charAt(at) == ':') {
      at++;
    }
    offset = ZoneOffset.ofTotalSeconds(sign * (hours * 3600 + number(2, 2) * 60));
  }

  BestEffort.Moment moment() {
    if (at < text.length()) {
      throw bad();
    }
    try {
      int ofDay = hasHalf ? hour % 12 + (isPm ? 12 : 0) : hour;
      LocalDate date =
          dayOfYear > 0
              ? LocalDate.ofYearDay(year, dayOfYear)
              : week > 0
                  ? LocalDate.of(year, 1, 4)
                      .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, week)
                      .with(java.time.temporal.ChronoField.DAY_OF_WEEK, weekday)
                  : LocalDate.of(year, month, day);
      return new BestEffort.Moment(
          LocalDateTime.of(date, java.time.LocalTime.of(ofDay, minute, second, nanos)), offset);
    } catch (DateTimeException e) {
      throw bad();
    }
  }
}
