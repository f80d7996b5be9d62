// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// What every suite can be told.
public final class SuiteOptions {
  @Option(names = "--scale", description = "scale factor (default: ${DEFAULT-VALUE})")
  double scale = 1;

  @Option(names = "--runs", description = "hot runs of each query (default: ${DEFAULT-VALUE})")
  int runs = 5;

  @Option(names = "--threads", description = "threads of each engine (default: all cores)")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--dir", description = "where data is kept (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("target", "bench");

  @Option(names = "--only", split = ",", description = "these queries only, as in q01,q14")
  List<String> only = List.of();

  @Option(
      names = "--memory",
      description = "MiB that a query of either engine may use (default: what the engine allows)")
  long memoryMiB;

  @Option(names = "--no-clickhouse", description = "leave ClickHouse out where it is installed")
  boolean noClickHouse;

  @Option(names = "--json", description = "also write the figures to this file")
  Path json;

  public double scale() {
    return scale;
  }

  /// Where the data of a suite of this name and scale is kept.
  public Path directory(String suite) {
    return directory.toAbsolutePath().resolve(suite + "-" + scale);
  }
}
