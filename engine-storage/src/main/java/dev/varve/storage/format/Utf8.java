// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Tells whether bytes are UTF-8: no stray or missing continuation, nothing longer than it need be,
/// no half of a surrogate pair.
public final class Utf8 {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGHS = 0x8080808080808080L;

  private Utf8() {}

  /// The position of the first byte that is not UTF-8, or -1.
  public static int firstInvalid(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (bytes[i] >= 0) {
        i++;
        while (i + 8 <= to && ((long) WORD.get(bytes, i) & HIGHS) == 0) {
          i += 8;
        }
        continue;
      }
      int length = sequence(bytes, i, to);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return -1;
  }

  /// Bytes of the character here, which is not ASCII; 0 if it is none.
  private static int sequence(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || at + length > to) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int second = bytes[at + 1] & 0xFF;
    boolean isBad =
        first == 0xE0 && second < 0xA0
            || first == 0xED && second > 0x9F
            || first == 0xF0 && second < 0x90
            || first == 0xF4 && second > 0x8F;
    return isBad ? 0 : length;
  }

  /// @throws BadValueException with the byte at fault, counted from `from`
  static void require(byte[] bytes, int from, int to) {
    int invalid = firstInvalid(bytes, from, to);
    if (invalid >= 0) {
      throw new BadValueException("byte " + (invalid - from) + " of it is not UTF-8");
    }
  }
}
