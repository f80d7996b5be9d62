// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.util.List;
import java.util.Locale;

/// The figures of a run as JSON.
final class Json {
  private Json() {}

  static String of(String suite, SuiteOptions options, List<SuiteRun.Figure> figures) {
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
      SuiteRun.Figure figure = figures.get(i);
      text.append(i == 0 ? "\n" : ",\n");
      text.append(
          figure.isRight()
              ? String.format(
                  Locale.ROOT,
                  "  {\"query\": %s, \"varve_ms\": %.3f, \"first_ms\": %.3f, \"duckdb_ms\": %.3f}",
                  quoted(figure.query()),
                  figure.varve(),
                  figure.first(),
                  figure.duckdb())
              : "  {\"query\": "
                  + quoted(figure.query())
                  + ", \"wrong\": "
                  + quoted(figure.wrong())
                  + "}");
    }
    return text.append("\n]}\n").toString();
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
