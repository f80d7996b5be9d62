// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.SelfSigned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// librdkafka through `kcat`, where it is installed.
final class KcatTest {
  @TempDir Path directory;

  @BeforeAll
  static void needsKcat() {
    boolean installed =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat")));
    Assumptions.assumeTrue(installed, "kcat is not installed");
  }

  private record Run(int exit, String output, String errors) {}

  private Run kcat(BrokerHarness server, String input, String... arguments)
      throws IOException, InterruptedException {
    return kcat(server.address(), input, arguments);
  }

  private Run kcat(String address, String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kcat", "-b", address));
    command.addAll(List.of(arguments));
    Path in = Files.writeString(directory.resolve("in"), input);
    Path out = directory.resolve("out");
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(out), Files.readString(errors));
  }

  @Test
  void listsProducesAndConsumes() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory.resolve("data"))) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      assertThat(kcat(server, "", "-L").output()).contains("topic \"events\" with 1 partitions");
      String lines =
          IntStream.range(0, 1_000)
              .mapToObj(i -> "{\"id\":" + i + ",\"name\":\"n" + i + "\"}\n")
              .collect(Collectors.joining());
      for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
        Run run = kcat(server, lines, "-P", "-t", "events", "-z", codec);
        assertThat(run.exit()).as(run.errors()).isZero();
      }
      assertThat(server.count("events")).isEqualTo(5_000);
      Run consumed = kcat(server, "", "-C", "-t", "events", "-o", "beginning", "-e", "-q");
      assertThat(consumed.output().getBytes(StandardCharsets.UTF_8))
          .isEqualTo(lines.repeat(5).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void membersOfAGroupGoOnWhereTheGroupStopped() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory.resolve("data"))) {
      server.createTable("events", "MergeTree", Map.of("shards", "3"), "id", "Int64");
      kcat(server, "{\"id\":1}\n{\"id\":2}\n", "-P", "-t", "events");
      String[] read = {"-G", "readers", "-X", "auto.offset.reset=earliest", "-e", "-q", "events"};
      assertThat(kcat(server, "", read).output().lines()).hasSize(2);
      kcat(server, "{\"id\":3}\n", "-P", "-t", "events");
      assertThat(kcat(server, "", read).output()).isEqualTo("{\"id\":3}\n");
    }
  }

  @Test
  void aBadLineIsRefusedAndTheTopicGoesOn() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory.resolve("data"))) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      Run bad = kcat(server, "no json\n", "-P", "-t", "events");
      assertThat(bad.errors()).contains("failed to validate record");
      Run good = kcat(server, "{\"id\":1}\n", "-P", "-t", "events");
      assertThat(good.exit()).as(good.errors()).isZero();
      assertThat(server.rows("events")).isEqualTo(List.of(List.of(1L, "")));
      assertThat(server.broker().metrics()).containsEntry("kafka_records_refused", 1L);
    }
  }

  @Test
  void encryptsAndLogsIn() throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    BrokerSettings settings =
        BrokerSettings.of(directory.resolve("data/log"), "127.0.0.1", 0)
            .withUsers(new SaslTest.Ada())
            .withTls(certificate.context(), 0);
    try (BrokerHarness server = new BrokerHarness(settings, directory.resolve("data"))) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64");
      String address = "127.0.0.1:" + server.broker().tlsPort();
      List<String> access = new ArrayList<>();
      for (String setting :
          List.of(
              "security.protocol=sasl_ssl",
              "ssl.ca.location=" + certificate.certificateFile(),
              "sasl.mechanism=PLAIN",
              "sasl.username=ada",
              "sasl.password=engine")) {
        access.addAll(List.of("-X", setting));
      }
      String lines =
          IntStream.range(0, 20_000)
              .mapToObj(i -> "{\"id\":" + i + "}\n")
              .collect(Collectors.joining());
      List<String> produce = new ArrayList<>(List.of("-P", "-t", "events"));
      produce.addAll(access);
      Run run = kcat(address, lines, produce.toArray(String[]::new));
      assertThat(run.exit()).as(run.errors()).isZero();
      assertThat(server.count("events")).isEqualTo(20_000);
      List<String> consume =
          new ArrayList<>(List.of("-C", "-t", "events", "-o", "beginning", "-e", "-q"));
      consume.addAll(access);
      assertThat(kcat(address, "", consume.toArray(String[]::new)).output()).isEqualTo(lines);
    }
  }
}
