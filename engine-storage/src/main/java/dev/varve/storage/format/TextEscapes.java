// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

/// What a backslash and what follows it stand for in tab-separated text and in strings in quotes.
final class TextEscapes {
  private TextEscapes() {}

  /// Appends what an escape stands for.
  ///
  /// @param at the letter behind the backslash
  /// @param end of the text, behind `at`
  /// @return the position behind the escape
  static int append(byte[] text, int at, int end, ByteSink to) {
    byte letter = text[at];
    switch (letter) {
      case 'b' -> to.put('\b');
      case 'f' -> to.put('\f');
      case 'n' -> to.put('\n');
      case 'r' -> to.put('\r');
      case 't' -> to.put('\t');
      case '0' -> to.put(0);
      case 'a' -> to.put(7);
      case 'v' -> to.put(11);
      case 'e' -> to.put(27);
      // NULL, which inside a text is nothing.
      case 'N' -> {}
      case '\\', '\'', '"', '`', '/', '=' -> to.put(letter);
      case 'x' -> {
        if (at + 2 < end && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0) {
          to.put(digit(text[at + 1]) << 4 | digit(text[at + 2]));
          return at + 3;
        }
        to.put('\\').put('x');
      }
      default -> {
        // A backslash before anything else stays: it may be that of a pattern.
        if (letter >= ' ' || letter < 0) {
          to.put('\\');
        }
        to.put(letter);
      }
    }
    return at + 1;
  }

  private static int digit(byte letter) {
    return Character.digit(letter, 16);
  }
}
