// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.io.IOException;
import java.util.Arrays;

/// Lines of a stream, and the fields of a line with tabs between them. One thread; the bytes of a
/// line stand where they are until the next.
final class TabSeparatedLines {
  private final ByteInput input;
  private byte[] field = new byte[256];
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
      for (int i = input.from + scanned; i < input.to; i++) {
        if (bytes[i] == '\n') {
          start = input.from;
          input.from = i + 1;
          end = i > start && bytes[i - 1] == '\r' ? i - 1 : i;
          return true;
        }
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
    int stop = from;
    while (stop < end && input.bytes[stop] != '\t') {
      stop++;
    }
    return stop;
  }

  /// Whether `\N` stands here.
  boolean isNull(int from) {
    return input.bytes[from] == '\\' && input.bytes[from + 1] == 'N';
  }

  /// The field that was last made plain.
  byte[] field() {
    return field;
  }

  /// Copies a field without its escapes to [#field()]; returns its length.
  int unescape(int from, int stop) {
    int length = 0;
    for (int at = from; at < stop; at++) {
      byte b = input.bytes[at];
      if (b == '\\' && at + 1 < stop) {
        b = escape(input.bytes[++at]);
      }
      if (length == field.length) {
        field = Arrays.copyOf(field, length * 2);
      }
      field[length++] = b;
    }
    return length;
  }

  private static byte escape(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> 0;
      case 'a' -> 7;
      case 'v' -> 11;
      default -> letter;
    };
  }
}
