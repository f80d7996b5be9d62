// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/// Tells the line editor when a text is done, so that a statement of many lines is edited, and
/// remembered, as one: at a `;` outside quotes and comments, or at once for a command of the shell.
/// The word to complete is the name around the cursor.
final class SqlParser implements Parser {
  /// The name around the cursor.
  private record Name(String line, int cursor, int start, int end) implements CompletingParsedLine {
    @Override
    public String word() {
      return line.substring(start, end);
    }

    @Override
    public int wordCursor() {
      return cursor - start;
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word());
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return end - start;
    }
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !isDone(line)) {
      throw new EOFError(-1, -1, "the statement does not end with ;");
    }
    int start = cursor;
    while (start > 0 && isOfName(line.charAt(start - 1))) {
      start--;
    }
    int end = cursor;
    while (end < line.length() && isOfName(line.charAt(end))) {
      end++;
    }
    return new Name(line, cursor, start, end);
  }

  static boolean isDone(String text) {
    return text.stripLeading().startsWith("\\")
        || Statements.isBlank(text)
        || Statements.isBlank(Statements.cut(text).rest());
  }

  private static boolean isOfName(char c) {
    return Character.isJavaIdentifierPart(c);
  }
}
