// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Prints the figures of a suite: a line for each query, then the means.
final class SuiteReport {
  private final PrintStream out;

  SuiteReport(PrintStream out) {
    this.out = out;
  }

  void print(Figure figure) {
    if (!figure.isRight()) {
      out.printf(Locale.ROOT, "%-5s WRONG %s%n", figure.query(), figure.wrong());
      return;
    }
    String clickhouse =
        figure.hasClickHouse()
            ? String.format(Locale.ROOT, "   clickhouse %8.1f ms", figure.clickhouse())
            : "";
    out.printf(
        Locale.ROOT,
        "%-5s varve %8.1f ms (first %8.1f, floor %6.1f)   duckdb %8.1f ms%s   ratio %5.2f%s%n",
        figure.query(),
        figure.varve(),
        figure.first(),
        figure.floor(),
        figure.duckdb(),
        clickhouse,
        figure.ratio(),
        figure.note().isEmpty() ? "" : "   clickhouse: " + figure.note());
  }

  void summarize(List<Figure> figures, boolean timed) {
    List<Figure> right = figures.stream().filter(Figure::isRight).toList();
    out.printf(Locale.ROOT, "%d of %d agree with DuckDB%n", right.size(), figures.size());
    if (!timed || right.isEmpty()) {
      return;
    }
    mean("DuckDB's", right, figure -> figure.varve() / figure.duckdb());
    List<Figure> both = right.stream().filter(Figure::hasClickHouse).toList();
    if (!both.isEmpty()) {
      mean("ClickHouse's", both, figure -> figure.varve() / figure.clickhouse());
      mean("the better's", right, Figure::ratio);
    }
    List<String> slow =
        right.stream().filter(figure -> figure.ratio() > 2).map(Figure::query).toList();
    out.println("slower than twice the better: " + (slow.isEmpty() ? "none" : slow));
  }

  private void mean(String whose, List<Figure> figures, ToDoubleFunction<Figure> ratio) {
    double logarithms = figures.stream().mapToDouble(f -> Math.log(ratio.applyAsDouble(f))).sum();
    out.printf(
        Locale.ROOT,
        "geometric mean of times: %.2f of %s (%d queries)%n",
        Math.exp(logarithms / figures.size()),
        whose,
        figures.size());
  }
}
