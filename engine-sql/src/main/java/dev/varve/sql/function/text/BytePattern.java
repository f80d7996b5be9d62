// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// A regular expression that is matched on UTF-8 bytes where they lie, without making strings.
///
/// It knows the plain part of RE2's language: literals, classes, groups, alternatives, greedy
/// repetition of single characters and `?` of groups, `^` and `$` of the whole text. What it finds
/// is what RE2 finds: the leftmost match, of those the one that comes first in the order of the
/// pattern. It tries and goes back, so a budget of steps stands against patterns that would go back
/// for ever; the caller then asks the other engine. Safe for threads; a [Search] is not.
final class BytePattern {
  /// A character that bytes from 0 to 127 are looked up for; all others answer with [#others].
  record Chars(long low, long high, boolean others) {
    boolean has(byte b) {
      return b < 0 ? others : ((b < 64 ? low : high) >>> b & 1) != 0;
    }

    /// The one ASCII character that it does not have, or -1.
    int onlyMissing() {
      int missing = Long.bitCount(~low) + Long.bitCount(~high);
      if (!others || missing != 1) {
        return -1;
      }
      return low != -1 ? Long.numberOfTrailingZeros(~low) : 64 + Long.numberOfTrailingZeros(~high);
    }
  }

  /// A step of the program; the step behind it is `next`, the end is where `next` is -1.
  sealed interface Step {
    record Literal(byte[] bytes, int next) implements Step {}

    record One(Chars chars, int next) implements Step {}

    /// As many as there are, at least `least` and at most `most`, fewer if the rest then fits.
    record Many(Chars chars, int least, int most, boolean possessive, int stop, int next)
        implements Step {}

    record Save(int slot, int next) implements Step {}

    /// First the one way, then the other.
    record Either(int first, int second) implements Step {}

    record Start(int next) implements Step {}

    record End(int next) implements Step {}

    record Match() implements Step {}
  }

  // What [#match] does by number: a switch over the steps themselves costs more than most of them.
  private static final int LITERAL = 0;
  private static final int ONE = 1;
  private static final int MANY = 2;
  private static final int SAVE = 3;
  private static final int EITHER = 4;
  private static final int START = 5;
  private static final int END = 6;
  private static final int MATCH = 7;

  private final Step[] steps;
  private final int[] kinds;
  // Of a literal of at most eight bytes these bytes, and which of a word they are; else 0.
  private final long[] words;
  private final long[] wordMasks;
  private final int first;
  private final int groups;
  private final boolean anchored;

  BytePattern(Step[] steps, int first, int groups) {
    this.steps = steps;
    this.first = first;
    this.groups = groups;
    this.anchored = steps[first] instanceof Step.Start;
    this.kinds = Arrays.stream(steps).mapToInt(BytePattern::kind).toArray();
    this.words = new long[steps.length];
    this.wordMasks = new long[steps.length];
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] instanceof Step.Literal(byte[] bytes, int _) && bytes.length <= 8) {
        for (int b = 0; b < bytes.length; b++) {
          words[i] |= (bytes[b] & 0xFFL) << 8 * b;
          wordMasks[i] |= 0xFFL << 8 * b;
        }
      }
    }
  }

  private static int kind(Step step) {
    return switch (step) {
      case Step.Literal _ -> LITERAL;
      case Step.One _ -> ONE;
      case Step.Many _ -> MANY;
      case Step.Save _ -> SAVE;
      case Step.Either _ -> EITHER;
      case Step.Start _ -> START;
      case Step.End _ -> END;
      case Step.Match _ -> MATCH;
    };
  }

  /// The pattern, if it is one of those that bytes can be matched with.
  static Optional<BytePattern> of(String pattern) {
    return new BytePatternParser(pattern).parse();
  }

  int groups() {
    return groups;
  }

  Search search() {
    return new Search();
  }

  /// Looks for matches, in one thread.
  final class Search {
    /// Begin and end of the match and of each group; -1 where a group took no part.
    private final long[] places = new long[2 * groups + 2];

    private MemorySegment bytes;
    private long from;
    private long to;
    private long budget;

    /// Finds the first match that begins at `at` or later, in the text `[from, to)`.
    ///
    /// @return 1 for found, 0 for none, -1 where the budget did not suffice
    int find(MemorySegment text, long start, long end, long at) {
      bytes = text;
      from = start;
      to = end;
      budget = 256 + 32 * (end - start);
      long last = anchored ? start : end;
      for (long begin = at; begin <= last; begin++) {
        if (begin > start && begin < end && isInside(begin)) {
          continue;
        }
        for (int i = 2; i < places.length; i++) {
          places[i] = -1;
        }
        if (match(first, begin)) {
          places[0] = begin;
          return 1;
        }
        if (budget < 0) {
          return -1;
        }
      }
      return 0;
    }

    /// Begin of a group (0 is the match), or -1.
    long begin(int group) {
      return places[2 * group];
    }

    long end(int group) {
      return places[2 * group + 1];
    }

    /// Whether a character began before this byte.
    private boolean isInside(long at) {
      return (bytes.get(JAVA_BYTE, at) & 0xC0) == 0x80;
    }

    private boolean match(int start, long begin) {
      int step = start;
      long at = begin;
      while (true) {
        if (--budget < 0) {
          return false;
        }
        switch (kinds[step]) {
          case LITERAL -> {
            Step.Literal literal = (Step.Literal) steps[step];
            if (!isAt(literal.bytes, step, at)) {
              return false;
            }
            at += literal.bytes.length;
            step = literal.next;
          }
          case ONE -> {
            Step.One one = (Step.One) steps[step];
            if (at == to || !one.chars.has(bytes.get(JAVA_BYTE, at))) {
              return false;
            }
            at = after(at);
            step = one.next;
          }
          case MANY -> {
            Step.Many many = (Step.Many) steps[step];
            long end = run(many, at);
            if (end < 0) {
              return false;
            }
            if (!many.possessive) {
              return giveBack(many, at, end);
            }
            at = end;
            step = many.next;
          }
          case SAVE -> {
            return save((Step.Save) steps[step], at);
          }
          case EITHER -> {
            Step.Either either = (Step.Either) steps[step];
            if (match(either.first, at)) {
              return true;
            }
            step = either.second;
          }
          case START -> {
            if (at != from) {
              return false;
            }
            step = ((Step.Start) steps[step]).next;
          }
          case END -> {
            if (at != to) {
              return false;
            }
            step = ((Step.End) steps[step]).next;
          }
          case MATCH -> {
            places[1] = at;
            return true;
          }
          default -> throw new IllegalStateException("a step of kind " + kinds[step]);
        }
      }
    }

    private boolean save(Step.Save save, long at) {
      long before = places[save.slot];
      places[save.slot] = at;
      if (match(save.next, at)) {
        return true;
      }
      places[save.slot] = before;
      return false;
    }

    /// Whether the literal of a step stands at a place.
    private boolean isAt(byte[] wanted, int step, long at) {
      if (to - at < wanted.length) {
        return false;
      }
      if (wordMasks[step] != 0 && to - at >= 8) {
        return ((bytes.get(Vector.I64, at) ^ words[step]) & wordMasks[step]) == 0;
      }
      for (int i = 0; i < wanted.length; i++) {
        if (bytes.get(JAVA_BYTE, at + i) != wanted[i]) {
          return false;
        }
      }
      return true;
    }

    private long after(long at) {
      long next = at + 1;
      if (bytes.get(JAVA_BYTE, at) < 0) {
        while (next < to && isInside(next)) {
          next++;
        }
      }
      return next;
    }

    /// Where the longest run from `at` ends, or -1 where it is too short.
    private long run(Step.Many many, long at) {
      if (many.most == Integer.MAX_VALUE && many.least <= 1) {
        long end = many.stop >= 0 ? until((byte) many.stop, at) : whileIn(many.chars, at);
        return end - at < many.least ? -1 : end;
      }
      long end = at;
      int count = 0;
      while (count < many.most && end < to && many.chars.has(bytes.get(JAVA_BYTE, end))) {
        end = after(end);
        count++;
      }
      budget -= count >> 3;
      return count < many.least ? -1 : end;
    }

    private long whileIn(Chars chars, long at) {
      long end = at;
      while (end < to && chars.has(bytes.get(JAVA_BYTE, end))) {
        end++;
      }
      budget -= end - at >> 3;
      return end;
    }

    /// The place of the first such byte, or the end: eight bytes at a time.
    private long until(byte stop, long at) {
      long broadcast = (stop & 0xFF) * 0x0101010101010101L;
      long end = at;
      for (; end + 8 <= to; end += 8) {
        long word = bytes.get(Vector.I64, end) ^ broadcast;
        long zero = word - 0x0101010101010101L & ~word & 0x8080808080808080L;
        if (zero != 0) {
          return end + (Long.numberOfTrailingZeros(zero) >>> 3);
        }
      }
      while (end < to && bytes.get(JAVA_BYTE, end) != stop) {
        end++;
      }
      budget -= end - at >> 3;
      return end;
    }

    private boolean giveBack(Step.Many many, long at, long longest) {
      long least = at;
      for (int i = 0; i < many.least; i++) {
        least = after(least);
      }
      long end = longest;
      while (true) {
        if (match(many.next, end)) {
          return true;
        }
        if (end <= least || budget < 0) {
          return false;
        }
        end--;
        while (end > least && isInside(end)) {
          end--;
        }
      }
    }
  }
}
