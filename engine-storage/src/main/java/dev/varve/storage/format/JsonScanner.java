// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads JSON from bytes, from left to right, without making objects: a string or number is a range
/// of bytes. One thread.
final class JsonScanner {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';

  private byte[] text;
  private int start;
  private int end;
  private int at;
  private byte[] decoded = new byte[256];

  /// The bytes of the last string, and their range: in the text itself, or decoded.
  byte[] value;

  int valueFrom;
  int valueEnd;

  void open(byte[] bytes, int from, int to) {
    text = bytes;
    start = from;
    at = from;
    end = to;
  }

  int position() {
    return at;
  }

  void moveTo(int position) {
    at = position;
  }

  byte[] text() {
    return text;
  }

  /// Skips what may stand between rows. False at the end.
  boolean nextRow() {
    while (at < end) {
      byte b = text[at];
      if (b > ' ' && b != ',' && b != '[' && b != ']') {
        return true;
      }
      if (b < 0) {
        return true;
      }
      at++;
    }
    return false;
  }

  /// The next byte that is not a blank; it is not taken. 0 at the end.
  byte peek() {
    while (at < end) {
      byte b = text[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
      at++;
    }
    return 0;
  }

  void expect(char wanted) {
    if (peek() != wanted) {
      throw unexpected("'" + wanted + "'");
    }
    at++;
  }

  boolean skip(char wanted) {
    if (peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  /// Takes a string; its bytes are [#value] from [#valueFrom] to [#valueEnd].
  void string() {
    expect('"');
    int from = at;
    int i = at;
    while (i + 8 <= end) {
      long word = (long) WORD.get(text, i);
      long hit = zeroBytes(word ^ QUOTES) | zeroBytes(word ^ BACKSLASHES);
      if (hit != 0) {
        i += Long.numberOfTrailingZeros(hit) >>> 3;
        break;
      }
      i += 8;
    }
    while (i < end && text[i] != '"' && text[i] != '\\') {
      i++;
    }
    if (i < end && text[i] == '"') {
      value = text;
      valueFrom = from;
      valueEnd = i;
      at = i + 1;
      return;
    }
    escapedString(from, i);
  }

  /// The lowest set bit is in the lowest zero byte; bits above it may be wrong, nobody looks at
  /// them.
  private static long zeroBytes(long word) {
    return (word - ONES) & ~word & HIGHS;
  }

  private void escapedString(int from, int firstEscape) {
    int length = 0;
    int copied = from;
    int i = firstEscape;
    while (i < end && text[i] != '"') {
      if (text[i] != '\\') {
        i++;
        continue;
      }
      length = append(copied, i, length);
      if (i + 1 >= end) {
        break;
      }
      if (text[i + 1] == 'u') {
        at = i;
        int point = codePoint(i);
        i += point >= 0x10000 ? 12 : 6;
        length = appendUtf8(point, length);
      } else {
        reserve(length + 1);
        decoded[length++] = escape(i);
        i += 2;
      }
      copied = i;
    }
    if (i >= end) {
      at = end;
      throw unexpected("the closing quote of a string");
    }
    length = append(copied, i, length);
    value = decoded;
    valueFrom = 0;
    valueEnd = length;
    at = i + 1;
  }

  private int append(int from, int to, int length) {
    reserve(length + to - from + 4);
    System.arraycopy(text, from, decoded, length, to - from);
    return length + to - from;
  }

  private void reserve(int length) {
    if (length + 4 > decoded.length) {
      decoded = Arrays.copyOf(decoded, Math.max(length + 4, decoded.length * 2));
    }
  }

  private byte escape(int backslash) {
    return switch (text[backslash + 1]) {
      case '"', '\\', '/', '\'' -> text[backslash + 1];
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> {
        at = backslash + 1;
        throw unexpected("an escape that JSON knows");
      }
    };
  }

  private int codePoint(int backslash) {
    int unit = hex4(backslash + 2);
    if (unit < 0xD800 || unit > 0xDFFF) {
      return unit;
    }
    boolean paired =
        backslash + 12 <= end && text[backslash + 6] == '\\' && text[backslash + 7] == 'u';
    int low = unit < 0xDC00 && paired ? hex4(backslash + 8) : 0;
    if (low < 0xDC00 || low > 0xDFFF) {
      throw unexpected("the other half of a surrogate pair");
    }
    return Character.toCodePoint((char) unit, (char) low);
  }

  private int hex4(int from) {
    if (from + 4 > end) {
      throw unexpected("four hexadecimal digits");
    }
    int value16 = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      value16 = value16 << 4 | digit;
    }
    return value16;
  }

  private int appendUtf8(int point, int length) {
    reserve(length + 4);
    int i = length;
    if (point < 0x80) {
      decoded[i++] = (byte) point;
    } else if (point < 0x800) {
      decoded[i++] = (byte) (0xC0 | point >> 6);
      decoded[i++] = (byte) (0x80 | point & 63);
    } else {
      if (point < 0x10000) {
        decoded[i++] = (byte) (0xE0 | point >> 12);
      } else {
        decoded[i++] = (byte) (0xF0 | point >> 18);
        decoded[i++] = (byte) (0x80 | point >> 12 & 63);
      }
      decoded[i++] = (byte) (0x80 | point >> 6 & 63);
      decoded[i++] = (byte) (0x80 | point & 63);
    }
    return i;
  }

  /// Takes a number, `true`, `false` or `null`: whatever goes on to the next delimiter.
  void bare() {
    peek();
    int from = at;
    int i = at;
    while (i < end && !delimits(text[i])) {
      i++;
    }
    if (i == from) {
      throw unexpected("a value");
    }
    value = text;
    valueFrom = from;
    valueEnd = i;
    at = i;
  }

  private static boolean delimits(byte b) {
    return switch (b) {
      case ',', '}', ']', ' ', '\n', '\r', '\t', ':', '"', '{', '[' -> true;
      default -> false;
    };
  }

  boolean isValue(String word) {
    if (valueEnd - valueFrom != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (value[valueFrom + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Takes any value, and leaves its bytes as they stand in [#value].
  void any() {
    byte first = peek();
    int from = at;
    if (first == '"') {
      string();
    } else if (first == '{' || first == '[') {
      nested();
    } else {
      bare();
    }
    value = text;
    valueFrom = from;
    valueEnd = at;
  }

  private void nested() {
    int depth = 0;
    do {
      byte b = peek();
      if (b == 0 && at >= end) {
        throw unexpected("the end of an object or array");
      }
      if (b == '"') {
        string();
        continue;
      }
      depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
      at++;
    } while (depth > 0);
  }

  VarveException unexpected(String wanted) {
    String found = at >= end ? "the end" : TextValues.shown(text, at, Math.min(end, at + 20));
    return new VarveException(
        ErrorCode.INCORRECT_DATA,
        "not JSON at byte " + (at - start) + ": expected " + wanted + ", found " + found);
  }
}
