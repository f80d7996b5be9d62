// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.type.DataType;

/// How wide texts are at a terminal, and on which side of a column they stand.
final class PrettyText {
  private PrettyText() {}

  /// Whether values of the type stand to the right, as numbers and dates do.
  static boolean isRight(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Int _,
          DataType.Float _,
          DataType.Decimal _,
          DataType.Date _,
          DataType.Date32 _,
          DataType.DateTime _,
          DataType.DateTime64 _,
          DataType.Time _,
          DataType.Time64 _ ->
          true;
      default -> false;
    };
  }

  /// Cells that the text takes: two for the wide signs of East Asia and for emoji, none for marks
  /// that combine with the sign before.
  static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int sign = text.codePointAt(i);
      i += Character.charCount(sign);
      width += width(sign);
    }
    return width;
  }

  private static int width(int sign) {
    if (sign < 0x300) {
      return 1;
    }
    int kind = Character.getType(sign);
    if (kind == Character.NON_SPACING_MARK
        || kind == Character.ENCLOSING_MARK
        || kind == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        sign >= 0x1100 && sign <= 0x115F
            || sign >= 0x2E80 && sign <= 0xA4CF && sign != 0x303F
            || sign >= 0xAC00 && sign <= 0xD7A3
            || sign >= 0xF900 && sign <= 0xFAFF
            || sign >= 0xFE30 && sign <= 0xFE6F
            || sign >= 0xFF00 && sign <= 0xFF60
            || sign >= 0xFFE0 && sign <= 0xFFE6
            || sign >= 0x1F300 && sign <= 0x1F64F
            || sign >= 0x1F900 && sign <= 0x1F9FF
            || sign >= 0x20000 && sign <= 0x3FFFD;
    return wide ? 2 : 1;
  }
}
