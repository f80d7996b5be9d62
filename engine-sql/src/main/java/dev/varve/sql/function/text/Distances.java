// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// How far two texts are from each other: edits, places that differ, pieces in common.
public final class Distances {
  private Distances() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        of(
                "editDistance",
                "How many edits of one byte turn one text into the other.",
                true,
                DataTypes.UINT64,
                Distances::edits)
            .alias("levenshteinDistance"),
        of(
                "editDistanceUTF8",
                "How many edits of one character turn one text into the other.",
                false,
                DataTypes.UINT64,
                Distances::edits)
            .alias("levenshteinDistanceUTF8"),
        of(
            "damerauLevenshteinDistance",
            "As editDistance; swapped neighbours are one edit.",
            true,
            DataTypes.UINT64,
            Distances::edits2),
        of(
                "byteHammingDistance",
                "How many bytes of two texts differ.",
                true,
                DataTypes.UINT64,
                Distances::differing)
            .alias("mismatches"),
        of(
            "stringJaccardIndex",
            "Kinds of bytes that two texts share, of all they have.",
            true,
            DataTypes.FLOAT64,
            Distances::jaccard),
        of(
            "stringJaccardIndexUTF8",
            "Kinds of characters that two texts share, of all they have.",
            false,
            DataTypes.FLOAT64,
            Distances::jaccard),
        of(
            "jaroSimilarity",
            "Jaro's measure: 1 for equal texts, 0 for nothing in common.",
            true,
            DataTypes.FLOAT64,
            Distances::jaro),
        of(
            "jaroWinklerSimilarity",
            "Jaro's measure, more for a common beginning.",
            true,
            DataTypes.FLOAT64,
            Distances::winkler));
  }

  private interface Measure {
    double of(int[] a, int[] b);
  }

  private static ScalarFunction of(
      String name, String doc, boolean bytes, DataType type, Measure measure) {
    return Declared.rows(
        name + "(a String, b String)",
        doc,
        type,
        (v, row, to) -> {
          int[] a = Characters.read(v.get(0), row, !bytes).codePoints().toArray();
          int[] b = Characters.read(v.get(1), row, !bytes).codePoints().toArray();
          double measured = measure.of(a, b);
          if (type.physical().isFloat()) {
            to.appendDouble(measured);
          } else {
            to.appendLong((long) measured);
          }
        });
  }

  private static double edits(int[] a, int[] b) {
    return edits(a, b, false);
  }

  private static double edits2(int[] a, int[] b) {
    return edits(a, b, true);
  }

  private static double edits(int[] a, int[] b, boolean swaps) {
    int[] twoBefore = new int[b.length + 1];
    int[] before = new int[b.length + 1];
    for (int j = 0; j <= b.length; j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length; i++) {
      int[] now = new int[b.length + 1];
      now[0] = i;
      for (int j = 1; j <= b.length; j++) {
        int change = before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        now[j] = Math.min(change, 1 + Math.min(before[j], now[j - 1]));
        if (swaps && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
          now[j] = Math.min(now[j], twoBefore[j - 2] + 1);
        }
      }
      twoBefore = before;
      before = now;
    }
    return before[b.length];
  }

  private static double differing(int[] a, int[] b) {
    int count = Math.abs(a.length - b.length);
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return count;
  }

  private static double jaccard(int[] a, int[] b) {
    Set<Integer> x = Arrays.stream(a).boxed().collect(Collectors.toSet());
    Set<Integer> y = Arrays.stream(b).boxed().collect(Collectors.toSet());
    int all = x.size() + y.size();
    x.retainAll(y);
    return all == 0 ? 0 : (double) x.size() / (all - x.size());
  }

  private static double jaro(int[] a, int[] b) {
    if (a.length == 0 || b.length == 0) {
      return a.length == b.length ? 1 : 0;
    }
    int reach = Math.max(0, Math.max(a.length, b.length) / 2 - 1);
    boolean[] inA = new boolean[a.length];
    boolean[] inB = new boolean[b.length];
    int matches = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j++) {
        if (!inB[j] && a[i] == b[j]) {
          inA[i] = true;
          inB[j] = true;
          matches++;
          break;
        }
      }
    }
    int moved = 0;
    int k = 0;
    for (int i = 0; i < a.length; i++) {
      if (inA[i]) {
        while (!inB[k]) {
          k++;
        }
        moved += a[i] == b[k++] ? 0 : 1;
      }
    }
    double m = matches;
    return matches == 0 ? 0 : (m / a.length + m / b.length + (m - moved / 2.0) / m) / 3;
  }

  private static double winkler(int[] a, int[] b) {
    double jaro = jaro(a, b);
    int prefix = 0;
    while (prefix < Math.min(4, Math.min(a.length, b.length)) && a[prefix] == b[prefix]) {
      prefix++;
    }
    return jaro > 0.7 ? jaro + 0.1 * prefix * (1 - jaro) : jaro;
  }
}
