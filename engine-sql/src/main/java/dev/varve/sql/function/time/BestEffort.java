// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// Reads dates and times as people write them: ISO 8601, RFC 1123, `18/08/2018 07:22`, seconds
/// since 1970, names of months.
final class BestEffort {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  /// What was read.
  ///
  /// @param offset null where the text names no zone
  record Moment(LocalDateTime local, ZoneOffset offset) {
    LocalDate toLocalDate() {
      return local.toLocalDate();
    }

    Instant instant(ZoneId zone) {
      return offset == null ? local.atZone(zone).toInstant() : local.toInstant(offset);
    }
  }

  private final String text;
  private final boolean monthFirst;
  private int at;
  private int year;
  private int month;
  private int day;
  private int hour;
  private int minute;
  private int second;
  private int nanos;
  private boolean hasTime;
  private ZoneOffset offset;

  private BestEffort(String text, boolean monthFirst) {
    this.text = text;
    this.monthFirst = monthFirst;
  }

  /// @param monthFirst whether 02/03 is the third of February
  /// @throws VarveException CANNOT_PARSE_INPUT
  static Moment parse(String text, boolean monthFirst) {
    return new BestEffort(text, monthFirst).read();
  }

  private VarveException bad() {
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT, "cannot read \"" + text + "\" as a date and time");
  }

  private Moment read() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        Moment whole = number();
        if (whole != null) {
          return whole;
        }
      } else if (Character.isLetter(c)) {
        word();
      } else if ((c == '+' || c == '-') && hasTime) {
        zone();
      } else if (" ,()".indexOf(c) >= 0 || c == '-' && month == 0) {
        at++;
      } else {
        throw bad();
      }
    }
    if (day == 0 && month == 0 && year == 0 && !hasTime) {
      throw bad();
    }
    try {
      int ofYear = year == 0 ? LocalDate.now(ZoneOffset.UTC).getYear() : year;
      return new Moment(
          LocalDateTime.of(
              ofYear, Math.max(1, month), Math.max(1, day), hour, minute, second, nanos),
          offset);
    } catch (DateTimeException e) {
      throw bad();
    }
  }

  private int digits() {
    int end = at;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end - at;
  }

  private int take(int digits) {
    int value = Integer.parseInt(text.substring(at, at + digits));
    at += digits;
    return value;
  }

  private boolean isNext(String characters) {
    return at < text.length() && characters.indexOf(text.charAt(at)) >= 0;
  }

  private Moment number() {
    int digits = digits();
    switch (digits) {
      case 13 -> {
        return unix(Long.parseLong(text.substring(at, at + 13)), 1000, 13);
      }
      case 9, 10 -> {
        return unix(Long.parseLong(text.substring(at, at + digits)), 1, digits);
      }
      case 14 -> {
        date8();
        clock6();
      }
      case 8 -> date8();
      case 6 -> {
        if (year == 0) {
          year = take(4);
          month = take(2);
        } else {
          clock6();
        }
      }
      case 4 -> {
        if (year != 0) {
          hour = take(2);
          minute = take(2);
          hasTime = true;
        } else {
          year = take(4);
          afterYear();
        }
      }
      case 1, 2 -> small(digits);
      default -> throw bad();
    }
    return null;
  }

  private Moment unix(long value, long perSecond, int digits) {
    at += digits;
    long fraction = value % perSecond * (1_000_000_000L / perSecond);
    if (isNext(".")) {
      at++;
      fraction = fraction(digits());
    }
    if (at < text.length()) {
      throw bad();
    }
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(value / perSecond, (int) fraction, ZoneOffset.UTC);
    return new Moment(local, ZoneOffset.UTC);
  }

  private void date8() {
    year = take(4);
    month = take(2);
    day = take(2);
  }

  private void clock6() {
    hour = take(2);
    minute = take(2);
    second = take(2);
    hasTime = true;
    fractionIfAny();
  }

  private int fraction(int digits) {
    String shown = (text.substring(at, at + digits) + "000000000").substring(0, 9);
    at += digits;
    return Integer.parseInt(shown);
  }

  private void fractionIfAny() {
    if (isNext(".")) {
      at++;
      nanos = fraction(digits());
    }
  }

  // Behind a year: -MM-DD, /M/D, or a month's name.
  private void afterYear() {
    if (!isNext("-/.:")) {
      return;
    }
    at++;
    if (at < text.length() && Character.isLetter(text.charAt(at))) {
      word();
    } else {
      month = take(upTo2());
    }
    if (isNext("-/.:")) {
      at++;
      day = take(upTo2());
    }
  }

  private int upTo2() {
    int digits = digits();
    if (digits < 1 || digits > 2) {
      throw bad();
    }
    return digits;
  }

  private void small(int digits) {
    int value = take(digits);
    if (isNext(":") && !hasTime) {
      at++;
      hour = value;
      minute = take(upTo2());
      if (isNext(":")) {
        at++;
        second = take(upTo2());
        fractionIfAny();
      }
      hasTime = true;
    } else if (isNext("/-.") && day == 0 && year == 0) {
      at++;
      if (at < text.length() && Character.isLetter(text.charAt(at))) {
        day = value;
        word();
      } else {
        int other = take(upTo2());
        boolean first = monthFirst && value <= 12 || other > 12;
        month = first ? value : other;
        day = first ? other : value;
      }
      if (isNext("/-.")) {
        at++;
        int wide = digits();
        year = take(wide);
        year += wide == 2 ? year < 70 ? 2000 : 1900 : 0;
      }
    } else if (day == 0) {
      day = value;
    } else if (!hasTime) {
      hour = value;
      hasTime = true;
    } else {
      throw bad();
    }
  }

  private void word() {
    int end = at;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    String word = text.substring(at, end).toLowerCase(Locale.ROOT);
    String three = word.substring(0, Math.min(3, word.length()));
    at = end;
    if (MONTHS.contains(three)) {
      month = MONTHS.indexOf(three) + 1;
      at += isNext("-") ? 1 : 0;
    } else if (word.equals("am") || word.equals("pm")) {
      hour = hour % 12 + (word.equals("pm") ? 12 : 0);
    } else if (word.equals("z") || word.equals("utc") || word.equals("gmt")) {
      offset = ZoneOffset.UTC;
      hasTime = true;
    } else if (word.equals("msk")) {
      offset = ZoneOffset.ofHours(3);
    } else if (!DAYS.contains(three) && !word.equals("t")) {
      throw bad();
    }
  }

  private void zone() {
    int sign = text.charAt(at++) == '-' ? -1 : 1;
    int digits = digits();
    int hours;
    int minutes = 0;
    if (digits == 4) {
      hours = take(2);
      minutes = take(2);
    } else {
      hours = take(upTo2());
      if (isNext(":")) {
        at++;
        minutes = take(upTo2());
      }
    }
    offset = ZoneOffset.ofTotalSeconds(sign * (hours * 3600 + minutes * 60));
  }
}
