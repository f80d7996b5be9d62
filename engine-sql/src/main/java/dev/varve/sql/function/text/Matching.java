// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.expression.PredicateKernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.LateTexts;
import dev.varve.storage.vector.PieceSearch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/// LIKE, regular expressions, `startsWith` and their kin.
public final class Matching {
  private Matching() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        like("like", false, false).inAnyCase(),
        like("notLike", false, true),
        like("ilike", true, false).inAnyCase(),
        like("notILike", true, true),
        regex("match", false).alias("regexp_matches", "regexp_like").inAnyCase(),
        ends("startsWith", true).alias("starts_with"),
        ends("endsWith", false).alias("ends_with"),
        ScalarFunction.of(
                "extract",
                "extract(text, pattern)",
                "The first group, or else the whole, of the first match; empty where there is none.",
                args -> {
                  texts("extract", args, 2);
                  return text(
                      args,
                      (text, p) -> {
                        Matcher matcher = p.matcher(text);
                        if (!matcher.find()) {
                          return "";
                        }
                        String found =
                            matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
                        return found == null ? "" : found;
                      });
                })
            .alias("regexp_extract"),
        replace("replaceRegexpOne", true),
        replace("replaceRegexpAll", false).alias("regexp_replace").inAnyCase());
  }

  private static void texts(String name, List<Argument> args, int count) {
    Arguments.count(name, args, count, count);
    for (int i = 0; i < count; i++) {
      Arguments.requireText(name, args, i);
    }
  }

  private static ScalarFunction like(String name, boolean anyCase, boolean negated) {
    return ScalarFunction.of(
        name,
        name + "(text, pattern[, escape])",
        "Whether the text is "
            + (negated ? "not " : "")
            + "like the pattern: % any characters, _ one"
            + (anyCase ? ", in any case." : "."),
        args -> {
          Arguments.count(name, args, 2, 3);
          Arguments.requireText(name, args, 0);
          Arguments.requireText(name, args, 1);
          char escape =
              args.size() == 3 ? escape(name, Arguments.constantText(name, args, 2)) : '\\';
          return new Binding(
              DataTypes.BOOL,
              (PredicateKernel)
                  (v, rows, scratch, mask) -> {
                    testLike(v, escape, anyCase, rows, scratch, mask);
                    if (negated) {
                      Masks.not(mask, rows);
                    }
                  });
        });
  }

  private static char escape(String name, String text) {
    if (text.length() != 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          name + " wants one character that escapes, such as '!', not '" + text + "'");
    }
    return text.charAt(0);
  }

  private static void testLike(
      List<Vector> v, char escape, boolean anyCase, int rows, Scratch scratch, long[] mask) {
    Vector pattern = v.get(1);
    Vector text = VectorOps.flatten(v.get(0), scratch);
    if (pattern.isConstant()) {
      if (!pattern.isNull(0)) {
        testAll(Patterns.like(string(pattern, 0), escape, anyCase), text, rows, scratch, mask);
      }
      return;
    }
    for (int i = 0; i < rows; i++) {
      if (!pattern.isNull(i)) {
        test(Patterns.like(string(pattern, i), escape, anyCase), text, i, i + 1, mask);
      }
    }
  }

  private static void testAll(
      Patterns.Like like, Vector text, int rows, Scratch scratch, long[] mask) {
    boolean isFree =
        like instanceof Patterns.Like.Pieces(var pieces, boolean start, boolean end)
            && !start
            && !end
            && !pieces.isEmpty();
    if (isFree && text.physical() == Physical.BYTES) {
      testFree((Patterns.Like.Pieces) like, text, rows, scratch, mask);
    } else {
      test(like, text, 0, rows, mask);
    }
  }

  /// Pieces that may stand anywhere: the longest is looked for in all texts at once. Texts that are
  /// still encoded are asked first whether they may hold it.
  private static void testFree(
      Patterns.Like.Pieces like, Vector text, int rows, Scratch scratch, long[] mask) {
    byte[] longest =
        like.pieces().stream().max(Comparator.comparingInt(piece -> piece.length)).orElseThrow();
    LateTexts late = rows == text.rows() ? text.lateTexts() : null;
    if (late == null) {
      find(like, longest, text, rows, mask);
      return;
    }
    long[] maybe = Masks.create(rows);
    late.mayHold(longest, maybe);
    int[] selection = new int[Masks.count(maybe)];
    int count = Masks.toSelection(maybe, selection);
    long[] found = Masks.create(count);
    find(like, longest, VectorOps.gather(text, selection, count, scratch), count, found);
    for (int i = 0; i < count; i++) {
      mask[selection[i] >>> 6] |= (found[i >>> 6] >>> i & 1) << selection[i];
    }
  }

  private static void find(
      Patterns.Like.Pieces like, byte[] longest, Vector text, int rows, long[] mask) {
    new PieceSearch(longest).find(text, rows, mask);
    if (like.pieces().size() == 1) {
      return;
    }
    for (int w = 0; w < mask.length; w++) {
      for (long word = mask[w]; word != 0; word &= word - 1) {
        int row = (w << 6) + Long.numberOfTrailingZeros(word);
        if (!holds(like, text, row)) {
          mask[w] &= ~(1L << row);
        }
      }
    }
  }

  private static void test(Patterns.Like like, Vector text, int from, int to, long[] mask) {
    for (int i = from; i < to; i++) {
      boolean holds =
          switch (like) {
            case Patterns.Like.Pieces pieces -> holds(pieces, text, i);
            case Patterns.Like.Regex regex -> !text.isNull(i) && regex.matches(string(text, i));
          };
      mask[i >>> 6] |= holds ? 1L << i : 0;
    }
  }

  private static boolean holds(Patterns.Like.Pieces like, Vector text, int row) {
    MemorySegment bytes = text.values();
    long from;
    long to;
    if (text.physical() == Physical.FIXED) {
      from = (long) row * text.width();
      to = from + text.width();
    } else {
      from = text.offsets().get(Vector.I32, row * 4L);
      to = text.offsets().get(Vector.I32, row * 4L + 4);
    }
    List<byte[]> pieces = like.pieces();
    int first = 0;
    int last = pieces.size();
    if (like.anchoredStart() && like.anchoredEnd() && last == 1) {
      return to - from == pieces.getFirst().length
          && Search.startsWith(bytes, from, to, pieces.getFirst());
    }
    if (like.anchoredStart() && last > 0) {
      if (!Search.startsWith(bytes, from, to, pieces.getFirst())) {
        return false;
      }
      from += pieces.getFirst().length;
      first++;
    }
    if (like.anchoredEnd() && last > first) {
      if (!Search.endsWith(bytes, from, to, pieces.getLast())) {
        return false;
      }
      to -= pieces.getLast().length;
      last--;
    }
    for (int p = first; p < last; p++) {
      long at = Search.indexOf(bytes, from, to, pieces.get(p));
      if (at < 0) {
        return false;
      }
      from = at + pieces.get(p).length;
    }
    return true;
  }

  private static ScalarFunction regex(String name, boolean anyCase) {
    return ScalarFunction.of(
        name,
        name + "(text, pattern)",
        "Whether the regular expression (RE2) matches somewhere in the text.",
        args -> {
          texts(name, args, 2);
          return new Binding(
              DataTypes.BOOL,
              (PredicateKernel)
                  (v, rows, _, mask) -> {
                    Pattern pattern = constantPattern(v.get(1), anyCase);
                    for (int i = 0; i < rows; i++) {
                      if (v.get(0).isNull(i) || v.get(1).isNull(i)) {
                        continue;
                      }
                      Pattern own =
                          pattern != null ? pattern : Patterns.regex(string(v.get(1), i), 0);
                      boolean found = own.matcher(string(v.get(0), i)).find();
                      mask[i >>> 6] |= found ? 1L << i : 0;
                    }
                  });
        });
  }

  private static Pattern constantPattern(Vector pattern, boolean anyCase) {
    return pattern.isConstant() && pattern.rows() > 0 && !pattern.isNull(0)
        ? Patterns.regex(string(pattern, 0), anyCase ? Pattern.CASE_INSENSITIVE : 0)
        : null;
  }

  private static ScalarFunction ends(String name, boolean start) {
    return ScalarFunction.of(
        name,
        name + "(text, piece)",
        "Whether the text " + (start ? "begins" : "ends") + " with the piece.",
        args -> {
          texts(name, args, 2);
          return new Binding(
              DataTypes.BOOL,
              (PredicateKernel)
                  (v, rows, _, mask) -> {
                    for (int i = 0; i < rows; i++) {
                      if (v.get(0).isNull(i) || v.get(1).isNull(i)) {
                        continue;
                      }
                      MemorySegment text = v.get(0).getSegment(i);
                      byte[] piece = v.get(1).getBytes(i);
                      boolean holds =
                          start
                              ? Search.startsWith(text, 0, text.byteSize(), piece)
                              : Search.endsWith(text, 0, text.byteSize(), piece);
                      mask[i >>> 6] |= holds ? 1L << i : 0;
                    }
                  });
        });
  }

  private interface Rewrite {
    String apply(String text, Pattern pattern);
  }

  private static Binding text(List<Argument> args, Rewrite rewrite) {
    return new Binding(
        DataTypes.STRING,
        (v, rows, scratch) -> {
          Pattern pattern = constantPattern(v.get(1), false);
          VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
          for (int i = 0; i < rows; i++) {
            if (v.get(0).isNull(i) || v.get(1).isNull(i)) {
              builder.appendDefault();
              continue;
            }
            Pattern own = pattern != null ? pattern : Patterns.regex(string(v.get(1), i), 0);
            builder.appendBytes(
                rewrite.apply(string(v.get(0), i), own).getBytes(StandardCharsets.UTF_8));
          }
          return builder.build();
        });
  }

  private static ScalarFunction replace(String name, boolean first) {
    return ScalarFunction.of(
        name,
        name + "(text, pattern, replacement)",
        "The text with "
            + (first ? "the first match" : "all matches")
            + " replaced; \\1 is a group.",
        args -> {
          texts(name, args, 3);
          return new Binding(
              DataTypes.STRING,
              (v, rows, scratch) -> {
                Pattern pattern = constantPattern(v.get(1), false);
                Vector fast = replaced(v, pattern, first, rows, scratch);
                if (fast != null) {
                  return fast;
                }
                VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
                for (int i = 0; i < rows; i++) {
                  if (v.get(0).isNull(i) || v.get(1).isNull(i) || v.get(2).isNull(i)) {
                    builder.appendDefault();
                    continue;
                  }
                  Pattern own = pattern != null ? pattern : Patterns.regex(string(v.get(1), i), 0);
                  String with = groups(string(v.get(2), i));
                  Matcher matcher = own.matcher(string(v.get(0), i));
                  String result = first ? matcher.replaceFirst(with) : matcher.replaceAll(with);
                  builder.appendBytes(result.getBytes(StandardCharsets.UTF_8));
                }
                return builder.build();
              });
        });
  }

  /// Replaced without strings, or null where pattern or replacement are not that plain.
  private static Vector replaced(
      List<Vector> v, Pattern pattern, boolean first, int rows, Scratch scratch) {
    Vector with = v.get(2);
    if (pattern == null
        || !with.isConstant()
        || with.isNull(0)
        || v.get(0).physical() != Physical.BYTES) {
      return null;
    }
    ByteReplace replace = ByteReplace.of(string(v.get(1), 0), string(with, 0), first).orElse(null);
    if (replace == null) {
      return null;
    }
    String groups = groups(string(with, 0));
    return replace.replaced(
        v.get(0),
        rows,
        text -> {
          Matcher matcher = pattern.matcher(text);
          String result = first ? matcher.replaceFirst(groups) : matcher.replaceAll(groups);
          return result.getBytes(StandardCharsets.UTF_8);
        },
        scratch);
  }

  /// `\1` as the `$1` that the matcher knows, and a plain `$` guarded.
  private static String groups(String replacement) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c == '\\' && i + 1 < replacement.length()) {
        char next = replacement.charAt(++i);
        text.append(Character.isDigit(next) ? "$" + next : "\\" + next);
      } else {
        text.append(c == '$' ? "\\$" : String.valueOf(c));
      }
    }
    return text.toString();
  }

  static String string(Vector vector, int row) {
    return new String(vector.getBytes(row), StandardCharsets.UTF_8);
  }
}
