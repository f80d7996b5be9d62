// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Several pieces looked for in one text: `multiSearchAny`, `multiSearchFirstPosition`, … each by
/// bytes or characters (`UTF8`), in the case given or in any.
public final class MultiSearch {
  private MultiSearch() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    for (String kind : List.of("", "CaseInsensitive", "UTF8", "CaseInsensitiveUTF8")) {
      if (!kind.isEmpty()) {
        all.add(
            of(
                "multiSearchAny" + kind,
                "Whether any piece is in the text.",
                DataTypes.UINT8,
                kind,
                (places, to) -> to.appendLong(first(places) >= 0 ? 1 : 0)));
      }
      all.add(
          of(
              "multiSearchFirstIndex" + kind,
              "Which piece, from 1, is the first in the list that is in the text; 0 for none.",
              DataTypes.UINT64,
              kind,
              (places, to) -> to.appendLong(first(places) + 1L)));
      all.add(
          of(
              "multiSearchFirstPosition" + kind,
              "Where, from 1, the piece that comes first in the text begins; 0 for nowhere.",
              DataTypes.UINT64,
              kind,
              (places, to) -> to.appendLong(least(places))));
      all.add(
          of(
              "multiSearchAllPositions" + kind,
              "Where, from 1, each piece begins in the text; 0 for nowhere.",
              DataTypes.array(DataTypes.UINT64),
              kind,
              (places, to) -> {
                for (long place : places) {
                  to.child(0).appendLong(place);
                }
                to.endList();
              }));
    }
    return all;
  }

  private interface Answer {
    /// @param places where each piece begins, from 1, or 0
    void append(long[] places, VectorBuilder to);
  }

  private static ScalarFunction of(
      String name, String doc, DataType type, String kind, Answer answer) {
    boolean characters = kind.endsWith("UTF8");
    boolean anyCase = kind.startsWith("Case");
    return Declared.rows(
        name + "(text String, pieces Strings)",
        doc,
        type,
        (v, row, to) -> {
          String text = read(v.get(0), row, characters, anyCase);
          Vector pieces = v.get(1);
          int from = pieces.listFrom(row);
          long[] places = new long[pieces.listTo(row) - from];
          for (int i = 0; i < places.length; i++) {
            String piece = read(pieces.elements(), from + i, characters, anyCase);
            int at = text.indexOf(piece);
            places[i] = at < 0 ? 0 : (characters ? text.codePointCount(0, at) : at) + 1L;
          }
          answer.append(places, to);
        });
  }

  private static String read(Vector texts, int row, boolean characters, boolean anyCase) {
    String text = characters ? RowBinding.text(texts, row) : RowBinding.bytes(texts, row);
    return !anyCase ? text : characters ? text.toLowerCase(Locale.ROOT) : TextCase.asciiLower(text);
  }

  private static int first(long[] places) {
    for (int i = 0; i < places.length; i++) {
      if (places[i] > 0) {
        return i;
      }
    }
    return -1;
  }

  private static long least(long[] places) {
    long least = 0;
    for (long place : places) {
      least = place > 0 && (least == 0 || place < least) ? place : least;
    }
    return least;
  }
}
