// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

/// A name pattern of JDBC: `%` is any text, `_` any character, a backslash before either takes it
/// as it is. Null fits everything. A name that contains `_` and comes unescaped, as most tools send
/// it, therefore fits itself too.
record NamePattern(String text) {
  boolean fits(String name) {
    return text == null || fits(0, name, 0);
  }

  private boolean fits(int at, String name, int from) {
    int i = at;
    int n = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '%') {
        for (int rest = n; rest <= name.length(); rest++) {
          if (fits(i + 1, name, rest)) {
            return true;
          }
        }
        return false;
      }
      boolean escaped = c == '\\' && i + 1 < text.length();
      char wanted = escaped ? text.charAt(i + 1) : c;
      boolean any = c == '_';
      if (n == name.length() || (!any && name.charAt(n) != wanted)) {
        return false;
      }
      i += escaped ? 2 : 1;
      n++;
    }
    return n == name.length();
  }

  /// The one name that fits, or null where several may.
  String exact() {
    if (text == null || text.indexOf('%') >= 0) {
      return null;
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '_') {
        return null;
      }
      name.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
    }
    return name.toString();
  }
}
