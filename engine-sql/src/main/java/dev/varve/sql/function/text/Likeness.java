// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

/// LIKE for a single text, where speed does not count.
public final class Likeness {
  private Likeness() {}

  /// Whether the text is like the pattern: `%` any characters, `_` one, a backslash before either
  /// means itself.
  public static boolean matches(String text, String pattern) {
    int[] characters = text.codePoints().toArray();
    int[] wanted = pattern.codePoints().toArray();
    int at = 0;
    int place = 0;
    int star = -1;
    int retry = 0;
    while (at < characters.length) {
      boolean escaped = place + 1 < wanted.length && wanted[place] == '\\';
      int want = place < wanted.length ? wanted[escaped ? place + 1 : place] : -1;
      if (!escaped && want == '%') {
        star = place++;
        retry = at;
      } else if (want >= 0 && (want == characters[at] || !escaped && want == '_')) {
        at++;
        place += escaped ? 2 : 1;
      } else if (star >= 0) {
        place = star + 1;
        at = ++retry;
      } else {
        return false;
      }
    }
    while (place < wanted.length && wanted[place] == '%') {
      place++;
    }
    return place == wanted.length;
  }
}
