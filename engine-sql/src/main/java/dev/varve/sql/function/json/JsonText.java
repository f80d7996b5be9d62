// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.json;

import dev.varve.storage.format.NumberText;
import java.util.Locale;

/// JSON values as text again: as short as can be, or in lines.
final class JsonText {
  private final StringBuilder out = new StringBuilder();
  private final boolean spaced;

  /// @param spaced whether a space follows commas and colons
  private JsonText(boolean spaced) {
    this.spaced = spaced;
  }

  static String of(Json value) {
    JsonText text = new JsonText(false);
    text.write(value);
    return text.out.toString();
  }

  /// As JSONPath functions give it: a space behind each comma.
  static String spaced(Json value) {
    JsonText text = new JsonText(true);
    text.write(value);
    return text.out.toString();
  }

  static String pretty(Json value, String indent) {
    JsonText text = new JsonText(true);
    text.lines(value, "\n", indent);
    return text.out.toString();
  }

  private void write(Json value) {
    String comma = spaced ? ", " : ",";
    switch (value) {
      case Json.Members members -> {
        out.append('{');
        for (int i = 0; i < members.size(); i++) {
          out.append(i == 0 ? "" : comma);
          quote(members.names().get(i));
          out.append(spaced ? ": " : ":");
          write(members.values().get(i));
        }
        out.append('}');
      }
      case Json.Items(var items) -> {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
          out.append(i == 0 ? "" : comma);
          write(items.get(i));
        }
        out.append(']');
      }
      case Json.Text(String string) -> quote(string);
      case Json.Whole(var number) -> out.append(number);
      case Json.Real(double number) -> out.append(real(number));
      case Json.Truth(boolean truth) -> out.append(truth);
      case Json.Null _ -> out.append("null");
    }
  }

  private void lines(Json value, String newline, String indent) {
    if (value.size() == 0) {
      write(value);
      return;
    }
    boolean members = value instanceof Json.Members;
    out.append(members ? '{' : '[');
    for (int i = 0; i < value.size(); i++) {
      out.append(i == 0 ? "" : ",").append(newline).append(indent);
      if (value instanceof Json.Members named) {
        quote(named.names().get(i));
        out.append(": ");
      }
      lines(value.at(i + 1L), newline + indent, indent);
    }
    out.append(newline).append(members ? '}' : ']');
  }

  static String real(double number) {
    return NumberText.of(number);
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int escape = "\"\\\b\f\n\r\t".indexOf(c);
      if (escape >= 0) {
        out.append('\\').append("\"\\bfnrt".charAt(escape));
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
