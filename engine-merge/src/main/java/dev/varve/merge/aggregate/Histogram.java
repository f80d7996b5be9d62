// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;

/// An adaptive histogram: the nearest two points become one until as many are left as bins are
/// wanted; borders lie half way between points.
final class Histogram {
  private record Point(double mean, double weight) {}

  private Histogram() {}

  static void append(List<HeapValue[]> rows, int bins, VectorBuilder to) {
    List<Point> points = new ArrayList<>();
    rows.stream()
        .mapToDouble(row -> row[0].asDouble())
        .filter(value -> !Double.isNaN(value))
        .sorted()
        .forEach(value -> points.add(new Point(value, 1)));
    if (points.isEmpty()) {
      to.endList();
      return;
    }
    double least = points.getFirst().mean();
    double greatest = points.getLast().mean();
    while (points.size() > bins) {
      joinNearest(points);
    }
    double from = least;
    for (int i = 0; i < points.size(); i++) {
      double end =
          i + 1 < points.size() ? (points.get(i).mean() + points.get(i + 1).mean()) / 2 : greatest;
      VectorBuilder bin = to.child(0);
      bin.child(0).appendDouble(from);
      bin.child(1).appendDouble(end);
      double height = points.get(i).weight();
      if (points.size() > 1) {
        height = share(points, i);
      }
      bin.child(2).appendDouble(height);
      bin.endStruct();
      from = end;
    }
    to.endList();
  }

  // Half of a point's weight lies on each side of it; the outer halves go to their own bin.
  private static double share(List<Point> points, int at) {
    double own = points.get(at).weight();
    double before = at > 0 ? points.get(at - 1).weight() : own;
    double after = at + 1 < points.size() ? points.get(at + 1).weight() : own;
    double low = at > 0 ? (before + 3 * own) / 8 : own / 2;
    double high = at + 1 < points.size() ? (after + 3 * own) / 8 : own / 2;
    return low + high;
  }

  private static void joinNearest(List<Point> points) {
    int best = 0;
    for (int i = 1; i + 1 < points.size(); i++) {
      double gap = points.get(i + 1).mean() - points.get(i).mean();
      if (gap < points.get(best + 1).mean() - points.get(best).mean()) {
        best = i;
      }
    }
    Point a = points.get(best);
    Point b = points.remove(best + 1);
    double weight = a.weight() + b.weight();
    points.set(best, new Point((a.mean() * a.weight() + b.mean() * b.weight()) / weight, weight));
  }
}
