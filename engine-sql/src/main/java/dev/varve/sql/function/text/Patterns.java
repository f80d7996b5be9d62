// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Patterns of LIKE and of regular expressions, compiled.
final class Patterns {
  private Patterns() {}

  static Pattern regex(String pattern, int flags) {
    try {
      return Pattern.compile(pattern, flags);
    } catch (PatternSyntaxException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + pattern + "\" is not a regular expression: " + e.getDescription(),
          e);
    }
  }

  /// What a LIKE pattern asks for.
  sealed interface Like {
    /// `%a%b%`: the pieces in order; `anchored` ends mean that the text begins or ends with them.
    record Pieces(List<byte[]> pieces, boolean anchoredStart, boolean anchoredEnd)
        implements Like {}

    /// Anything with `_`, which counts characters, not bytes.
    record Regex(Pattern pattern) implements Like {
      boolean matches(String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches();
      }
    }
  }

  static Like like(String pattern, char escape, boolean anyCase) {
    List<byte[]> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    StringBuilder regex = new StringBuilder();
    boolean single = anyCase;
    boolean anchoredStart = !pattern.startsWith("%");
    boolean anchoredEnd = true;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      boolean literal = false;
      if (c == escape && i + 1 < pattern.length() && isSpecial(pattern.charAt(i + 1), escape)) {
        c = pattern.charAt(++i);
        literal = true;
      }
      anchoredEnd = true;
      if (!literal && c == '%') {
        regex.append(".*");
        add(pieces, piece);
        anchoredEnd = false;
      } else if (!literal && c == '_') {
        regex.append('.');
        single = true;
      } else {
        piece.append(c);
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    if (single) {
      int flags = Pattern.DOTALL | (anyCase ? Pattern.CASE_INSENSITIVE : 0);
      return new Like.Regex(regex(regex.toString(), flags));
    }
    if (pieces.isEmpty() && anchoredStart && anchoredEnd) {
      pieces.add(piece.toString().getBytes(StandardCharsets.UTF_8));
    } else {
      add(pieces, piece);
    }
    return new Like.Pieces(pieces, anchoredStart, anchoredEnd);
  }

  private static boolean isSpecial(char c, char escape) {
    return c == '%' || c == '_' || c == escape;
  }

  private static void add(List<byte[]> pieces, StringBuilder piece) {
    if (!piece.isEmpty()) {
      pieces.add(piece.toString().getBytes(StandardCharsets.UTF_8));
      piece.setLength(0);
    }
  }
}
