// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.sql.expression.TextVisits;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Replaces what a [BytePattern] matches, bytes to bytes. For one batch, in one thread.
final class ByteReplace {
  /// What the other engine makes of one text.
  interface Other {
    byte[] replaced(String text);
  }

  /// A piece of the replacement: text, or the number of a group where `text` is null.
  private record Piece(byte[] text, int group) {}

  private final BytePattern.Search search;
  private final List<Piece> pieces;
  private final boolean onlyFirst;
  private byte[] out = new byte[1 << 16];
  private int length;

  private ByteReplace(BytePattern pattern, List<Piece> pieces, boolean onlyFirst) {
    this.search = pattern.search();
    this.pieces = pieces;
    this.onlyFirst = onlyFirst;
  }

  /// Empty where pattern or replacement need the other engine.
  static Optional<ByteReplace> of(String pattern, String replacement, boolean onlyFirst) {
    BytePattern bytes = BytePattern.of(pattern).orElse(null);
    List<Piece> pieces = bytes == null ? null : pieces(replacement, bytes.groups());
    return pieces == null
        ? Optional.empty()
        : Optional.of(new ByteReplace(bytes, pieces, onlyFirst));
  }

  private static List<Piece> pieces(String replacement, int groups) {
    List<Piece> pieces = new ArrayList<>();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\') {
        int codePoint = replacement.codePointAt(i);
        text.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(codePoint) - 1;
        continue;
      }
      if (++i == replacement.length()) {
        return null;
      }
      char next = replacement.charAt(i);
      if (next >= '0' && next <= '9') {
        boolean more = i + 1 < replacement.length() && Character.isDigit(replacement.charAt(i + 1));
        if (more || next - '0' > groups) {
          return null;
        }
        pieces.add(new Piece(text.toByteArray(), 0));
        pieces.add(new Piece(null, next - '0'));
        text.reset();
      } else if (next < 128) {
        text.write(next);
      } else {
        return null;
      }
    }
    pieces.add(new Piece(text.toByteArray(), 0));
    pieces.removeIf(piece -> piece.text != null && piece.text.length == 0);
    return pieces;
  }

  /// The texts of a vector of any form, replaced. Read where they lie: a dictionary's are not
  /// copied first.
  Vector replaced(Vector texts, int rows, Other other, Scratch scratch) {
    MemorySegment ends = scratch.allocate(rows * 4L + 4);
    ends.set(Vector.I32, 0, 0);
    Vector base = texts.base();
    TextVisits visits = new TextVisits();
    for (int i = 0; i < rows; i++) {
      if (i % TextVisits.TOGETHER == 0) {
        visits.rows(texts, i, Math.min(rows, i + TextVisits.TOGETHER));
      }
      if (!texts.isNull(i)) {
        replace(base, texts.valueRow(i), other);
      }
      ends.set(Vector.I32, i * 4L + 4, length);
    }
    MemorySegment values = scratch.allocate(length);
    MemorySegment.copy(out, 0, values, JAVA_BYTE, 0, length);
    return Vector.bytes(DataTypes.STRING, rows, ends, values, null);
  }

  private void replace(Vector texts, int row, Other other) {
    MemorySegment bytes = texts.values();
    long from = texts.offsets().get(Vector.I32, row * 4L);
    long to = texts.offsets().get(Vector.I32, row * 4L + 4);
    int before = length;
    long copied = from;
    long at = from;
    while (at <= to) {
      int found = search.find(bytes, from, to, at);
      if (found < 0) {
        length = before;
        byte[] whole = bytes.asSlice(from, to - from).toArray(JAVA_BYTE);
        append(other.replaced(new String(whole, StandardCharsets.UTF_8)));
        return;
      }
      if (found == 0) {
        break;
      }
      append(bytes, copied, search.begin(0));
      for (Piece piece : pieces) {
        if (piece.text != null) {
          append(piece.text);
        } else if (search.begin(piece.group) >= 0) {
          append(bytes, search.begin(piece.group), search.end(piece.group));
        }
      }
      copied = search.end(0);
      // Behind an empty match the search goes on one further, behind another where it ended.
      at = search.end(0) > search.begin(0) ? search.end(0) : search.end(0) + 1;
      if (onlyFirst) {
        break;
      }
    }
    append(bytes, copied, to);
  }

  private void append(byte[] text) {
    reserve(text.length);
    System.arraycopy(text, 0, out, length, text.length);
    length += text.length;
  }

  private void append(MemorySegment bytes, long from, long to) {
    int count = (int) (to - from);
    reserve(count);
    MemorySegment.copy(bytes, JAVA_BYTE, from, out, length, count);
    length += count;
  }

  private void reserve(int more) {
    if (out.length - length < more) {
      out = Arrays.copyOf(out, Math.addExact(Math.max(length * 2, length), more));
    }
  }
}
