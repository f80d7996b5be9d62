// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A pattern of events: `(?1)` an event of the first condition, `.` any event, `.*` any number of
/// them, `(?t>=5)` a bound of the time since the event matched before.
final class EventPattern {
  private static final Pattern PIECE =
      Pattern.compile("\\(\\?(\\d+)\\)|\\(\\?t\\s*(<=|>=|<|>|==|!=)\\s*(\\d+)\\)|(\\.\\*)|(\\.)");

  /// One piece: a condition's number, or 0 for any event, or -1 for any number of events, or -2 for
  /// a bound of time.
  private record Piece(int event, String comparison, long time) {}

  private final List<Piece> pieces;

  private EventPattern(List<Piece> pieces) {
    this.pieces = pieces;
  }

  static EventPattern parse(String text, int conditions) {
    List<Piece> pieces = new ArrayList<>();
    Matcher matcher = PIECE.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "in the pattern of sequenceMatch \""
                + text
                + "\": unexpected \""
                + text.substring(at)
                + "\"");
      }
      if (matcher.group(1) != null) {
        int event = Integer.parseInt(matcher.group(1));
        if (event < 1 || event > conditions) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "in the pattern of sequenceMatch \"" + text + "\": there is no condition " + event);
        }
        pieces.add(new Piece(event, "", 0));
      } else if (matcher.group(2) != null) {
        pieces.add(new Piece(-2, matcher.group(2), Long.parseLong(matcher.group(3))));
      } else {
        pieces.add(new Piece(matcher.group(4) != null ? -1 : 0, "", 0));
      }
      at = matcher.end();
    }
    return new EventPattern(pieces);
  }

  /// How many chains of events match, none of them sharing an event.
  long count(List<HeapValue[]> rows, boolean firstOnly) {
    List<HeapValue[]> events = new ArrayList<>();
    for (HeapValue[] row : rows) {
      for (int i = 1; i < row.length; i++) {
        if (row[i].vector().getLong(0) != 0) {
          events.add(row);
          break;
        }
      }
    }
    long count = 0;
    int from = 0;
    while (from < events.size()) {
      int end = match(events, 0, from, from);
      if (end < 0) {
        from++;
      } else {
        count++;
        from = Math.max(end, from + 1);
        if (firstOnly) {
          break;
        }
      }
    }
    return count;
  }

  /// The place after the match of the pieces from one on, or -1. `last` is the event before.
  private int match(List<HeapValue[]> events, int piece, int at, int last) {
    if (piece == pieces.size()) {
      return at;
    }
    Piece wanted = pieces.get(piece);
    if (wanted.event() == -1) {
      for (int next = at; next <= events.size(); next++) {
        int end = match(events, piece + 1, next, last);
        if (end >= 0) {
          return end;
        }
      }
      return -1;
    }
    if (wanted.event() == -2) {
      for (int next = at; next < events.size(); next++) {
        if (holds(wanted, time(events.get(next)) - time(events.get(last)))) {
          int end = match(events, piece + 1, next, last);
          if (end >= 0) {
            return end;
          }
        }
      }
      return -1;
    }
    if (at >= events.size()) {
      return -1;
    }
    boolean matches =
        wanted.event() == 0 || events.get(at)[wanted.event()].vector().getLong(0) != 0;
    return matches ? match(events, piece + 1, at + 1, at) : -1;
  }

  private static double time(HeapValue[] event) {
    return event[0].asDouble();
  }

  private static boolean holds(Piece wanted, double passed) {
    return switch (wanted.comparison()) {
      case "<" -> passed < wanted.time();
      case "<=" -> passed <= wanted.time();
      case ">" -> passed > wanted.time();
      case ">=" -> passed >= wanted.time();
      case "==" -> passed == wanted.time();
      default -> passed != wanted.time();
    };
  }
}
