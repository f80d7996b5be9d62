// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Looks for a piece in the codes of an [FsstTable], without decoding them: it says where a piece
/// may be, and that it is nowhere else. Immutable.
///
/// A match begins in a code whose symbol ends as the piece begins, and goes on in the code behind
/// it; or it lies in one symbol; or it begins in an escaped byte. Places where two codes say so are
/// few, and only there bytes are compared.
final class FsstSearch {
  /// What is looked for of a longer piece.
  private static final int MOST_BYTES = 64;

  /// The wide loop is slow before it is compiled, and only its being run has it compiled. So it
  /// does the first words of each run of codes, and the others if the clock says that it is fast.
  private static final int TRIED_WORDS = 16;

  private static final long SLOW_NANOS = 500;

  private final boolean hasKernel = FsstSearch.hasKernel();
  private final byte[] piece;
  private final FsstTable table;

  /// For each state of a match (bytes found), the state to fall back to.
  private final int[] failures;

  /// Sets of codes, a bit for each: whose symbol ends as the piece begins; that may stand behind
  /// one of those; that hold all of it.
  private final byte[] opening = new byte[32];

  private final byte[] following = new byte[32];
  private final byte[] holding = new byte[32];

  FsstSearch(FsstTable table, byte[] piece) {
    this.table = table;
    this.piece = Arrays.copyOf(piece, Math.min(piece.length, MOST_BYTES));
    this.failures = failures(this.piece);
    for (int code = 0; code < table.count(); code++) {
      int state = run(code, 0);
      if (state == this.piece.length) {
        add(holding, code);
      } else if (state > 0) {
        add(opening, code);
      }
      if (follows(code)) {
        add(following, code);
      }
    }
    add(following, FsstTable.ESCAPE);
  }

  boolean isFor(byte[] other) {
    int length = Math.min(other.length, MOST_BYTES);
    return length == piece.length && Arrays.equals(piece, 0, length, other, 0, length);
  }

  /// False where the processor cannot do it, or the JVM was started without the Vector API.
  static boolean hasKernel() {
    boolean hasApi = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return hasApi && FsstKernels.isSupported();
  }

  private static int[] failures(byte[] piece) {
    int[] failures = new int[piece.length];
    int state = 0;
    for (int i = 1; i < piece.length; i++) {
      while (state > 0 && piece[i] != piece[state]) {
        state = failures[state - 1];
      }
      state += piece[i] == piece[state] ? 1 : 0;
      failures[i] = state;
    }
    return failures;
  }

  private static void add(byte[] codes, int code) {
    codes[code >>> 3] |= (byte) (1 << (code & 7));
  }

  private static boolean has(byte[] codes, int code) {
    return (codes[code >>> 3] >>> (code & 7) & 1) != 0;
  }

  /// How much of the piece stands at the end, once a byte came; all of it stays all of it.
  private int step(int found, byte next) {
    int state = found;
    if (state == piece.length) {
      return state;
    }
    while (state > 0 && piece[state] != next) {
      state = failures[state - 1];
    }
    return piece[state] == next ? state + 1 : 0;
  }

  private int run(int code, int found) {
    int state = found;
    long symbol = table.symbol(code);
    for (int i = 0; i < table.length(code); i++) {
      state = step(state, (byte) (symbol >>> 8 * i));
    }
    return state;
  }

  /// Whether a symbol goes on with the piece behind its first bytes, for any number of them.
  private boolean follows(int code) {
    long symbol = table.symbol(code);
    for (int from = 1; from < piece.length; from++) {
      int shared = Math.min(table.length(code), piece.length - from);
      int i = 0;
      while (i < shared && (byte) (symbol >>> 8 * i) == piece[from + i]) {
        i++;
      }
      if (i == shared) {
        return true;
      }
    }
    return false;
  }

  /// The places where a match may begin: bit `i` of word `i / 64` for code `i`.
  long[] starts(MemorySegment codes) {
    int count = (int) codes.byteSize();
    long[] starts = new long[(count + 63) >>> 6];
    int words = hasKernel && count > 0 ? (count - 1) >>> 6 : 0;
    int tried = Math.min(words, TRIED_WORDS);
    if (tried > 0) {
      long before = System.nanoTime();
      startsWide(codes, 0, tried, starts);
      boolean isCompiled = System.nanoTime() - before < tried * SLOW_NANOS;
      tried = isCompiled ? words : tried;
      startsWide(codes, Math.min(words, TRIED_WORDS), tried, starts);
    }
    starts(codes, tried << 6, count, starts);
    return starts;
  }

  /// As [#starts(MemorySegment)], for words `[first, end)`, which are not the last.
  void startsWide(MemorySegment codes, int first, int end, long[] starts) {
    if (first < end) {
      FsstKernels.starts(codes, first, end, opening, following, holding, piece[0], starts);
    }
  }

  /// As [#starts(MemorySegment)], code by code.
  void starts(MemorySegment codes, int from, int count, long[] starts) {
    for (int i = from; i < count; i++) {
      int code = codes.get(JAVA_BYTE, i) & 0xFF;
      boolean isStart = has(holding, code);
      if (!isStart && i + 1 < count) {
        byte next = codes.get(JAVA_BYTE, i + 1);
        isStart =
            has(opening, code) && has(following, next & 0xFF)
                || code == FsstTable.ESCAPE && next == piece[0];
      }
      starts[i >>> 6] |= isStart ? 1L << i : 0;
    }
  }

  /// Whether the strings of these codes, one behind the other, hold the piece.
  boolean isIn(MemorySegment codes, int from, int to, long[] starts) {
    int at = from;
    while (at < to) {
      long word = starts[at >>> 6] >>> at;
      if (word == 0) {
        at = (at | 63) + 1;
        continue;
      }
      at += Long.numberOfTrailingZeros(word);
      if (at < to && matches(codes, at, to)) {
        return true;
      }
      at++;
    }
    return false;
  }

  /// Whether a match begins in the code at this place and ends before `to`.
  private boolean matches(MemorySegment codes, int place, int to) {
    int state = 0;
    int at = place;
    do {
      int code = codes.get(JAVA_BYTE, at++) & 0xFF;
      if (code != FsstTable.ESCAPE) {
        state = run(code, state);
      } else if (at < to) {
        state = step(state, codes.get(JAVA_BYTE, at++));
      }
    } while (state > 0 && state < piece.length && at < to);
    return state == piece.length;
  }
}
