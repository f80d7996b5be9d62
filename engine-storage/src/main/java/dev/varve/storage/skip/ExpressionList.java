// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import java.util.ArrayList;
import java.util.List;

/// Splits `(a, f(b, c))` into its expressions. One expression stays as it is.
final class ExpressionList {
  private ExpressionList() {}

  static List<String> split(String text) {
    String list = text.strip();
    if (list.startsWith("tuple(") && closing(list, 5) == list.length() - 1) {
      list = list.substring(5);
    }
    while (list.startsWith("(") && closing(list, 0) == list.length() - 1) {
      list = list.substring(1, list.length() - 1).strip();
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < list.length(); at++) {
      char c = list.charAt(at);
      if (c == '(' || c == '[') {
        at = closing(list, at);
      } else if (c == '\'' || c == '"' || c == '`') {
        at = endOfQuoted(list, at);
      } else if (c == ',') {
        parts.add(list.substring(from, at).strip());
        from = at + 1;
      }
    }
    parts.add(list.substring(from).strip());
    return parts;
  }

  /// Where the bracket that opens at `from` closes, or the end of the text.
  private static int closing(String text, int from) {
    int depth = 0;
    for (int at = from; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '(', '[' -> depth++;
        case ')', ']' -> {
          depth--;
          if (depth == 0) {
            return at;
          }
        }
        case '\'', '"', '`' -> at = endOfQuoted(text, at);
        default -> {}
      }
    }
    return text.length();
  }

  private static int endOfQuoted(String text, int from) {
    for (int at = from + 1; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.charAt(at) == text.charAt(from)) {
        return at;
      }
    }
    return text.length();
  }
}
