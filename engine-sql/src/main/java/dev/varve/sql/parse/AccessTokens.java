// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The words of a statement about access or backups, read from left to right. Errors name the
/// place, never a string: it may be a password.
final class AccessTokens {
  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SIGN,
    END
  }

  /// @param text of a string or quoted name what it means
  record Token(Kind kind, String text, int from, int to) {}

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  AccessTokens(String source) {
    this.source = source;
    cut();
  }

  private void cut() {
    int i = 0;
    while (i < source.length()) {
      char c = source.charAt(i);
      int from = i;
      if (Character.isWhitespace(c)) {
        i++;
      } else if (source.startsWith("--", i) || c == '#') {
        i = source.indexOf('\n', i) < 0 ? source.length() : source.indexOf('\n', i);
      } else if (source.startsWith("/*", i)) {
        i = source.indexOf("*/", i) < 0 ? source.length() : source.indexOf("*/", i) + 2;
      } else if (c == '\'' || c == '"' || c == '`') {
        i = quoted(i, c);
      } else if (Character.isLetter(c) || c == '_') {
        while (i < source.length()
            && (Character.isLetterOrDigit(source.charAt(i)) || source.charAt(i) == '_')) {
          i++;
        }
        add(Kind.WORD, source.substring(from, i), from, i);
      } else if (Character.isDigit(c)) {
        while (i < source.length() && (Character.isDigit(source.charAt(i)) || isPart(i))) {
          i++;
        }
        add(Kind.NUMBER, source.substring(from, i), from, i);
      } else {
        i++;
        add(Kind.SIGN, String.valueOf(c), from, i);
      }
    }
    add(Kind.END, "", source.length(), source.length());
  }

  private boolean isPart(int i) {
    return source.charAt(i) == '.';
  }

  private int quoted(int from, char quote) {
    StringBuilder text = new StringBuilder();
    int i = from + 1;
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c == '\\' && i + 1 < source.length() && quote != '"') {
        text.append(source.charAt(i + 1));
        i += 2;
      } else if (c == quote) {
        if (i + 1 < source.length() && source.charAt(i + 1) == quote) {
          text.append(quote);
          i += 2;
          continue;
        }
        add(quote == '\'' ? Kind.STRING : Kind.QUOTED, text.toString(), from, i + 1);
        return i + 1;
      } else {
        text.append(c);
        i++;
      }
    }
    throw new VarveException(
        ErrorCode.SYNTAX_ERROR, place(from) + "a quote that opens here is never closed");
  }

  private void add(Kind kind, String text, int from, int to) {
    tokens.add(new Token(kind, text, from, to));
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  int mark() {
    return at;
  }

  void reset(int mark) {
    at = mark;
  }

  /// Takes these words if they come next.
  boolean take(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (at + i >= tokens.size() || !is(tokens.get(at + i), words[i])) {
        return false;
      }
    }
    at += words.length;
    return true;
  }

  boolean isNext(String word) {
    return is(peek(), word);
  }

  private static boolean is(Token token, String word) {
    return (token.kind() == Kind.WORD || token.kind() == Kind.SIGN)
        && token.text().equalsIgnoreCase(word);
  }

  void expect(String... words) {
    for (String word : words) {
      if (!take(word)) {
        throw unexpected(word);
      }
    }
  }

  /// A name, quoted or not; a string counts as one, as user names may be strings.
  String name() {
    Token token = next();
    if (token.kind() == Kind.WORD || token.kind() == Kind.QUOTED || token.kind() == Kind.STRING) {
      return token.text();
    }
    at--;
    throw unexpected("a name");
  }

  String string() {
    Token token = peek();
    if (token.kind() != Kind.STRING) {
      throw unexpected("a string");
    }
    return next().text();
  }

  /// A number or string as its text.
  String value() {
    boolean negative = take("-");
    Token token = peek();
    if (token.kind() == Kind.SIGN || token.kind() == Kind.END) {
      throw unexpected("a value");
    }
    return (negative ? "-" : "") + next().text();
  }

  String source(int from, int to) {
    return source.substring(from, to).strip();
  }

  void end() {
    take(";");
    if (peek().kind() != Kind.END) {
      throw unexpected("the end");
    }
  }

  VarveException unexpected(String wanted) {
    Token found = peek();
    String shown =
        switch (found.kind()) {
          case END -> "the end";
          case STRING -> "a string";
          case WORD, QUOTED, NUMBER, SIGN -> "\"" + found.text() + "\"";
        };
    return new VarveException(
        ErrorCode.SYNTAX_ERROR,
        place(found.from()) + "expected " + wanted.toUpperCase(Locale.ROOT) + ", found " + shown);
  }

  private String place(int offset) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < offset; i++) {
      if (source.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return "line " + line + ", column " + column + ": ";
  }
}
