// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Texts by characters instead of bytes (`leftUTF8`, `positionUTF8`), and functions that have both
/// kinds.
public final class Characters {

  private Characters() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(part("leftUTF8", "The first n characters; all but so many last where negative.", true));
    all.add(
        part("rightUTF8", "The last n characters; all but so many first where negative.", false));
    all.add(position("positionUTF8", false));
    all.add(position("positionCaseInsensitiveUTF8", true));
    for (boolean characters : new boolean[] {false, true}) {
      String ending = characters ? "UTF8" : "";
      all.add(edges("startsWith", true, characters));
      all.add(edges("endsWith", false, characters));
      all.add(count(characters));
      all.add(substringIndex("substringIndex" + ending, characters));
      all.add(translate("translate" + ending, characters));
      all.add(overlay("overlay" + ending, characters));
      all.add(subsequence("hasSubsequence" + ending, characters, false));
      all.add(subsequence("hasSubsequenceCaseInsensitive" + ending, characters, true));
    }
    all.add(edges("startsWithUTF8", "startsWith", false, true));
    all.add(edges("endsWithUTF8", "endsWith", false, true));
    all.add(
        Declared.rows(
            "initcapUTF8(text String)",
            "The text with each word's first letter in upper case, the others in lower.",
            DataTypes.STRING,
            (v, row, to) -> RowBinding.append(initcap(RowBinding.text(v.getFirst(), row)), to)));
    return all;
  }

  static String read(Vector texts, int row, boolean characters) {
    return characters ? RowBinding.text(texts, row) : RowBinding.bytes(texts, row);
  }

  static void append(String text, boolean characters, dev.varve.storage.vector.VectorBuilder to) {
    if (characters) {
      RowBinding.append(text, to);
    } else {
      RowBinding.appendBytes(text, to);
    }
  }

  private static ScalarFunction part(String name, String doc, boolean first) {
    return Declared.rows(
        name + "(text String, n Int)",
        doc,
        DataTypes.STRING,
        (v, row, to) -> {
          String text = RowBinding.text(v.get(0), row);
          int length = text.codePointCount(0, text.length());
          long n = v.get(1).getLong(row);
          int count = (int) Math.clamp(n < 0 ? length + n : n, 0, length);
          int cut = text.offsetByCodePoints(0, first ? count : length - count);
          RowBinding.append(first ? text.substring(0, cut) : text.substring(cut), to);
        });
  }

  private static ScalarFunction position(String name, boolean anyCase) {
    return Declared.rows(
        name + "(text String, piece String[, start Int])",
        "Where the piece begins in the text, from 1 and counted in characters; 0 for nowhere.",
        DataTypes.UINT64,
        (v, row, to) -> {
          String text = cased(RowBinding.text(v.get(0), row), true, anyCase);
          String piece = cased(RowBinding.text(v.get(1), row), true, anyCase);
          long start = v.size() > 2 ? Math.max(1, v.get(2).getLong(row)) : 1;
          int length = text.codePointCount(0, text.length());
          int at =
              start > length + 1L
                  ? -1
                  : text.indexOf(piece, text.offsetByCodePoints(0, (int) start - 1));
          to.appendLong(at < 0 ? 0 : text.codePointCount(0, at) + 1L);
        });
  }

  private static String cased(String text, boolean characters, boolean anyCase) {
    return !anyCase ? text : characters ? text.toLowerCase(Locale.ROOT) : TextCase.asciiLower(text);
  }

  private static ScalarFunction edges(String base, boolean start, boolean characters) {
    String name = base + "CaseInsensitive" + (characters ? "UTF8" : "");
    return edges(name, base, true, characters);
  }

  private static ScalarFunction edges(
      String name, String base, boolean anyCase, boolean characters) {
    boolean start = base.equals("startsWith");
    return Declared.rows(
        name + "(text String, piece String)",
        "Whether the text " + (start ? "begins" : "ends") + " with the piece.",
        DataTypes.UINT8,
        (v, row, to) -> {
          String text = cased(read(v.get(0), row, characters), characters, anyCase);
          String piece = cased(read(v.get(1), row, characters), characters, anyCase);
          to.appendLong((start ? text.startsWith(piece) : text.endsWith(piece)) ? 1 : 0);
        });
  }

  private static ScalarFunction count(boolean characters) {
    return Declared.rows(
        "countSubstringsCaseInsensitive"
            + (characters ? "UTF8" : "")
            + "(text String, piece String[, start Int])",
        "How often the piece is in the text, in any case.",
        DataTypes.UINT64,
        (v, row, to) -> {
          String text = cased(read(v.get(0), row, characters), characters, true);
          String piece = cased(read(v.get(1), row, characters), characters, true);
          long start = v.size() > 2 ? Math.max(1, v.get(2).getLong(row)) - 1 : 0;
          int at = (int) Math.min(start, text.length());
          long count = 0;
          while (!piece.isEmpty() && (at = text.indexOf(piece, at)) >= 0) {
            count++;
            at += piece.length();
          }
          to.appendLong(count);
        });
  }

  private static ScalarFunction substringIndex(String name, boolean characters) {
    ScalarFunction function =
        Declared.rows(
            name + "(text String, separator String, n Int)",
            "What stands before the n-th separator, or behind the n-th from the end.",
            DataTypes.STRING,
            (v, row, to) -> {
              String text = read(v.get(0), row, characters);
              String separator = read(v.get(1), row, characters);
              append(before(text, separator, v.get(2).getLong(row)), characters, to);
            });
    return characters ? function : function.alias("SUBSTRING_INDEX").inAnyCase();
  }

  private static String before(String text, String separator, long n) {
    if (n == 0 || separator.isEmpty()) {
      return "";
    }
    int at = n > 0 ? -separator.length() : text.length();
    for (long left = n; left != 0; left -= Long.signum(n)) {
      at =
          n > 0
              ? text.indexOf(separator, at + separator.length())
              : text.lastIndexOf(separator, at - separator.length());
      if (at < 0) {
        return text;
      }
    }
    return n > 0 ? text.substring(0, at) : text.substring(at + separator.length());
  }

  private static ScalarFunction translate(String name, boolean characters) {
    return Declared.rows(
        name + "(text String, from String, to String)",
        "The text with each character of `from` turned into the one in its place in `to`, or left"
            + " out.",
        DataTypes.STRING,
        (v, row, to) -> {
          int[] from = read(v.get(1), row, characters).codePoints().toArray();
          int[] into = read(v.get(2), row, characters).codePoints().toArray();
          if (into.length > from.length) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                name + " wants at least as many characters to replace as replacements");
          }
          StringBuilder text = new StringBuilder();
          read(v.get(0), row, characters)
              .codePoints()
              .forEach(c -> {
                int at = from.length - 1;
                while (at >= 0 && from[at] != c) {
                  at--;
                }
                if (at < 0) {
                  text.appendCodePoint(c);
                } else if (at < into.length) {
                  text.appendCodePoint(into[at]);
                }
              });
          append(text.toString(), characters, to);
        });
  }

  private static ScalarFunction overlay(String name, boolean characters) {
    return Declared.rows(
        name + "(text String, replacement String, start Int[, length Int])",
        "The text with a stretch of it replaced.",
        DataTypes.STRING,
        (v, row, to) -> {
          int[] text = read(v.get(0), row, characters).codePoints().toArray();
          String with = read(v.get(1), row, characters);
          long start = v.get(2).getLong(row);
          long length = v.size() > 3 ? v.get(3).getLong(row) : -1;
          long replaced = length < 0 ? with.codePointCount(0, with.length()) : length;
          int from = (int) Math.clamp(start > 0 ? start - 1 : text.length + start, 0, text.length);
          int end = (int) Math.min(text.length, from + Math.min(replaced, text.length));
          append(
              new String(text, 0, from) + with + new String(text, end, text.length - end),
              characters,
              to);
        });
  }

  private static ScalarFunction subsequence(String name, boolean characters, boolean anyCase) {
    return Declared.rows(
        name + "(text String, wanted String)",
        "Whether the wanted characters stand in the text in this order, with others between.",
        DataTypes.UINT8,
        (v, row, to) -> {
          String text = cased(read(v.get(0), row, characters), characters, anyCase);
          String wanted = cased(read(v.get(1), row, characters), characters, anyCase);
          int found = 0;
          for (int i = 0; i < text.length() && found < wanted.length(); i++) {
            found += text.charAt(i) == wanted.charAt(found) ? 1 : 0;
          }
          to.appendLong(found == wanted.length() ? 1 : 0);
        });
  }

  private static String initcap(String text) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      boolean letter = Character.isLetterOrDigit(c);
      out.appendCodePoint(
          letter ? inWord ? Character.toLowerCase(c) : Character.toTitleCase(c) : c);
      inWord = letter;
    }
    return out.toString();
  }
}
