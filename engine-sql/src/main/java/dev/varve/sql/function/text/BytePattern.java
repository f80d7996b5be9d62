// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
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

  private final Step[] steps;
  private final int first;
  private final int groups;
  private final boolean anchored;

  BytePattern(Step[] steps, int first, int groups) {
    this.steps = steps;
    this.first = first;
    this.groups = groups;
    this.anchored = steps[first] instanceof Step.Start;
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
        switch (steps[step]) {
          case Step.Literal(byte[] wanted, int next) -> {
            if (to - at < wanted.length) {
              return false;
            }
            for (int i = 0; i < wanted.length; i++) {
              if (bytes.get(JAVA_BYTE, at + i) != wanted[i]) {
                return false;
              }
            }
            at += wanted.length;
            step = next;
          }
          case Step.One(Chars chars, int next) -> {
            if (at == to || !chars.has(bytes.get(JAVA_BYTE, at))) {
              return false;
            }
            at = after(at);
            step = next;
          }
          case Step.Many many -> {
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
          case Step.Save(int slot, int next) -> {
            long before = places[slot];
            places[slot] = at;
            if (match(next, at)) {
              return true;
            }
            places[slot] = before;
            return false;
          }
          case Step.Either(int one, int other) -> {
            if (match(one, at)) {
              return true;
            }
            step = other;
          }
          case Step.Start(int next) -> {
            if (at != from) {
              return false;
            }
            step = next;
          }
          case Step.End(int next) -> {
            if (at != to) {
              return false;
            }
            step = next;
          }
          case Step.Match _ -> {
            places[1] = at;
            return true;
          }
        }
      }
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
