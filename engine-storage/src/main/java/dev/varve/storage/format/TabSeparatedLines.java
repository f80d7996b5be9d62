// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.io.IOException;

/// Lines of a stream, and the fields of a line with tabs between them. One thread; the bytes of a
/// line stand where they are until the next.
final class TabSeparatedLines {
  private final ByteInput input;
  private final ByteSink plain = new ByteSink();
  private int start;
  private int end;

  TabSeparatedLines(ByteInput input) {
    this.input = input;
  }

  /// Goes to the next line; false at the end.
  boolean next() throws IOException {
    int scanned = 0;
    while (true) {
      byte[] bytes = input.bytes;
      int stop = ByteSearch.first(bytes, input.from + scanned, input.to, (byte) '\n');
      if (stop < input.to) {
        start = input.from;
        input.from = stop + 1;
        end = stop > start && bytes[stop - 1] == '\r' ? stop - 1 : stop;
        return true;
      }
      scanned = input.to - input.from;
      if (!input.more()) {
        start = input.from;
        end = input.to;
        input.from = input.to;
        return scanned > 0;
      }
    }
  }

  byte[] bytes() {
    return input.bytes;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /// Where the field that begins here ends.
  int fieldEnd(int from) {
    return ByteSearch.first(input.bytes, from, end, (byte) '\t');
  }

  /// Whether `\N` stands here.
  boolean isNull(int from) {
    return input.bytes[from] == '\\' && input.bytes[from + 1] == 'N';
  }

  /// The field that was last made plain.
  byte[] field() {
    return plain.array();
  }

  /// Copies a field without its escapes to [#field()]; returns its length.
  int unescape(int from, int stop) {
    plain.clear();
    int at = from;
    while (at < stop) {
      byte b = input.bytes[at++];
      if (b == '\\' && at < stop) {
        at = TextEscapes.append(input.bytes, at, stop, plain);
      } else {
        plain.put(b);
      }
    }
    return plain.size();
  }
}
