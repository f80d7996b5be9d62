// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Java clients of earlier releases, each as a program of its own: they ask in older versions of
/// every request, among them those with one group in the place of many.
final class OldClientsTest {
  private static final Path JARS =
      Path.of(System.getProperty("varve.kafka.clients", "target/kafka-clients"));

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"2.8.2", "3.9.1"})
  void produceConsumeAndCommitAsTheyDidWithKafka(String release) throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(JARS), "older clients are not in " + JARS);
    try (BrokerHarness server = new BrokerHarness(directory.resolve("data"))) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64");
      assertThat(run(release, server.address()))
          .containsSubsequence(
              "topics [events, notes]", "partitions 2", "events 200", "notes 2", "again 0");
      assertThat(server.count("events")).isEqualTo(200);
      assertThat(server.broker().lastDefect()).isNull();
    }
  }

  private String run(String release, String address) throws Exception {
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                JARS.resolve("kafka-clients-" + release + ".jar").toAbsolutePath()
                    + File.pathSeparator
                    + JARS.resolve("slf4j-api-1.7.36.jar").toAbsolutePath(),
                Path.of("src/test/resources/clients/OldClient.java").toAbsolutePath().toString(),
                address)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    String output = Files.readString(out);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
