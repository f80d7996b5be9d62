// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

/// Cuts texts into what filters of texts hold.
public final class TextPieces {
  private TextPieces() {}

  /// Takes one piece: `[from, to)` of a text.
  public interface Taker {
    void take(byte[] text, int from, int to);
  }

  /// Whether a byte belongs to a word: an ASCII letter or digit, or a part of another character.
  public static boolean isWordByte(byte b) {
    return b < 0 || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
  }

  /// The words of a piece of a text.
  public static void words(byte[] text, int from, int to, Taker taker) {
    int begin = from;
    for (int at = from; at <= to; at++) {
      if (at == to || !isWordByte(text[at])) {
        if (at > begin) {
          taker.take(text, begin, at);
        }
        begin = at + 1;
      }
    }
  }

  /// All runs of `length` bytes.
  public static void ngrams(byte[] text, int from, int to, int length, Taker taker) {
    for (int at = from; at + length <= to; at++) {
      taker.take(text, at, at + length);
    }
  }

  /// What a filter of this type holds of a text.
  static void pieces(SkipIndexType type, byte[] text, Taker taker) {
    switch (type) {
      case SkipIndexType.Tokens _ -> words(text, 0, text.length, taker);
      case SkipIndexType.Ngrams ngrams -> ngrams(text, 0, text.length, ngrams.length(), taker);
      case SkipIndexType.MinMax _,
          SkipIndexType.ValueSet _,
          SkipIndexType.Bitmap _,
          SkipIndexType.Bloom _ ->
          throw new IllegalStateException("no filter of texts: " + type);
    }
  }
}
