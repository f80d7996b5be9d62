// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs the JMH benchmarks of `dev.varve.bench.micro`.
///
/// Each fork gets the options of this JVM. `MemoryBandwidth` always runs along: it is what the
/// other figures are held against.
@Command(
    name = "micro",
    description = "kernels by JMH, beside the memory bandwidth of the same run",
    mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {
  private static final String BANDWIDTH = "micro.MemoryBandwidth";

  @Parameters(
      arity = "0..*",
      paramLabel = "PATTERN",
      description = "regular expressions over class and method names (default: all)")
  List<String> patterns = new ArrayList<>();

  @Option(names = "--forks", description = "JVMs per benchmark (default: ${DEFAULT-VALUE})")
  int forks = 1;

  @Option(
      names = "--iterations",
      description = "measured iterations of a fork (default: ${DEFAULT-VALUE})")
  int iterations = 5;

  @Option(names = "--seconds", description = "length of an iteration (default: ${DEFAULT-VALUE})")
  int seconds = 1;

  @Option(
      names = "--warmup",
      description = "iterations before the measured ones (default: as many)")
  int warmup = -1;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUES",
      description = "only these values of a parameter, as shape=plain,delta")
  Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--json", description = "also write the results there")
  Path json;

  @Override
  public Integer call() throws Exception {
    Machine.print(System.out);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(forks)
            .warmupIterations(warmup < 0 ? iterations : warmup)
            .warmupTime(TimeValue.seconds(seconds))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.seconds(seconds))
            .shouldFailOnError(true);
    if (patterns.isEmpty()) {
      options.include("dev\\.varve\\.bench\\.micro\\.");
    } else {
      patterns.forEach(options::include);
      options.include(BANDWIDTH);
    }
    parameters.forEach((name, values) -> options.param(name, values.split(",")));
    if (json != null) {
      if (json.toAbsolutePath().getParent() != null) {
        Files.createDirectories(json.toAbsolutePath().getParent());
      }
      options.resultFormat(ResultFormatType.JSON).result(json.toString());
    }
    new Runner(options.build()).run();
    return 0;
  }
}
