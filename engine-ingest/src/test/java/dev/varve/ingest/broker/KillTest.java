// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the server in the middle of a produce, as often as `varve.kill.rounds` says, with
/// `varve.kill.records` records in all. In the end every acknowledged record is there once.
final class KillTest {
  private static final int ROUNDS = Integer.getInteger("varve.kill.rounds", 20);
  private static final int RECORDS = Integer.getInteger("varve.kill.records", 1_000_000);

  @TempDir Path directory;

  /// The server as a process of its own.
  private final class Server {
    private final Process process;
    private final BufferedReader output;
    private final int port;

    Server(int wantedPort) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElseThrow());
      for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        if (!flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
          command.add(flag);
        }
      }
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              CrashServer.class.getName(),
              directory.toString(),
              Integer.toString(wantedPort)));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectError(directory.resolve("server.err").toFile());
      process = builder.start();
      output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      port = Integer.parseInt(line("ready ").substring(6));
    }

    private String line(String start) throws IOException {
      String line = output.readLine();
      while (line != null && !line.startsWith(start)) {
        line = output.readLine();
      }
      assertThat(line).as("the server ended, see server.err").isNotNull();
      return line;
    }

    String ask(char command, String start) throws IOException {
      OutputStream input = process.getOutputStream();
      input.write(command);
      input.flush();
      return line(start);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  @Test
  void everyAcknowledgedRecordIsThereOnceHoweverOftenTheServerIsKilled() throws Exception {
    String fixed = System.getProperty("varve.seed", "");
    long seed = fixed.isEmpty() ? System.nanoTime() : Long.parseUnsignedLong(fixed, 16);
    System.out.println(
        "kill times from seed "
            + Long.toHexString(seed)
            + "; reproduce with: mvn test -pl engine-ingest -am"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest=KillTest -Dvarve.seed="
            + Long.toHexString(seed));
    RandomGenerator random = new Random(seed);
    Server server = new Server(0);
    AtomicLong acknowledged = new AtomicLong();
    AtomicReference<Exception> failure = new AtomicReference<>();
    Map<String, Object> config =
        Map.of(
            "delivery.timeout.ms", 7_200_000, // a batch may wait behind all the kills
            "request.timeout.ms", 10_000,
            "reconnect.backoff.max.ms", 200,
            "retry.backoff.max.ms", 200);
    try (Producer<byte[], byte[]> producer =
        StockClientTest.producer("127.0.0.1:" + server.port, config)) {
      Thread sender = Thread.ofVirtual().start(() -> send(producer, acknowledged, failure));
      for (int round = 0; round < ROUNDS; round++) {
        long target = (long) RECORDS * 2 * (round + 1) / (ROUNDS + 1);
        while (acknowledged.get() < target && failure.get() == null) {
          LockSupport.parkNanos(1_000_000 + random.nextInt(5_000_000));
        }
        server.kill();
        server = new Server(server.port);
      }
      sender.join();
      producer.flush();
    }
    assertThat(failure.get()).isNull();
    assertThat(acknowledged).hasValue(RECORDS * 2L);
    assertThat(server.ask('c', "count ")).isEqualTo("count " + RECORDS + " " + RECORDS);
    assertThat(server.ask('d', "distinct ")).isEqualTo("distinct " + RECORDS);
    server.kill();
    server = new Server(server.port);
    assertThat(server.ask('c', "count ")).isEqualTo("count " + RECORDS + " " + RECORDS);
    server.kill();
  }

  private static void send(
      Producer<byte[], byte[]> producer,
      AtomicLong acknowledged,
      AtomicReference<Exception> failure) {
    for (long id = 0; id < RECORDS; id++) {
      for (String table : new String[] {"MergeTree", "ReplacingMergeTree"}) {
        ProducerRecord<byte[], byte[]> row = StockClientTest.row(table, id);
        producer.send(
            row,
            (_, e) -> {
              if (e == null) {
                acknowledged.incrementAndGet();
              } else {
                failure.set(e);
              }
            });
      }
    }
  }
}
