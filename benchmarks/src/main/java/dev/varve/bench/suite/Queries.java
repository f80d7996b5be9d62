// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Queries kept as resources: `SUITE/qNN.sql`.
final class Queries {
  private Queries() {}

  static Map<String, String> of(String suite, int count) throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    for (int i = 1; i <= count; i++) {
      String name = String.format(java.util.Locale.ROOT, "q%02d", i);
      try (InputStream text = Queries.class.getResourceAsStream(suite + "/" + name + ".sql")) {
        if (text == null) {
          throw new IOException("no query " + suite + "/" + name);
        }
        queries.put(name, new String(text.readAllBytes(), StandardCharsets.UTF_8).strip());
      }
    }
    return queries;
  }

  /// Those of these queries that an engine takes in words of its own: `SUITE/qNN.ENGINE.sql`.
  static Map<String, String> of(String suite, String engine, Set<String> names) throws IOException {
    Map<String, String> own = new LinkedHashMap<>();
    for (String name : names) {
      String path = suite + "/" + name + "." + engine + ".sql";
      try (InputStream text = Queries.class.getResourceAsStream(path)) {
        if (text != null) {
          own.put(name, new String(text.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
      }
    }
    return own;
  }
}
