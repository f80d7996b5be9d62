// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A window over a stream that readers scan in place: `bytes[from, to)`. One thread.
final class ByteInput {
  private static final int INITIAL_BYTES = 1 << 18;

  /// What one row may take, so that a stream without a line break cannot take all memory.
  private static final int MAX_ROW_BYTES = 256 << 20;

  private final InputStream in;
  byte[] bytes;
  int from;
  int to;

  /// The row under way, from 1, for messages.
  long row;

  private boolean ended;

  private boolean numbersLines;

  /// Line breaks before `counted`.
  private long breaks;

  private int counted;

  ByteInput(InputStream in) {
    this.in = in;
    this.bytes = new byte[INITIAL_BYTES];
  }

  /// A window over bytes that are there already; see [#open].
  ByteInput() {
    this.in = InputStream.nullInputStream();
    this.bytes = new byte[0];
    this.ended = true;
  }

  /// Shows other bytes, which are all there is.
  void open(byte[] range, int begin, int end) {
    bytes = range;
    from = begin;
    to = end;
    row = 0;
  }

  /// Reads more behind `to`, keeping `[from, to)`, which may move to the front. False at the end.
  boolean more() throws IOException {
    if (ended) {
      return false;
    }
    if (from > 0) {
      if (numbersLines) {
        countBreaks(from);
        counted -= from;
      }
      System.arraycopy(bytes, from, bytes, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == bytes.length) {
      if (bytes.length >= MAX_ROW_BYTES) {
        throw new VarveException(
            ErrorCode.TOO_LARGE_RECORD,
            "a row of the input is larger than "
                + (MAX_ROW_BYTES >> 20)
                + " MiB; check that the rows are separated as the format says");
      }
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    int count = in.read(bytes, to, bytes.length - to);
    if (count < 0) {
      ended = true;
      return false;
    }
    to += count;
    return true;
  }

  /// Goes on with the bytes from `end` on in another array, as somebody else keeps this one.
  void goOn(int end, byte[] other) {
    int rest = to - end;
    byte[] room = other.length >= rest ? other : new byte[Integer.highestOneBit(rest) * 2];
    System.arraycopy(bytes, end, room, 0, rest);
    bytes = room;
    from = 0;
    to = rest;
  }

  /// Must be said before the first byte is read for [#lineOf] to be right.
  void numberLines() {
    numbersLines = true;
  }

  /// The line of a place that was not yet asked for, from 1.
  long lineOf(int at) {
    countBreaks(at);
    return breaks + 1;
  }

  private void countBreaks(int to) {
    for (int i = counted; i < to; i++) {
      if (bytes[i] == '\n') {
        breaks++;
      }
    }
    counted = Math.max(counted, to);
  }

  /// Makes at least `count` bytes stand in the window.
  void require(int count, String what) throws IOException {
    while (to - from < count) {
      if (!more()) {
        throw new VarveException(
            ErrorCode.CANNOT_PARSE_INPUT, "the input ends in the middle of " + what);
      }
    }
  }

  boolean isEmpty() throws IOException {
    while (from == to) {
      if (!more()) {
        return true;
      }
    }
    return false;
  }
}
