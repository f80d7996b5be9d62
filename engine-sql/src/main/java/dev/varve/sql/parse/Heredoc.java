// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text between `$$` and `$$`, or `$tag$` and `$tag$`, in which nothing needs an escape.
final class Heredoc {
  private static final Pattern OPENING = Pattern.compile("^\\$\\w*\\$");

  private Heredoc() {}

  /// Where a name begins such a text, reads on to its end and makes the token a string. The lexer
  /// takes `$` for a letter, so what follows the opening may be part of the name.
  static void read(Token token, SimpleCharStream stream) {
    Matcher opening = OPENING.matcher(token.image);
    if (!opening.find()) {
      return;
    }
    String tag = opening.group();
    stream.backup(token.image.length() - tag.length());
    StringBuilder text = new StringBuilder();
    try {
      while (text.length() < tag.length()
          || text.lastIndexOf(tag) != text.length() - tag.length()) {
        text.append(stream.readChar());
      }
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.SYNTAX_ERROR,
          "line "
              + token.beginLine
              + ", column "
              + token.beginColumn
              + ": the text that "
              + tag
              + " opens never ends",
          e);
    }
    text.setLength(text.length() - tag.length());
    token.image = "'" + text.toString().replace("\\", "\\\\").replace("'", "\\'") + "'";
    token.kind = VarveParserConstants.QUOTED_STRING;
    token.endLine = stream.getEndLine();
    token.endColumn = stream.getEndColumn();
  }
}
