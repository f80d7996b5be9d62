// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;

/// Patterns of MySQL for reading: `%Y-%m-%d %H:%i:%s`.
final class MysqlPattern {
  private MysqlPattern() {}

  static BestEffort.Moment parse(String text, String pattern) {
    TimeReader reader = new TimeReader(text, pattern);
    read(reader, pattern);
    return reader.moment();
  }

  private static void read(TimeReader reader, String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%' && i + 1 < pattern.length()) {
        place(reader, pattern.charAt(++i));
      } else if (c == ' ') {
        reader.blanks();
      } else {
        reader.literal(c);
      }
    }
  }

  private static void place(TimeReader reader, char place) {
    switch (place) {
      case 'Y' -> reader.year = reader.number(4, 4);
      case 'y' -> {
        int year = reader.number(2, 2);
        reader.year = year + (year < 70 ? 2000 : 1900);
      }
      case 'm' -> reader.month = reader.number(2, 2);
      case 'c' -> reader.month = reader.number(1, 2);
      case 'd' -> reader.day = reader.number(2, 2);
      case 'e' -> {
        reader.blanks();
        reader.day = reader.number(1, 2);
      }
      case 'j' -> reader.dayOfYear = reader.number(3, 3);
      case 'M', 'b' -> reader.month = reader.name(true);
      case 'W', 'a' -> reader.weekday = reader.name(false);
      case 'u' -> reader.weekday = reader.number(1, 1);
      case 'w' -> reader.weekday = (reader.number(1, 1) + 6) % 7 + 1;
      case 'V' -> reader.week = reader.number(2, 2);
      case 'G' -> reader.year = reader.number(4, 4);
      case 'H', 'k' -> reader.hour = reader.number(place == 'H' ? 2 : 1, 2);
      case 'h', 'I', 'l' -> {
        reader.hour = reader.number(place == 'l' ? 1 : 2, 2);
        reader.hasHalf = true;
      }
      case 'i' -> reader.minute = reader.number(2, 2);
      case 's', 'S' -> reader.second = reader.number(2, 2);
      case 'f' -> reader.nanos = reader.fraction(6);
      case 'p' -> reader.half();
      case 'z' -> reader.zone();
      case 'F' -> read(reader, "%Y-%m-%d");
      case 'D' -> read(reader, "%m/%d/%y");
      case 'T' -> read(reader, "%H:%i:%S");
      case 'R' -> read(reader, "%H:%i");
      case 'r' -> read(reader, "%h:%i %p");
      case 'n', 't' -> reader.blanks();
      case '%' -> reader.literal('%');
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS, "parseDateTime knows no place %" + place);
    }
  }
}
