// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How often values of two categories come together, and what that says of their association.
final class Categories {
  private final Map<HeapValue, Double> first = new HashMap<>();
  private final Map<HeapValue, Double> second = new HashMap<>();
  private final Map<List<HeapValue>, Double> both = new HashMap<>();
  private final double total;

  Categories(List<HeapValue[]> rows) {
    total = rows.size();
    for (HeapValue[] row : rows) {
      first.merge(row[0], 1.0, Double::sum);
      second.merge(row[1], 1.0, Double::sum);
      both.merge(List.of(row[0], row[1]), 1.0, Double::sum);
    }
  }

  double measure(String function) {
    if (total < 2) {
      return Double.NaN;
    }
    double phi = phiSquared();
    double least = Math.min(first.size(), second.size());
    return switch (function) {
      case "cramersV" -> Math.sqrt(phi / (least - 1));
      case "cramersVBiasCorrected" -> corrected(phi);
      case "contingency" -> Math.sqrt(phi / (phi + 1));
      default -> uncertainty();
    };
  }

  private double phiSquared() {
    double chi = 0;
    for (Map.Entry<List<HeapValue>, Double> cell : both.entrySet()) {
      double expected = first.get(cell.getKey().get(0)) * second.get(cell.getKey().get(1)) / total;
      chi += cell.getValue() * cell.getValue() / expected;
    }
    return Math.max(0, (chi - total) / total);
  }

  private double corrected(double phi) {
    double a = first.size();
    double b = second.size();
    double less = Math.max(0, phi - (a - 1) * (b - 1) / (total - 1));
    double rows = a - (a - 1) * (a - 1) / (total - 1);
    double columns = b - (b - 1) * (b - 1) / (total - 1);
    return Math.sqrt(less / (Math.min(rows, columns) - 1));
  }

  // How much less uncertain the first category is once the second is known.
  private double uncertainty() {
    double entropy = 0;
    for (double count : first.values()) {
      entropy -= count / total * Math.log(count / total);
    }
    double conditional = 0;
    for (Map.Entry<List<HeapValue>, Double> cell : both.entrySet()) {
      double share = cell.getValue() / total;
      conditional -= share * Math.log(cell.getValue() / second.get(cell.getKey().get(1)));
    }
    return entropy == 0 ? 0 : (entropy - conditional) / entropy;
  }
}
