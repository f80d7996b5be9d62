// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.time;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// Patterns of Joda: `yyyy-MM-dd HH:mm:ss`, plain text in single quotes.
final class JodaPattern {
  private JodaPattern() {}

  /// A run of one letter, or a text to take as it is.
  private interface Piece {
    void take(char letter, int count, String literal);
  }

  private static void walk(String pattern, Piece piece) {
    for (int i = 0; i < pattern.length(); ) {
      char c = pattern.charAt(i);
      if (c == '\'') {
        int end = pattern.indexOf('\'', i + 1);
        if (end < 0) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS, "the pattern \"" + pattern + "\" has an open quote");
        }
        piece.take('\'', 0, end == i + 1 ? "'" : pattern.substring(i + 1, end));
        i = end + 1;
      } else if (c < 128 && Character.isLetter(c)) {
        int end = i;
        while (end < pattern.length() && pattern.charAt(end) == c) {
          end++;
        }
        piece.take(c, end - i, "");
        i = end;
      } else {
        piece.take('\'', 0, String.valueOf(c));
        i++;
      }
    }
  }

  private static VarveException unknown(char letter) {
    return new VarveException(
        ErrorCode.NOT_IMPLEMENTED, "the place " + letter + " of Joda's patterns is not known here");
  }

  static String format(ZonedDateTime at, String pattern) {
    StringBuilder out = new StringBuilder();
    walk(
        pattern,
        (letter, count, literal) ->
            out.append(letter == '\'' ? literal : place(at, letter, count)));
    return out.toString();
  }

  private static String place(ZonedDateTime at, char letter, int count) {
    TextStyle style = count >= 4 ? TextStyle.FULL : TextStyle.SHORT;
    return switch (letter) {
      case 'G' -> at.getYear() > 0 ? "AD" : "BC";
      case 'C' -> padded(at.getYear() / 100, count);
      case 'y', 'Y' -> count == 2 ? padded(at.getYear() % 100, 2) : padded(at.getYear(), count);
      case 'x' -> padded(at.get(IsoFields.WEEK_BASED_YEAR), count);
      case 'w' -> padded(at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), count);
      case 'e' -> padded(at.getDayOfWeek().getValue(), count);
      case 'E' -> at.getDayOfWeek().getDisplayName(style, Locale.ENGLISH);
      case 'D' -> padded(at.getDayOfYear(), count);
      case 'M' ->
          count >= 3
              ? at.getMonth().getDisplayName(style, Locale.ENGLISH)
              : padded(at.getMonthValue(), count);
      case 'd' -> padded(at.getDayOfMonth(), count);
      case 'a' -> at.getHour() < 12 ? "AM" : "PM";
      case 'K' -> padded(at.getHour() % 12, count);
      case 'h' -> padded(at.getHour() % 12 == 0 ? 12 : at.getHour() % 12, count);
      case 'H' -> padded(at.getHour(), count);
      case 'k' -> padded(at.getHour() == 0 ? 24 : at.getHour(), count);
      case 'm' -> padded(at.getMinute(), count);
      case 's' -> padded(at.getSecond(), count);
      case 'S' ->
          (String.format(Locale.ROOT, "%09d", at.getNano()) + "0".repeat(count))
              .substring(0, count);
      case 'z' -> at.getZone().getId();
      case 'Z' -> at.getOffset().getId().equals("Z") ? "+00:00" : at.getOffset().getId();
      default -> throw unknown(letter);
    };
  }

  private static String padded(int value, int digits) {
    return String.format(Locale.ROOT, "%0" + Math.max(1, digits) + "d", value);
  }

  static BestEffort.Moment parse(String text, String pattern) {
    TimeReader reader = new TimeReader(text, pattern);
    walk(
        pattern,
        (letter, count, literal) -> {
          if (letter == '\'') {
            literal.chars().forEach(c -> reader.literal((char) c));
          } else {
            read(reader, letter, count);
          }
        });
    return reader.moment();
  }

  private static void read(TimeReader reader, char letter, int count) {
    switch (letter) {
      case 'y', 'Y' -> {
        int year = reader.number(count == 2 ? 2 : 1, count == 2 ? 2 : 4);
        reader.year = count == 2 ? year + (year < 70 ? 2000 : 1900) : year;
      }
      case 'x' -> reader.year = reader.number(1, 4);
      case 'w' -> reader.week = reader.number(1, 2);
      case 'e' -> reader.weekday = reader.number(1, 1);
      case 'E' -> reader.weekday = reader.name(false);
      case 'D' -> reader.dayOfYear = reader.number(1, 3);
      case 'M' -> reader.month = count >= 3 ? reader.name(true) : reader.number(1, 2);
      case 'd' -> reader.day = reader.number(1, 2);
      case 'a' -> reader.half();
      case 'h', 'K' -> {
        reader.hour = reader.number(1, 2);
        reader.hasHalf = true;
      }
      case 'H', 'k' -> reader.hour = reader.number(1, 2) % 24;
      case 'm' -> reader.minute = reader.number(1, 2);
      case 's' -> reader.second = reader.number(1, 2);
      case 'S' -> reader.nanos = reader.fraction(count);
      case 'Z' -> reader.zone();
      default -> throw unknown(letter);
    }
  }
}
