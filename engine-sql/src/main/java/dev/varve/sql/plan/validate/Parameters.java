// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.ArrayList;
import java.util.List;

/// The parameters that the parser leaves in an aggregate's name: `quantiles(0.5, 0.9)`.
final class Parameters {
  private Parameters() {}

  /// Whole numbers as `Long`, others as `Double`, text as `String`, arrays as a `List` of these.
  static List<Object> parse(String list) {
    List<Object> parameters = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    boolean quoted = false;
    int brackets = 0;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (quoted && c == '\\' && i + 1 < list.length()) {
        current.append(c).append(list.charAt(++i));
      } else if (c == ',' && !quoted && brackets == 0) {
        parameters.add(value(current.toString().strip()));
        current.setLength(0);
      } else {
        quoted ^= c == '\'';
        brackets += quoted ? 0 : c == '[' ? 1 : c == ']' ? -1 : 0;
        current.append(c);
      }
    }
    if (!current.toString().isBlank()) {
      parameters.add(value(current.toString().strip()));
    }
    return parameters;
  }

  private static Object value(String text) {
    if (text.startsWith("'")) {
      String inner = text.substring(1, text.length() - 1);
      return inner.replace("\\'", "'").replace("\\\\", "\\");
    }
    if (text.startsWith("[")) {
      return parse(text.substring(1, text.length() - 1));
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return Double.valueOf(text);
    }
  }
}
