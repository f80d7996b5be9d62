// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.ingest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Apache Kafka as one node, broker and controller, where its jars are: the folder `broker-lib` of
/// `KAFKA_PEER_HOME`, or of `~/.cache/varve-peers/kafka`.
final class KafkaPeer {
  private static final String TOPICS_OF_ONE = "=1\n";
  private static final long START_NANOS = 60_000_000_000L;
  private static final long STEP_NANOS = 50_000_000;
  private static final int STOP_SECONDS = 30;

  private KafkaPeer() {}

  /// Starts it with 1 GiB of heap, if it is there.
  ///
  /// @param syncs whether each append is synced before its answer (`log.flush.interval.messages=1`)
  static Optional<Server> start(Path directory, boolean syncs) throws IOException {
    String named = System.getenv("KAFKA_PEER_HOME");
    Path home =
        named == null
            ? Path.of(System.getProperty("user.home"), ".cache", "varve-peers", "kafka")
            : Path.of(named);
    Path jars = home.resolve("broker-lib");
    if (!Files.isDirectory(jars)) {
      return Optional.empty();
    }
    Files.createDirectories(directory);
    int port = freePort();
    Path config = directory.resolve("server.properties");
    Files.writeString(config, properties(directory, port, freePort(), syncs));
    Path log = directory.resolve("kafka.log");
    run(
        jars,
        log,
        "kafka.tools.StorageTool",
        "format",
        "-t",
        "vRvEvRvEQ0qhzNnQvLb1Wg",
        "-c",
        config.toString());
    Process broker =
        launch(
            jars,
            log,
            "-Xms1g",
            "-Xmx1g",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "kafka.Kafka",
            config.toString());
    String address = "127.0.0.1:" + port;
    awaitPort(broker, port, log);
    return Optional.of(
        new Server(
            syncs ? "kafka-fsync" : "kafka", address, "", broker.toHandle(), () -> stop(broker)));
  }

  private static String properties(Path directory, int port, int controller, boolean syncs) {
    String listener = "PLAINTEXT://127.0.0.1:" + port;
    return "process.roles=broker,controller\nnode.id=1\n"
        + "controller.quorum.voters=1@127.0.0.1:"
        + controller
        + "\n"
        + "listeners="
        + listener
        + ",CONTROLLER://127.0.0.1:"
        + controller
        + "\n"
        + "advertised.listeners="
        + listener
        + "\n"
        + "controller.listener.names=CONTROLLER\n"
        + "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT\n"
        + "inter.broker.listener.name=PLAINTEXT\n"
        + "log.dirs="
        + directory.resolve("data")
        + "\n"
        + "num.partitions"
        + TOPICS_OF_ONE
        + "offsets.topic.replication.factor"
        + TOPICS_OF_ONE
        + "offsets.topic.num.partitions"
        + TOPICS_OF_ONE
        + "transaction.state.log.replication.factor"
        + TOPICS_OF_ONE
        + "transaction.state.log.min.isr"
        + TOPICS_OF_ONE
        + "group.initial.rebalance.delay.ms=0\n"
        + (syncs ? "log.flush.interval.messages" + TOPICS_OF_ONE : "");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Process launch(Path jars, Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Path logging = jars.resolveSibling("log4j2.yaml");
    if (Files.exists(logging)) {
      command.add("-Dlog4j2.configurationFile=" + logging);
    }
    command.addAll(List.of("-cp", jars + "/*"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static void run(Path jars, Path log, String... arguments) throws IOException {
    try {
      int code = launch(jars, log, arguments).waitFor();
      if (code != 0) {
        throw new IOException("Kafka's " + arguments[0] + " failed; see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Kafka was set up", e);
    }
  }

  private static void awaitPort(Process broker, int port, Path log) throws IOException {
    long deadline = System.nanoTime() + START_NANOS;
    while (!accepts(port)) {
      if (!broker.isAlive() || System.nanoTime() > deadline) {
        stop(broker);
        throw new IOException("Kafka did not start; see " + log);
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private static void stop(Process broker) {
    broker.destroy();
    try {
      if (!broker.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        broker.destroyForcibly();
      }
    } catch (InterruptedException e) {
      broker.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
