// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.server.check.CheckReport;
import dev.varve.server.check.CheckText;
import dev.varve.server.check.DataCheck;
import dev.varve.server.main.Varve;
import dev.varve.test.Randomized;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/// A real server is killed with `kill -9` while it inserts, deletes, updates and merges. Afterwards
/// every byte on disk is sound, and the rows are those of the statements that were acknowledged,
/// with the one under way wholly or not at all. `varve.kill.lives` makes it longer.
final class ServerKillTest {
  private static final int LIVES = Integer.getInteger("varve.kill.lives", 3);
  private static final Pattern PORT = Pattern.compile("http=\\S*?(\\d+)(?:\\s|$)");

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  /// The server as a process of its own.
  private record Server(Process process, int port) {
    static Server start(Path data) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElseThrow());
      for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        if (!flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
          command.add(flag);
        }
      }
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), Varve.class.getName(), "server"));
      command.addAll(List.of("--data", data.toString(), "--http-port", "0", "--kafka-port", "0"));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      BufferedReader output = process.inputReader();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher port = PORT.matcher(line);
        if (line.startsWith("varve ready") && port.find()) {
          return new Server(process, Integer.parseInt(port.group(1)));
        }
      }
      throw new IllegalStateException("the server ended before it was ready");
    }

    void kill() {
      process.destroyForcibly().onExit().join();
    }
  }

  private String run(Server server, String sql) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(sql + ": " + response.body()).isEqualTo(200);
    return response.body();
  }

  @Randomized(times = 1)
  void whatWasAcknowledgedIsThereHoweverOftenTheServerIsKilled(RandomGenerator random)
      throws Exception {
    Path data = Files.createTempDirectory(directory, "data");
    Map<Integer, Integer> acknowledged = new TreeMap<>();
    Server server = Server.start(data);
    try {
      run(
          server,
          "CREATE TABLE t (k UInt32, v UInt32, p UInt8) ENGINE = ReplacingMergeTree"
              + " PARTITION BY p ORDER BY (p, k)");
      for (int life = 0; life < LIVES; life++) {
        Map<Integer, Integer> attempted = live(server, acknowledged, random);
        server.kill();
        CheckReport report = new DataCheck(data, _ -> true, _ -> {}).run(true);
        assertThat(report.status()).as(CheckText.lines(report)).isZero();
        server = Server.start(data);
        String rows = run(server, "SELECT k, v FROM t ORDER BY k FORMAT TSV");
        assertThat(rows).as("life " + life).isIn(text(acknowledged), text(attempted));
        acknowledged = rows.equals(text(acknowledged)) ? acknowledged : attempted;
      }
    } finally {
      server.kill();
    }
  }

  private static String text(Map<Integer, Integer> rows) {
    return rows.entrySet().stream()
        .map(row -> row.getKey() + "\t" + row.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /// Runs statements until the server is killed, at a moment that the seed draws.
  ///
  /// @param acknowledged in and out: the rows of the statements that were
  /// @return the rows with the statement that was under way
  private Map<Integer, Integer> live(
      Server server, Map<Integer, Integer> acknowledged, RandomGenerator random) throws Exception {
    int whole = 3 + random.nextInt(25);
    for (int statement = 0; ; statement++) {
      Map<Integer, Integer> after = new TreeMap<>(acknowledged);
      String sql = statement(after, random);
      if (statement == whole) {
        long delay = random.nextLong(20_000_000);
        Thread killer =
            Thread.ofPlatform()
                .start(() -> {
                  long until = System.nanoTime() + delay;
                  while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                  }
                  server.process.destroyForcibly();
                });
        try {
          run(server, sql);
          acknowledged.clear();
          acknowledged.putAll(after);
        } catch (IOException killed) {
          assertThat(killed).isNotNull();
        }
        killer.join();
        return after;
      }
      run(server, sql);
      acknowledged.clear();
      acknowledged.putAll(after);
    }
  }

  /// A statement, and what it does to the rows.
  private static String statement(Map<Integer, Integer> rows, RandomGenerator random) {
    int key = random.nextInt(40);
    int value = random.nextInt(1_000_000);
    return switch (random.nextInt(8)) {
      case 0 -> {
        rows.keySet().removeIf(k -> k % 10 == key % 10);
        yield "DELETE FROM t WHERE k % 10 = " + key % 10;
      }
      case 1 -> {
        rows.replaceAll((k, v) -> k < key ? value : v);
        yield "ALTER TABLE t UPDATE v = " + value + " WHERE k < " + key;
      }
      case 2 -> "OPTIMIZE TABLE t FINAL";
      default -> {
        List<String> values = new ArrayList<>();
        for (int k = key; k < key + 6; k++) {
          rows.put(k, value + k);
          values.add("(" + k + ", " + (value + k) + ", " + k % 3 + ")");
        }
        yield "INSERT INTO t VALUES " + String.join(", ", values);
      }
    };
  }
}
