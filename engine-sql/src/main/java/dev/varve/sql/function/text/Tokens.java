// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/// Words of a text as one looks for them: runs of letters and digits.
public final class Tokens {
  private Tokens() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        ofWords(
                "hasAllTokens",
                "Whether each of the words, a text or an array, is one of the text's.",
                List::containsAll)
            .alias("hasAllToken"),
        ofWords(
                "hasAnyTokens",
                "Whether one of the words, a text or an array, is one of the text's.",
                (text, words) -> !Collections.disjoint(text, words))
            .alias("hasAnyToken"),
        Declared.rows(
                "hasPhrase(text String, phrase String)",
                "Whether the words of the phrase stand in the text one after another.",
                DataTypes.UINT8,
                (v, row, to) -> {
                  List<String> phrase = words(v.get(1), row);
                  int at = Collections.indexOfSubList(words(v.get(0), row), phrase);
                  to.appendLong(at >= 0 && !phrase.isEmpty() ? 1 : 0);
                })
            .alias("matchPhrase"),
        Declared.rows(
            "reverseBySeparator(text String[, separator String])",
            "The pieces between separators, by default dots, from the last to the first.",
            DataTypes.STRING,
            (v, row, to) -> {
              String separator = v.size() > 1 ? RowBinding.bytes(v.get(1), row) : ".";
              RowBinding.appendBytes(reversed(RowBinding.bytes(v.getFirst(), row), separator), to);
            }),
        Declared.rows(
            "caseFoldUTF8(text String)",
            "The text as texts are compared that differ in case alone.",
            DataTypes.STRING,
            (v, row, to) ->
                RowBinding.append(
                    RowBinding.text(v.getFirst(), row)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT),
                    to)),
        Declared.rows(
            "compareSubstrings(a String, b String, from_a Int, from_b Int, bytes Int)",
            "-1, 0 or 1: how pieces of two texts compare byte by byte.",
            DataTypes.INT8,
            (v, row, to) -> {
              String a = piece(v, 0, row);
              String b = piece(v, 1, row);
              to.appendLong(Integer.signum(a.compareTo(b)));
            }));
  }

  private static ScalarFunction ofWords(
      String name, String doc, BiPredicate<List<String>, List<String>> holds) {
    return Declared.bound(
        name + "(text String, words Any)",
        doc,
        args -> {
          DataType words = args.get(1).plain();
          boolean fits =
              Arguments.isText(words)
                  || words instanceof DataType.Nothing
                  || words instanceof DataType.Array(DataType element)
                      && (Arguments.isText(element) || element instanceof DataType.Nothing);
          if (!fits) {
            throw Arguments.illegal(name, 1, args.get(1).type(), "a text or an array of texts");
          }
          return RowBinding.of(
              DataTypes.UINT8,
              (v, row, to) ->
                  to.appendLong(holds.test(words(v.get(0), row), wanted(v.get(1), row)) ? 1 : 0));
        });
  }

  private static String piece(List<Vector> v, int which, int row) {
    String text = RowBinding.bytes(v.get(which), row);
    int from = (int) Math.clamp(v.get(2 + which).getLong(row), 0, text.length());
    long bytes = Math.clamp(v.get(4).getLong(row), 0, text.length() - (long) from);
    return text.substring(from, from + (int) bytes);
  }

  private static String reversed(String text, String separator) {
    if (separator.isEmpty()) {
      return new StringBuilder(text).reverse().toString();
    }
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      pieces.add(text.substring(from, at));
      from = at + separator.length();
    }
    pieces.add(text.substring(from));
    return String.join(separator, pieces.reversed());
  }

  private static List<String> wanted(Vector words, int row) {
    return words.physical() == Physical.LIST ? RowBinding.texts(words, row) : words(words, row);
  }

  private static List<String> words(Vector texts, int row) {
    List<String> words = new ArrayList<>();
    String text = RowBinding.bytes(texts, row);
    int from = 0;
    for (int at = 0; at <= text.length(); at++) {
      if (at == text.length() || !isPart(text.charAt(at))) {
        if (at > from) {
          words.add(text.substring(from, at));
        }
        from = at + 1;
      }
    }
    return words;
  }

  private static boolean isPart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80;
  }
}
