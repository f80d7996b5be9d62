// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.vector.VectorBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Results that look at rows in their order: sums of increases, moving windows, overlapping
/// intervals.
final class Deltas {
  private Deltas() {}

  static List<HeapValue[]> byTime(List<HeapValue[]> rows, int column) {
    List<HeapValue[]> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparing(row -> row[column]));
    return sorted;
  }

  /// What the first values of rows grew by, decreases left out.
  static void sum(List<HeapValue[]> rows, VectorBuilder to) {
    boolean isFloat = to.type().physical().isFloat();
    BigInteger whole = BigInteger.ZERO;
    double real = 0;
    for (int i = 1; i < rows.size(); i++) {
      HeapValue before = rows.get(i - 1)[0];
      HeapValue now = rows.get(i)[0];
      if (now.compareTo(before) <= 0) {
        continue;
      }
      if (isFloat) {
        real += now.asDouble() - before.asDouble();
      } else {
        whole = whole.add(now.vector().getInteger(0).subtract(before.vector().getInteger(0)));
      }
    }
    if (isFloat) {
      to.appendDouble(real);
    } else {
      to.appendInteger(whole);
    }
  }

  /// The slope from the row of the least x to that of the greatest.
  static void boundingRatio(List<HeapValue[]> rows, VectorBuilder to) {
    if (rows.isEmpty()) {
      to.appendDouble(Double.NaN);
      return;
    }
    List<HeapValue[]> sorted = byTime(rows, 0);
    HeapValue[] first = sorted.getFirst();
    HeapValue[] last = sorted.getLast();
    to.appendDouble(
        (last[1].asDouble() - first[1].asDouble()) / (last[0].asDouble() - first[0].asDouble()));
  }

  private record Edge(HeapValue at, int step) {}

  /// The greatest number of intervals `[from, to)` that overlap, or where that begins.
  static void overlap(List<HeapValue[]> rows, boolean position, VectorBuilder to) {
    List<Edge> edges = new ArrayList<>();
    for (HeapValue[] row : rows) {
      edges.add(new Edge(row[0], 1));
      edges.add(new Edge(row[1], -1));
    }
    edges.sort(Comparator.comparing(Edge::at).thenComparingInt(Edge::step));
    long open = 0;
    long most = 0;
    HeapValue where = null;
    for (Edge edge : edges) {
      open += edge.step();
      if (open > most) {
        most = open;
        where = edge.at();
      }
    }
    if (!position) {
      to.appendLong(most);
    } else if (where == null) {
      to.appendDefault();
    } else {
      where.appendTo(to);
    }
  }

  /// Sums or means of each value and those before it in a window.
  static void moving(List<HeapValue[]> rows, long window, boolean average, VectorBuilder to) {
    VectorBuilder elements = to.child(0);
    long width = Math.min(window, rows.size());
    boolean isFloat = elements.type().physical().isFloat();
    BigDecimal exact = BigDecimal.ZERO;
    double real = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (isFloat) {
        real += rows.get(i)[0].asDouble();
        real -= i >= width ? rows.get((int) (i - width))[0].asDouble() : 0;
        elements.appendDouble(average ? real / width : real);
      } else {
        exact = exact.add(new BigDecimal(rows.get(i)[0].vector().getInteger(0)));
        if (i >= width) {
          exact =
              exact.subtract(new BigDecimal(rows.get((int) (i - width))[0].vector().getInteger(0)));
        }
        elements.appendInteger(exact.toBigInteger());
      }
    }
    to.endList();
  }
}
