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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.io.TempDir;

/// A real server is killed with `kill -9` while it inserts, takes records of a producer, deletes,
/// updates, merges, changes columns and fills a materialized view. Afterwards every byte on disk is
/// sound, and rows, columns and the view's rows are those of the statements that were acknowledged,
/// with the one under way wholly or not at all. `varve.kill.lives` makes it longer.
final class ServerKillTest {
  private static final int LIVES = Integer.getInteger("varve.kill.lives", 3);
  private static final Pattern PORT = Pattern.compile("http=\\S*?(\\d+)(?:\\s|$)");
  private static final Pattern LOG_PORT = Pattern.compile("kafka=\\S*?(\\d+)(?:\\s|$)");

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  /// The server as a process of its own.
  private record Server(Process process, int port, KafkaProducer<byte[], String> producer) {
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
        Matcher logPort = LOG_PORT.matcher(line);
        if (line.startsWith("varve ready") && port.find() && logPort.find()) {
          return new Server(
              process, Integer.parseInt(port.group(1)), producer("127.0.0.1:" + logPort.group(1)));
        }
      }
      throw new IllegalStateException("the server ended before it was ready");
    }

    /// Sends each record once.
    private static KafkaProducer<byte[], String> producer(String address) {
      Map<String, Object> settings =
          Map.of(
              ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address,
              ProducerConfig.ACKS_CONFIG, "all",
              ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false,
              ProducerConfig.RETRIES_CONFIG, 0,
              ProducerConfig.MAX_BLOCK_MS_CONFIG, 20_000,
              ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
              ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
      return new KafkaProducer<>(settings, new ByteArraySerializer(), new StringSerializer());
    }

    void kill() {
      process.destroyForcibly().onExit().join();
      producer.close(Duration.ZERO);
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

  /// Throws IOException where the server was killed meanwhile.
  private void run(Server server, Attempt attempt) throws IOException, InterruptedException {
    if (!attempt.isRecord) {
      run(server, attempt.text);
      return;
    }
    try {
      server.producer.send(new ProducerRecord<>("t", attempt.text)).get();
    } catch (ExecutionException failed) {
      throw new IOException(failed);
    }
  }

  @Randomized(times = 1)
  void whatWasAcknowledgedIsThereHoweverOftenTheServerIsKilled(RandomGenerator random)
      throws Exception {
    Path data = Files.createTempDirectory(directory, "data");
    State acknowledged = State.NEW;
    Server server = Server.start(data);
    try {
      run(
          server,
          "CREATE TABLE t (k UInt32, v UInt32, p UInt8) ENGINE = ReplacingMergeTree"
              + " PARTITION BY p ORDER BY (p, k)");
      run(server, "CREATE TABLE seen (k UInt32, v UInt64) ENGINE = SummingMergeTree ORDER BY k");
      run(server, "CREATE MATERIALIZED VIEW feed TO seen AS SELECT k, 1 AS v FROM t");
      for (int life = 0; life < LIVES; life++) {
        State[] known = {acknowledged};
        State attempted = live(server, known, random);
        server.kill();
        CheckReport report = new DataCheck(data, _ -> true, _ -> {}).run(true);
        assertThat(report.status()).as(CheckText.lines(report)).isZero();
        server = Server.start(data);
        String found = found(server);
        assertThat(found).as("life " + life).isIn(known[0].text(), attempted.text());
        acknowledged = found.equals(known[0].text()) ? known[0] : attempted;
      }
    } finally {
      server.kill();
    }
  }

  /// What the statements so far have made.
  ///
  /// @param seen how often the view saw each key
  /// @param extra whether the table has another column
  private record State(Map<Integer, Integer> rows, Map<Integer, Integer> seen, boolean extra) {
    static final State NEW = new State(Map.of(), Map.of(), false);

    State with(Map<Integer, Integer> newRows) {
      return new State(newRows, seen, extra);
    }

    String text() {
      return lines(rows) + "seen\n" + lines(seen) + "extra " + (extra ? 1 : 0) + "\n";
    }

    private static String lines(Map<Integer, Integer> rows) {
      return new TreeMap<>(rows)
          .entrySet().stream()
              .map(row -> row.getKey() + "\t" + row.getValue() + "\n")
              .collect(Collectors.joining());
    }
  }

  private String found(Server server) throws IOException, InterruptedException {
    return run(server, "SELECT k, v FROM t ORDER BY k FORMAT TSV")
        + "seen\n"
        + run(server, "SELECT k, v FROM seen ORDER BY k FORMAT TSV")
        + "extra "
        + run(
            server,
            "SELECT count(*) FROM system.columns WHERE table = 't' AND name = 'extra' FORMAT TSV");
  }

  /// Runs statements until the server is killed, at a moment that the seed draws.
  ///
  /// @param acknowledged in and out: what the statements made that were
  /// @return the state with the statement that was under way
  private State live(Server server, State[] acknowledged, RandomGenerator random) throws Exception {
    int whole = 3 + random.nextInt(25);
    for (int statement = 0; ; statement++) {
      Attempt attempt = attempt(acknowledged[0], random);
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
          run(server, attempt);
          acknowledged[0] = attempt.after;
        } catch (IOException killed) {
          assertThat(killed).isNotNull();
        }
        killer.join();
        return attempt.after;
      }
      run(server, attempt);
      acknowledged[0] = attempt.after;
    }
  }

  /// A statement, or a record for the table's topic, and what it makes of the state before.
  private record Attempt(String text, boolean isRecord, State after) {
    Attempt(String sql, State after) {
      this(sql, false, after);
    }
  }

  private static Attempt attempt(State before, RandomGenerator random) {
    int key = random.nextInt(40);
    int value = random.nextInt(1_000_000);
    Map<Integer, Integer> rows = new TreeMap<>(before.rows);
    return switch (random.nextInt(13)) {
      case 0 -> {
        rows.keySet().removeIf(k -> k % 10 == key % 10);
        yield new Attempt("DELETE FROM t WHERE k % 10 = " + key % 10, before.with(rows));
      }
      case 1 -> {
        rows.replaceAll((k, v) -> k < key ? value : v);
        String sql = "ALTER TABLE t UPDATE v = " + value + " WHERE k < " + key;
        yield new Attempt(sql, before.with(rows));
      }
      case 2 -> new Attempt("OPTIMIZE TABLE t FINAL", before);
      case 3 -> new Attempt("OPTIMIZE TABLE seen FINAL", before);
      case 4 -> {
        String sql =
            before.extra
                ? "ALTER TABLE t DROP COLUMN extra"
                : "ALTER TABLE t ADD COLUMN extra String DEFAULT concat('x', k)";
        yield new Attempt(sql, new State(rows, before.seen, !before.extra));
      }
      case 5, 6, 7 -> {
        rows.put(key, value);
        Map<Integer, Integer> seen = new TreeMap<>(before.seen);
        seen.merge(key, 1, Integer::sum);
        String json = "{\"k\": " + key + ", \"v\": " + value + ", \"p\": " + key % 3 + "}";
        yield new Attempt(json, true, new State(rows, seen, before.extra));
      }
      default -> {
        List<String> values = new ArrayList<>();
        Map<Integer, Integer> seen = new TreeMap<>(before.seen);
        for (int k = key; k < key + 6; k++) {
          rows.put(k, value + k);
          seen.merge(k, 1, Integer::sum);
          values.add("(" + k + ", " + (value + k) + ", " + k % 3 + ")");
        }
        String sql = "INSERT INTO t (k, v, p) VALUES " + String.join(", ", values);
        yield new Attempt(sql, new State(rows, seen, before.extra));
      }
    };
  }
}
