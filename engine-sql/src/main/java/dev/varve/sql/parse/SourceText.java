// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.Arrays;

/// The text of a statement, addressed as the lexer does: lines and columns from 1, where a line
/// ends after `\n`, or after a `\r` that no `\n` follows.
final class SourceText {
  private final String text;
  private int[] lineStarts = new int[16];
  private int lines = 1;

  SourceText(String text) {
    this.text = text;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean lone = c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n');
      if (c == '\n' || lone) {
        if (lines == lineStarts.length) {
          lineStarts = Arrays.copyOf(lineStarts, lines * 2);
        }
        lineStarts[lines++] = i + 1;
      }
    }
  }

  String text() {
    return text;
  }

  int offset(int line, int column) {
    return lineStarts[line - 1] + column - 1;
  }

  /// Offset of a token's first character.
  int start(Token token) {
    return offset(token.beginLine, token.beginColumn);
  }

  /// Offset behind a token's last character.
  int end(Token token) {
    return offset(token.endLine, token.endColumn) + 1;
  }

  /// Everything from one token to another, both included.
  String slice(Token first, Token last) {
    return text.substring(start(first), end(last));
  }

  /// Everything from one token on, up to another that is not included.
  String between(Token first, Token behind) {
    return text.substring(start(first), start(behind)).strip();
  }

  /// `line 3, column 17`, for an offset.
  static String place(String text, int offset) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < offset && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    return "line " + line + ", column " + (offset - start + 1);
  }
}
