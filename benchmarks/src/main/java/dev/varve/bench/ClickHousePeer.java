// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An embedded ClickHouse (the npm package `chdb`) as a process of its own, where it is installed.
final class ClickHousePeer {
  private static final String SCRIPT = "chdb-run.cjs";

  private final Path packages;

  private ClickHousePeer(Path packages) {
    this.packages = packages;
  }

  /// @param home the folder of the peers
  static Optional<ClickHousePeer> in(Path home) {
    Path packages = home.resolve("npm");
    return Files.isDirectory(packages.resolve("node_modules").resolve("chdb"))
        ? Optional.of(new ClickHousePeer(packages))
        : Optional.empty();
  }

  /// Runs the statements on an empty database.
  ///
  /// @return the rows of all queries: a name and a number
  Map<String, Long> run(Path directory, List<String> statements)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path script = directory.resolve(SCRIPT);
    try (InputStream from = ClickHousePeer.class.getResourceAsStream(SCRIPT)) {
      Files.copy(from, script, StandardCopyOption.REPLACE_EXISTING);
    }
    Path file = directory.resolve("statements.sql");
    Files.write(file, statements);
    Path errors = directory.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                "node",
                script.toString(),
                packages.toString(),
                directory.resolve("data").toString(),
                file.toString())
            .redirectError(errors.toFile())
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("ClickHouse failed: " + Files.readString(errors));
    }
    Map<String, Long> rows = new LinkedHashMap<>();
    for (String line : output.split("\n")) {
      String[] fields = line.split("\t");
      if (fields.length == 2) {
        rows.put(fields[0], Long.parseLong(fields[1]));
      }
    }
    return rows;
  }
}
