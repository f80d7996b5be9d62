// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads one JSON value, strictly. What is not JSON is an answer here, not an error: null.
final class JsonParser {
  private static final int MAX_DEPTH = 1000;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  private final String text;
  private int at;
  private int depth;

  private JsonParser(String text) {
    this.text = text;
  }

  /// The value, or null where the text is not JSON.
  static Json parse(String text) {
    JsonParser parser = new JsonParser(text);
    Json value = parser.value();
    parser.skipBlanks();
    return parser.at == text.length() ? value : null;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char wanted) {
    skipBlanks();
    boolean found = at < text.length() && text.charAt(at) == wanted;
    at += found ? 1 : 0;
    return found;
  }

  private Json value() {
    skipBlanks();
    if (at >= text.length() || depth > MAX_DEPTH) {
      return null;
    }
    depth++;
    Json value =
        switch (text.charAt(at)) {
          case '{' -> members();
          case '[' -> items();
          case '"' -> {
            String string = string();
            yield string == null ? null : new Json.Text(string);
          }
          case 't' -> word("true", new Json.Truth(true));
          case 'f' -> word("false", new Json.Truth(false));
          case 'n' -> word("null", new Json.Null());
          default -> number();
        };
    depth--;
    return value;
  }

  private Json word(String word, Json value) {
    boolean found = text.startsWith(word, at);
    at += word.length();
    return found ? value : null;
  }

  private Json number() {
    Matcher matcher = NUMBER.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    at = matcher.end();
    boolean whole = matcher.group(1) == null && matcher.group(2) == null;
    BigInteger value = whole ? new BigInteger(matcher.group()) : null;
    return whole && value.bitLength() <= (value.signum() < 0 ? 63 : 64)
        ? new Json.Whole(value)
        : new Json.Real(Double.parseDouble(matcher.group()));
  }

  private Json items() {
    at++;
    List<Json> items = new ArrayList<>();
    if (take(']')) {
      return new Json.Items(items);
    }
    do {
      Json item = value();
      if (item == null) {
        return null;
      }
      items.add(item);
    } while (take(','));
    return take(']') ? new Json.Items(items) : null;
  }

  private Json members() {
    at++;
    List<String> names = new ArrayList<>();
    List<Json> values = new ArrayList<>();
    if (take('}')) {
      return new Json.Members(names, values);
    }
    do {
      skipBlanks();
      String name = at < text.length() && text.charAt(at) == '"' ? string() : null;
      Json value = name != null && take(':') ? value() : null;
      if (value == null) {
        return null;
      }
      names.add(name);
      values.add(value);
    } while (take(','));
    return take('}') ? new Json.Members(names, values) : null;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        return null;
      }
      if (c != '\\') {
        out.append(c);
      } else if (!escape(out)) {
        return null;
      }
    }
    return null;
  }

  private boolean escape(StringBuilder out) {
    if (at >= text.length()) {
      return false;
    }
    char c = text.charAt(at++);
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      out.append("\"\\/\b\f\n\r\t".charAt(plain));
      return true;
    }
    if (c != 'u' || at + 4 > text.length()) {
      return false;
    }
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(text.charAt(at++), 16);
      if (digit < 0) {
        return false;
      }
      unit = unit * 16 + digit;
    }
    out.append((char) unit);
    return true;
  }
}
