// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.util.List;
import java.util.Locale;

/// The figures of a run as JSON.
final class Json {
  private Json() {}

  static String of(String suite, SuiteOptions options, List<Figure> figures) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "{\"suite\": %s, \"scale\": %s, \"threads\": %d, \"runs\": %d, \"queries\": [",
            quoted(suite),
            options.scale,
            options.threads,
            options.runs));
    for (int i = 0; i < figures.size(); i++) {
      Figure figure = figures.get(i);
      text.append(i == 0 ? "\n" : ",\n");
      text.append(figure.isRight() ? times(figure) : wrong(figure));
    }
    return text.append("\n]}\n").toString();
  }

  private static String times(Figure figure) {
    String clickhouse =
        figure.hasClickHouse()
            ? String.format(Locale.ROOT, ", \"clickhouse_ms\": %.3f", figure.clickhouse())
            : "";
    return String.format(
        Locale.ROOT,
        "  {\"query\": %s, \"varve_ms\": %.3f, \"first_ms\": %.3f, \"floor_ms\": %.3f,"
            + " \"duckdb_ms\": %.3f%s, \"ratio\": %.3f}",
        quoted(figure.query()),
        figure.varve(),
        figure.first(),
        figure.floor(),
        figure.duckdb(),
        clickhouse,
        figure.ratio());
  }

  private static String wrong(Figure figure) {
    return "  {\"query\": "
        + quoted(figure.query())
        + ", \"wrong\": "
        + quoted(figure.wrong())
        + "}";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
