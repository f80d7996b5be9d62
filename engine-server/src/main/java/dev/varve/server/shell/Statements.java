// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.util.ArrayList;
import java.util.List;

/// Cuts a text into statements at each `;` outside quotes and comments.
final class Statements {
  private Statements() {}

  /// @param complete statements that ended with `;`
  /// @param rest what follows the last `;`
  record Cut(List<String> complete, String rest) {}

  static Cut cut(String text) {
    List<String> complete = new ArrayList<>();
    int start = 0;
    int at = 0;
    while (at < text.length()) {
      int end = skip(text, at);
      if (end > at) {
        at = end;
      } else if (text.charAt(at) == ';') {
        add(complete, text.substring(start, at));
        start = ++at;
      } else {
        at++;
      }
    }
    return new Cut(complete, text.substring(start));
  }

  /// All statements of a text, whether the last ends with `;` or not.
  static List<String> all(String text) {
    Cut cut = cut(text);
    List<String> all = new ArrayList<>(cut.complete());
    add(all, cut.rest());
    return all;
  }

  private static void add(List<String> statements, String text) {
    if (!isBlank(text)) {
      statements.add(text.strip());
    }
  }

  /// Whether there is nothing but blanks and comments.
  static boolean isBlank(String text) {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = c == '-' || c == '/' ? skip(text, at) : at;
      if (end == at && !Character.isWhitespace(c)) {
        return false;
      }
      at = Math.max(end, at + 1);
    }
    return true;
  }

  /// The end of the quoted text, guarded name or comment that begins here; else the place itself.
  static int skip(String text, int at) {
    char c = text.charAt(at);
    if (c == '\'' || c == '"' || c == '`') {
      return endOfQuote(text, at, c);
    }
    String end = text.startsWith("--", at) ? "\n" : text.startsWith("/*", at) ? "*/" : "";
    if (end.isEmpty()) {
      return at;
    }
    int found = text.indexOf(end, at + 2);
    return found < 0 ? text.length() : found + end.length();
  }

  private static int endOfQuote(String text, int start, char quote) {
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && quote != '"') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i + 1;
      }
    }
    return text.length();
  }
}
