// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `varve demo`.
@Command(
    name = "demo",
    description = {
      "Starts a server, streams TPC-H orders that change through the stock Kafka producer into a",
      "Replacing, a Collapsing and a Summing table, and checks over JDBC, while they stream, that",
      "every count is exact. Exit status 0 says that all were."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "where the data goes (default: a temporary folder, removed at the end)")
  Path directory;

  @Option(
      names = "--scale",
      paramLabel = "FACTOR",
      description = "TPC-H scale factor; 0.12 is 1.7 million records (default: ${DEFAULT-VALUE})")
  double scale = 0.12;

  @Option(names = "--seed", description = "seed of the stream (default: ${DEFAULT-VALUE})")
  long seed = 1;

  @Option(names = "--keep", description = "leave the server running and the data in place")
  boolean keep;

  @Override
  public Integer call() throws Exception {
    boolean temporary = directory == null;
    Path place = temporary ? Files.createTempDirectory("varve-demo-") : directory;
    Files.createDirectories(place);
    return new Demo(place, temporary, scale, seed, keep, System.out, System.console() != null)
        .run();
  }
}
