// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.array;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How well scores tell positive labels from others.
final class Ranking {
  private Ranking() {}

  private record Scored(double score, boolean positive) {}

  private static List<Scored> sorted(double[] scores, double[] labels) {
    if (scores.length != labels.length) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "there must be as many scores as labels");
    }
    List<Scored> all = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      all.add(new Scored(scores[i], labels[i] > 0));
    }
    all.sort(Comparator.comparingDouble(Scored::score).reversed());
    return all;
  }

  // Scores that are no number are of one rank.
  private static boolean same(double a, double b) {
    return a == b || Double.isNaN(a) && Double.isNaN(b);
  }

  static double roc(double[] scores, double[] labels) {
    List<Scored> all = sorted(scores, labels);
    double area = 0;
    double positives = 0;
    double negatives = 0;
    int i = 0;
    while (i < all.size()) {
      double before = positives;
      double wide = 0;
      double score = all.get(i).score();
      for (; i < all.size() && same(all.get(i).score(), score); i++) {
        positives += all.get(i).positive() ? 1 : 0;
        wide += all.get(i).positive() ? 0 : 1;
      }
      area += wide * (before + positives) / 2;
      negatives += wide;
    }
    return positives == 0 || negatives == 0 ? Double.NaN : area / (positives * negatives);
  }

  static double precisionRecall(double[] scores, double[] labels) {
    List<Scored> all = sorted(scores, labels);
    double area = 0;
    double positives = 0;
    double before = 0;
    int i = 0;
    while (i < all.size()) {
      double score = all.get(i).score();
      for (; i < all.size() && same(all.get(i).score(), score); i++) {
        positives += all.get(i).positive() ? 1 : 0;
      }
      area += (positives - before) * positives / i;
      before = positives;
    }
    return positives == 0 ? Double.NaN : area / positives;
  }
}
