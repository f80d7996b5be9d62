// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Runs Kafka's own console tools, each a process of its own, as its shell scripts start them. They
/// want the clients of their own release, which the build lays in a folder.
final class KafkaTools {
  private static final Path JARS =
      Path.of(System.getProperty("varve.kafka.tools", "target/kafka-tools"));

  private final Path directory;
  private final String address;

  /// @param directory for what the tools print
  /// @param address of the broker
  KafkaTools(Path directory, String address) {
    this.directory = directory;
    this.address = address;
  }

  static void assumeThere() {
    Assumptions.assumeTrue(Files.isDirectory(JARS), "Kafka's tools are not in " + JARS);
  }

  /// What a tool prints; it must succeed.
  String run(String tool, String... arguments) throws Exception {
    return run(Path.of("/dev/null"), tool, arguments);
  }

  /// The same of one that reads a file.
  String run(Path input, String tool, String... arguments) throws Exception {
    Path out = Files.createTempFile(directory, "out", "");
    int exit = start(input, out, tool, arguments);
    String output = printed(out);
    assertThat(exit).as(tool + ": " + output).isZero();
    return output;
  }

  /// What a tool prints that must fail.
  String fail(String tool, String... arguments) throws Exception {
    Path out = Files.createTempFile(directory, "out", "");
    int exit = start(Path.of("/dev/null"), out, tool, arguments);
    String output = printed(out);
    assertThat(exit).as(tool + ": " + output).isNotZero();
    return output;
  }

  /// Without what the logging library says about itself.
  private static String printed(Path out) throws IOException {
    return Files.readString(out).replaceAll("(?m)^SLF4J: .*\\R", "");
  }

  private int start(Path input, Path output, String tool, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-cp", JARS.toAbsolutePath() + "/*", tool));
    List<String> broker = List.of("--bootstrap-server", address);
    command.addAll(List.of(arguments));
    // This one has the address behind its command, where others want it in front.
    boolean isBehind = tool.endsWith("ClusterTool");
    command.addAll(isBehind ? command.size() : command.size() - arguments.length, broker);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(tool).isTrue();
    return process.exitValue();
  }
}
