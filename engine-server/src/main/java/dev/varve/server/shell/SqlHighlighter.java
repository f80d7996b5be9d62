// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// Colours SQL while it is typed: keywords, text, numbers, calls, comments. Never changes the text.
final class SqlHighlighter implements Highlighter {
  static final AttributedStyle KEYWORD = AttributedStyle.BOLD.foreground(AttributedStyle.BLUE);
  static final AttributedStyle TEXT = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
  static final AttributedStyle NUMBER = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
  static final AttributedStyle CALL = AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA);
  static final AttributedStyle COMMENT =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.BRIGHT + AttributedStyle.BLACK);

  private final Set<String> keywords;

  /// @param keywords words in capitals
  SqlHighlighter(Set<String> keywords) {
    this.keywords = keywords;
  }

  @Override
  public AttributedString highlight(LineReader reader, String buffer) {
    return highlight(buffer);
  }

  AttributedString highlight(String text) {
    AttributedStringBuilder out = new AttributedStringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = Statements.skip(text, at);
      if (end > at) {
        out.styled(c == '-' || c == '/' ? COMMENT : TEXT, text.substring(at, end));
      } else if (Character.isDigit(c)) {
        end = endOfWord(text, at, true);
        out.styled(NUMBER, text.substring(at, end));
      } else if (Character.isJavaIdentifierStart(c)) {
        end = endOfWord(text, at, false);
        out.styled(ofWord(text, at, end), text.substring(at, end));
      } else {
        end = at + 1;
        out.append(c);
      }
      at = end;
    }
    return out.toAttributedString();
  }

  private AttributedStyle ofWord(String text, int start, int end) {
    if (keywords.contains(text.substring(start, end).toUpperCase(Locale.ROOT))) {
      return KEYWORD;
    }
    boolean call = end < text.length() && text.charAt(end) == '(';
    return call ? CALL : AttributedStyle.DEFAULT;
  }

  private static int endOfWord(String text, int start, boolean number) {
    int end = start + 1;
    while (end < text.length()
        && (Character.isJavaIdentifierPart(text.charAt(end))
            || number && text.charAt(end) == '.')) {
      end++;
    }
    return end;
  }

  @Override
  public void setErrorPattern(Pattern pattern) {
    // Errors are told by the server, with a mark under the place.
  }

  @Override
  public void setErrorIndex(int index) {
    // As above.
  }
}
