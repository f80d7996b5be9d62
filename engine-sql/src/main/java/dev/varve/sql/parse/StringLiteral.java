// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

/// A string as statements write it.
public final class StringLiteral {
  private StringLiteral() {}

  /// The value of a literal with its quotes: `''` and backslash escapes are undone.
  public static String value(String literal) {
    return Lexis.string(literal);
  }

  /// A literal whose value is this text.
  public static String of(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
