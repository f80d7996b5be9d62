// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The line of a statement that an error speaks of, with a mark under the place.
public final class Caret {
  private static final Pattern PLACE = Pattern.compile("line (\\d{1,6}), column (\\d{1,6})");
  private static final int BEFORE = 60;
  private static final int BEHIND = 40;

  private Caret() {}

  /// Two lines, where the message names a place of the statement.
  public static Optional<String> under(String sql, String message) {
    Matcher place = PLACE.matcher(message);
    if (!place.find()) {
      return Optional.empty();
    }
    String[] lines = sql.split("\n", -1);
    int line = Integer.parseInt(place.group(1)) - 1;
    int column = Integer.parseInt(place.group(2)) - 1;
    if (line < 0 || line >= lines.length || column < 0 || column > lines[line].length()) {
      return Optional.empty();
    }
    String text = lines[line].replace('\t', ' ').replace('\r', ' ');
    int from = Math.max(0, column - BEFORE);
    int to = Math.min(text.length(), column + BEHIND);
    String shown = text.substring(from, to);
    return Optional.of("  " + shown + "\n  " + " ".repeat(column - from) + "^");
  }
}
