// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits a request into the statement and the rows behind it.
///
/// Rows may follow `INSERT … FORMAT x` in the same body, and there may be gigabytes of them, so
/// only the head of the body is looked at as text.
record StatementBody(String sql, Optional<InputStream> data) {
  private static final int HEAD_BYTES = 64 << 10;

  /// What is held as text, so that one request cannot take all memory.
  private static final int MAX_TEXT_BYTES = 64 << 20;

  /// Rows begin after the format's name and one line break, or after one blank.
  private static final Pattern INSERT_FORMAT =
      Pattern.compile(
          "\\A\\s*(?:(?:--[^\\n]*\\n|/\\*.*?\\*/)\\s*)*INSERT\\s+INTO\\b[^;']*?\\bFORMAT\\s+(\\w+)["
              + " \\t]*(?:\\r?\\n|;|(?=\\S)|\\z)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern VALUES = Pattern.compile("\\AVALUES\\z", Pattern.CASE_INSENSITIVE);

  static StatementBody of(String query, InputStream body) throws IOException {
    byte[] head = body.readNBytes(HEAD_BYTES);
    if (!query.isBlank()) {
      return head.length == 0
          ? new StatementBody(query, Optional.empty())
          : isInsert(query)
              ? new StatementBody(query, Optional.of(rest(head, 0, body)))
              : new StatementBody(query + "\n" + text(head, body), Optional.empty());
    }
    // Latin-1 keeps one char a byte, so that positions in the text are positions in the bytes.
    String start = new String(head, StandardCharsets.ISO_8859_1);
    Matcher insert = INSERT_FORMAT.matcher(start);
    if (insert.find() && !VALUES.matcher(insert.group(1)).matches()) {
      String sql = new String(head, 0, insert.end(1), StandardCharsets.UTF_8);
      return new StatementBody(sql, Optional.of(rest(head, insert.end(), body)));
    }
    return new StatementBody(text(head, body), Optional.empty());
  }

  private static boolean isInsert(String query) {
    return query.stripLeading().regionMatches(true, 0, "INSERT", 0, 6);
  }

  private static String text(byte[] head, InputStream body) throws IOException {
    byte[] tail = body.readNBytes(MAX_TEXT_BYTES);
    if (tail.length == MAX_TEXT_BYTES) {
      throw new VarveException(
          ErrorCode.TOO_LARGE_RECORD,
          "the statement is longer than "
              + (MAX_TEXT_BYTES >> 20)
              + " MiB; send rows by INSERT … FORMAT, which reads them as they come");
    }
    byte[] all = new byte[head.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return new String(all, StandardCharsets.UTF_8);
  }

  private static InputStream rest(byte[] head, int from, InputStream body) {
    return new SequenceInputStream(new ByteArrayInputStream(head, from, head.length - from), body);
  }
}
