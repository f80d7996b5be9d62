// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How much of a text's short pieces another one shares: pieces of four bytes, or of three
/// characters for the `UTF8` kinds.
public final class Ngrams {
  private Ngrams() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (String kind : List.of("", "CaseInsensitive", "UTF8", "CaseInsensitiveUTF8")) {
      boolean characters = kind.endsWith("UTF8");
      boolean anyCase = kind.startsWith("Case");
      all.add(
          of(
              "ngramDistance" + kind,
              "0 for texts of the same pieces, 1 for none in common.",
              characters,
              anyCase,
              true));
      all.add(
          of(
              "ngramSearch" + kind,
              "The share of the second text's pieces that are in the first; 1 for a text without pieces.",
              characters,
              anyCase,
              false));
    }
    return all;
  }

  private static ScalarFunction of(
      String name, String doc, boolean characters, boolean anyCase, boolean distance) {
    return Declared.rows(
        name + "(text String, other String)",
        doc,
        DataTypes.FLOAT32,
        (v, row, to) -> {
          Map<String, Integer> text = pieces(read(v.get(0), row, characters, anyCase), characters);
          Map<String, Integer> other = pieces(read(v.get(1), row, characters, anyCase), characters);
          to.appendDouble(distance ? distance(text, other) : shared(text, other));
        });
  }

  private static int[] read(
      dev.varve.storage.vector.Vector texts, int row, boolean characters, boolean anyCase) {
    String text = characters ? RowBinding.text(texts, row) : RowBinding.bytes(texts, row);
    String cased =
        !anyCase ? text : characters ? text.toLowerCase(Locale.ROOT) : TextCase.asciiLower(text);
    return cased.codePoints().toArray();
  }

  private static Map<String, Integer> pieces(int[] text, boolean characters) {
    int n = characters ? 3 : 4;
    Map<String, Integer> pieces = new HashMap<>();
    for (int i = 0; i + n <= text.length; i++) {
      pieces.merge(new String(text, i, n), 1, Integer::sum);
    }
    return pieces;
  }

  private static int total(Map<String, Integer> pieces) {
    return pieces.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static int common(Map<String, Integer> a, Map<String, Integer> b) {
    int common = 0;
    for (Map.Entry<String, Integer> piece : a.entrySet()) {
      common += Math.min(piece.getValue(), b.getOrDefault(piece.getKey(), 0));
    }
    return common;
  }

  private static float distance(Map<String, Integer> a, Map<String, Integer> b) {
    int all = total(a) + total(b);
    return (all - 2 * common(a, b)) / (float) Math.max(1, all);
  }

  private static float shared(Map<String, Integer> text, Map<String, Integer> other) {
    return other.isEmpty() ? 1 : common(other, text) / (float) total(other);
  }
}
