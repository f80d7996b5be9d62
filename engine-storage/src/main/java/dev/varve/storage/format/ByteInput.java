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
