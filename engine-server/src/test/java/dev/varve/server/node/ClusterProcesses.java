// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.server.main.Varve;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Three servers of a cluster on this machine, each a process that can be killed and started again
/// over what it left. Safe for threads, but for [#start] and [#kill].
final class ClusterProcesses implements AutoCloseable {
  static final int SERVERS = 3;

  /// Where a server runs.
  ///
  /// @param command what comes before the server's own
  /// @param inside its name for the other servers, and `outside` for clients
  /// @param options of the server beside those of all
  record Host(List<String> command, String inside, String outside, List<String> options) {
    static final Host LOOPBACK = new Host(List.of(), "127.0.0.1", "127.0.0.1", List.of());
  }

  private static final long PATIENCE_NANOS = Duration.ofSeconds(180).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();
  private static final Duration REQUEST = Duration.ofSeconds(40);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process[] processes = new Process[SERVERS];
  private final int[] ports = new int[SERVERS];
  private final int[] kafkaPorts = new int[SERVERS];
  private final Path data;
  private final List<Host> hosts;
  private final String user;
  private final String cluster;

  private ClusterProcesses(Path data, List<Host> hosts, String user, String cluster) {
    this.data = data;
    this.hosts = hosts;
    this.user = user;
    this.cluster = cluster;
  }

  /// Starts all of them.
  ///
  /// @param data where their directories and logs are
  static ClusterProcesses start(Path data) throws IOException {
    return start(data, Collections.nCopies(SERVERS, Host.LOOPBACK), "");
  }

  /// The same on hosts of their own.
  ///
  /// @param user and password, parted by a colon, of whom statements come from; or empty
  static ClusterProcesses start(Path data, List<Host> hosts, String user) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    for (int i = 0; i < 5 * SERVERS; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<String> members = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      members.add(
          (i + 1)
              + "="
              + hosts.get(i).inside()
              + ":"
              + held.get(5 * i).getLocalPort()
              + ":"
              + held.get(5 * i + 1).getLocalPort()
              + ":"
              + held.get(5 * i + 2).getLocalPort());
    }
    ClusterProcesses started = new ClusterProcesses(data, hosts, user, String.join(",", members));
    for (int i = 0; i < SERVERS; i++) {
      started.ports[i] = held.get(5 * i + 3).getLocalPort();
      started.kafkaPorts[i] = held.get(5 * i + 4).getLocalPort();
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    try {
      for (int i = 0; i < SERVERS; i++) {
        started.start(i);
      }
      return started;
    } catch (IOException | RuntimeException | Error failed) {
      started.close();
      throw failed;
    }
  }

  /// Starts a server that does not run, and waits until it serves.
  void start(int index) throws IOException {
    List<String> command = command(index);
    command.addAll(
        List.of(
            "server",
            "--data",
            data.resolve("server" + index).toString(),
            "--memory",
            "128M",
            "--http-port",
            String.valueOf(ports[index]),
            "--kafka-port",
            String.valueOf(kafkaPorts[index]),
            "--server-id",
            String.valueOf(index + 1),
            "--cluster",
            cluster));
    command.addAll(hosts.get(index).options());
    Path log = data.resolve(index + ".log");
    processes[index] =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    BufferedReader output = processes[index].inputReader();
    String line = output.readLine();
    while (line != null && !line.startsWith("varve ready")) {
      line = output.readLine();
    }
    assertThat(line).as(Files.readString(log)).isNotNull();
  }

  /// What runs the launcher on the host of a server.
  List<String> command(int index) {
    List<String> command = new ArrayList<>(hosts.get(index).command());
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      boolean isOurs = !flag.startsWith("-agentlib") && !flag.startsWith("-javaagent");
      if (isOurs && !flag.startsWith("-Xmx")) {
        command.add(flag);
      }
    }
    command.addAll(
        List.of("-Xmx400m", "-cp", System.getProperty("java.class.path"), Varve.class.getName()));
    return command;
  }

  /// `kill -9`.
  void kill(int index) {
    processes[index].destroyForcibly().onExit().join();
  }

  /// Has a server end by itself.
  void stop(int index) {
    processes[index].destroy();
    processes[index].onExit().join();
  }

  /// The servers as `--cluster` lists them.
  String members() {
    return cluster;
  }

  int port(int index) {
    return ports[index];
  }

  /// Where clients of the log find the servers.
  String bootstrap() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      all.add(hosts.get(i).outside() + ":" + kafkaPorts[i]);
    }
    return String.join(",", all);
  }

  HttpResponse<String> send(int index, String sql) throws IOException {
    try {
      String at = "http://" + hosts.get(index).outside() + ":" + ports[index] + "/";
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(at))
              .timeout(REQUEST)
              .POST(HttpRequest.BodyPublishers.ofString(sql));
      if (!user.isEmpty()) {
        byte[] login = user.getBytes(StandardCharsets.UTF_8);
        request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(asked);
    }
  }

  /// The answer of the first server that runs the statement, tried from one of them on until there
  /// is one.
  String untilDone(int first, String sql) {
    return untilDone(first, sql, _ -> true);
  }

  /// The same, until the answer is one that is wanted.
  String untilDone(int first, String sql, Predicate<String> wanted) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String last = "";
    for (int i = first; System.nanoTime() < end; i++) {
      try {
        HttpResponse<String> response = send(i % SERVERS, sql);
        last = response.body();
        if (response.statusCode() == 200 && wanted.test(last.strip())) {
          return last.strip();
        }
      } catch (IOException away) {
        last = String.valueOf(away);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError(sql + " was not done in time: " + last);
  }

  /// Asks one server until its answer is the one.
  void awaitEqual(int index, String sql, String expected) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String found = "";
    while (!found.equals(expected) && System.nanoTime() < end) {
      try {
        found = send(index, sql).body().strip();
      } catch (IOException away) {
        found = String.valueOf(away);
      }
    }
    assertThat(found).as("server %s: %s", index, sql).isEqualTo(expected);
  }

  @Override
  public void close() {
    for (Process process : processes) {
      if (process != null) {
        process.destroyForcibly().onExit().join();
      }
    }
    client.close();
  }
}
