// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

/// Letters of ASCII in another case; all other characters stay as they are.
final class TextCase {
  private TextCase() {}

  static String asciiLower(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        lower.setCharAt(i, (char) (c + 32));
      }
    }
    return lower.toString();
  }
}
