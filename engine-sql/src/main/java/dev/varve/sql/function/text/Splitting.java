// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.List;
import java.util.function.IntPredicate;

/// Texts cut into arrays: at separators, into words, into runs of characters.
public final class Splitting {
  private static final DataType TEXTS = DataTypes.array(DataTypes.STRING);

  private Splitting() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.bound(
            "splitByChar(separator String, text String[, most Int])",
            "The pieces between separators of one byte.",
            Splitting::byChar),
        Declared.rows(
            "splitByString(separator String, text String[, most Int])",
            "The pieces between separators; each byte where the separator is empty.",
            TEXTS,
            (v, row, to) -> pieces(v, row, to)),
        words(
            "splitByWhitespace",
            "The pieces between blanks.",
            c -> c > ' ' || c < '\t' || c > '\r' && c < ' '),
        words(
            "splitByNonAlpha",
            "The pieces between blanks and punctuation.",
            c -> c > ' ' && !(c < 128 && isPunctuation(c)) || c < '\t'),
        words("alphaTokens", "The runs of ASCII letters.", c -> c < 128 && Character.isLetter(c))
            .alias("splitByAlpha"),
        words(
            "tokens",
            "The runs of letters and digits.",
            c -> c >= 128 || Character.isLetterOrDigit(c)),
        Declared.rows(
            "ngrams(text String, n Int)",
            "All pieces of n characters.",
            TEXTS,
            (v, row, to) -> {
              int[] points = RowBinding.text(v.getFirst(), row).codePoints().toArray();
              long n = v.get(1).getLong(row);
              if (n <= 0) {
                throw new VarveException(ErrorCode.BAD_ARGUMENTS, "ngrams wants n above 0");
              }
              for (int i = 0; i + n <= points.length; i++) {
                RowBinding.append(new String(points, i, (int) n), to.child(0));
              }
              to.endList();
            }),
        token("hasToken", false),
        token("hasTokenCaseInsensitive", true),
        tokenOrNull("hasTokenOrNull", false),
        tokenOrNull("hasTokenCaseInsensitiveOrNull", true));
  }

  private static boolean isPunctuation(int c) {
    return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
  }

  private static ScalarFunction.Binding byChar(List<Argument> args) {
    if (args.getFirst().isConstant()
        && Arguments.constantText("splitByChar", args, 0).length() != 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the separator of splitByChar is one byte; use splitByString for longer ones");
    }
    return RowBinding.of(TEXTS, (v, row, to) -> pieces(v, row, to));
  }

  private static void pieces(List<Vector> v, int row, VectorBuilder to) {
    String separator = RowBinding.bytes(v.get(0), row);
    String text = RowBinding.bytes(v.get(1), row);
    long most = v.size() > 2 ? v.get(2).getLong(row) : 0;
    long pieces = 0;
    int from = 0;
    while (most <= 0 || pieces < most) {
      int at = separator.isEmpty() ? from + 1 : text.indexOf(separator, from);
      boolean last = separator.isEmpty() ? at >= text.length() : at < 0;
      if (separator.isEmpty() && text.isEmpty()) {
        break;
      }
      RowBinding.appendBytes(last ? text.substring(from) : text.substring(from, at), to.child(0));
      pieces++;
      if (last) {
        break;
      }
      from = at + separator.length();
    }
    to.endList();
  }

  private static ScalarFunction words(String name, String doc, IntPredicate inWord) {
    return Declared.rows(
        name + "(text String[, most Int])",
        doc,
        TEXTS,
        (v, row, to) -> {
          String text = RowBinding.bytes(v.getFirst(), row);
          long most = v.size() > 1 ? v.get(1).getLong(row) : 0;
          int from = 0;
          long pieces = 0;
          for (int i = 0; i <= text.length() && (most <= 0 || pieces < most); i++) {
            if (i == text.length() || !inWord.test(text.charAt(i))) {
              if (i > from) {
                RowBinding.appendBytes(text.substring(from, i), to.child(0));
                pieces++;
              }
              from = i + 1;
            }
          }
          to.endList();
        });
  }

  private static ScalarFunction token(String name, boolean anyCase) {
    return Declared.rows(
        name + "(text String, token String)",
        "Whether the token stands in the text between characters that are no letters or digits.",
        DataTypes.UINT8,
        (v, row, to) -> {
          String token = RowBinding.bytes(v.get(1), row);
          if (!isToken(token)) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "the token of "
                    + name
                    + " consists of letters and digits, found \""
                    + token
                    + "\"; "
                    + name
                    + "OrNull gives NULL for such");
          }
          to.appendLong(holds(RowBinding.bytes(v.get(0), row), token, anyCase) ? 1 : 0);
        });
  }

  private static ScalarFunction tokenOrNull(String name, boolean anyCase) {
    return Declared.rows(
        name + "(text String, token String)",
        "As the function without OrNull; NULL where the token is none.",
        DataTypes.nullable(DataTypes.UINT8),
        (v, row, to) -> {
          String token = RowBinding.bytes(v.get(1), row);
          if (isToken(token)) {
            to.appendLong(holds(RowBinding.bytes(v.get(0), row), token, anyCase) ? 1 : 0);
          } else {
            to.appendNull();
          }
        });
  }

  private static boolean isToken(String token) {
    return !token.isEmpty() && token.chars().allMatch(Splitting::inToken);
  }

  private static boolean holds(String text, String token, boolean anyCase) {
    String in = anyCase ? TextCase.asciiLower(text) : text;
    String wanted = anyCase ? TextCase.asciiLower(token) : token;
    int at = in.indexOf(wanted);
    while (at >= 0 && !stands(in, at, at + wanted.length())) {
      at = in.indexOf(wanted, at + 1);
    }
    return at >= 0;
  }

  private static boolean stands(String text, int from, int end) {
    return (from == 0 || !inToken(text.charAt(from - 1)))
        && (end == text.length() || !inToken(text.charAt(end)));
  }

  private static boolean inToken(int c) {
    return c >= 128 || Character.isLetterOrDigit(c);
  }
}
