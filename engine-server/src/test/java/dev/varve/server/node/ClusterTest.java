// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.coordination.Member;
import dev.varve.server.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three servers of one cluster in one process, each with an ensemble member of its own.
final class ClusterTest {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final VarveServer[] servers = new VarveServer[3];
  private List<Member> members;

  @BeforeEach
  void startAll() throws IOException {
    members = members();
    for (int i = 0; i < 3; i++) {
      start(i);
    }
  }

  @AfterEach
  void stopAll() {
    Stream.of(servers).filter(Objects::nonNull).forEach(VarveServer::close);
    client.close();
  }

  private void start(int index) {
    ClusterSettings settings = ClusterSettings.member(index + 1, members, "");
    servers[index] =
        VarveServer.open(
            ServerConfig.onFreePorts(directory.resolve("server" + index)).withCluster(settings));
  }

  private void stop(int index) {
    servers[index].close();
    servers[index] = null;
  }

  private static List<Member> members() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (int i = 0; i < 3; i++) {
      int peer = held.get(3 * i).getLocalPort();
      int election = held.get(3 * i + 1).getLocalPort();
      int clients = held.get(3 * i + 2).getLocalPort();
      members.add(new Member(i + 1, "127.0.0.1", peer, election, clients, false));
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return members;
  }

  private HttpResponse<String> send(int index, String sql) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + servers[index].httpPort() + "/"))
              .POST(HttpRequest.BodyPublishers.ofString(sql))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(asked);
    }
  }

  private HttpResponse<String> send(int index, String sql, String token) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + servers[index].httpPort() + "/"))
            .header("X-Varve-Token", token)
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
  }

  private String run(int index, String sql) {
    HttpResponse<String> response = send(index, sql);
    assertThat(response.statusCode()).as("%s: %s", sql, response.body()).isEqualTo(200);
    return response.body().strip();
  }

  /// The server that may write, once there is one that does.
  private int awaitPrimary() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String last = "";
    while (System.nanoTime() < end) {
      for (int i = 0; i < 3; i++) {
        if (servers[i] != null) {
          HttpResponse<String> made = send(i, "CREATE DATABASE IF NOT EXISTS probe");
          String id =
              send(i, "SELECT server_id FROM system.replicas WHERE is_primary").body().strip();
          if (made.statusCode() == 200 && id.matches("\\d+")) {
            return Integer.parseInt(id) - 1;
          }
          last = made.body() + id;
        }
      }
    }
    throw new AssertionError("no primary in time: " + last);
  }

  private void awaitEqual(int index, String sql, String expected) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String found = send(index, sql).body().strip();
    while (!found.equals(expected) && System.nanoTime() < end) {
      found = send(index, sql).body().strip();
    }
    assertThat(found).as("server %s: %s", index, sql).isEqualTo(expected);
  }

  private static final String SUM = "SELECT count(), sum(cityHash64(k, v)) FROM t";

  @Test
  void tablesAreTheSameOnAllServersAndSurviveThePrimary() throws IOException {
    int first = awaitPrimary();
    run(
        first,
        "CREATE TABLE t ON CLUSTER c (k Int64, v String)"
            + " ENGINE = ReplicatedReplacingMergeTree('/tables/t', '{replica}') ORDER BY k");
    for (int i = 0; i < 4; i++) {
      run(
          first,
          "INSERT INTO t SELECT number, 'v" + i + "' FROM numbers(" + (1000 * (i + 1)) + ")");
    }
    run(first, "DELETE FROM t WHERE k % 10 = 3");
    run(first, "OPTIMIZE TABLE t FINAL");
    run(first, "ALTER TABLE t ADD COLUMN w UInt8 DEFAULT 7");
    run(first, "INSERT INTO t (k, v) VALUES (-1, 'late')");
    String expected = run(first, SUM);
    assertThat(expected).startsWith("3601\t");
    int second = (first + 1) % 3;
    int third = (first + 2) % 3;
    awaitEqual(second, SUM, expected);
    awaitEqual(third, SUM, expected);
    awaitEqual(third, "SELECT sum(w) FROM t", "" + 3601 * 7);

    stop(first);
    int next = awaitPrimary();
    assertThat(next).isNotEqualTo(first);
    assertThat(run(next, SUM)).isEqualTo(expected);
    run(next, "INSERT INTO t (k, v) VALUES (-2, 'later')");
    run(next, "CREATE TABLE other (a Int64) ENGINE = MergeTree ORDER BY a");
    expected = run(next, SUM);

    int other = 3 - first - next;
    assertThat(run(other, SUM + " SETTINGS read_consistency = 'linearizable'")).isEqualTo(expected);
    run(next, "INSERT INTO t (k, v) VALUES (-3, 'synced')");
    expected = run(next, SUM);
    run(other, "SYSTEM SYNC REPLICA t");
    assertThat(run(other, SUM)).isEqualTo(expected);
    start(first);
    awaitEqual(first, SUM, expected);
    awaitEqual(first, "SELECT count() FROM other", "0");
    awaitEqual(
        first,
        "SELECT countIf(is_live), countIf(is_primary), max(behind) FROM system.replicas",
        "3\t1\t0");

    aLostPartIsFetchedAgain(next == 0 ? 1 : 0, expected);
    anEmptyDirectoryIsFilledAgain(next == 0 ? 1 : 0, expected);
  }

  private void aLostPartIsFetchedAgain(int index, String expected) throws IOException {
    stop(index);
    try (Stream<Path> parts = Files.list(directory.resolve("server" + index + "/parts"))) {
      for (Path part : parts.filter(Files::isDirectory).toList()) {
        delete(part);
      }
    }
    start(index);
    awaitEqual(index, SUM, expected);
    awaitEqual(index, "SELECT count() FROM system.quarantined_parts", "0");
  }

  private void anEmptyDirectoryIsFilledAgain(int index, String expected) throws IOException {
    stop(index);
    Path data = directory.resolve("server" + index);
    for (String gone : List.of("parts", "cluster")) {
      delete(data.resolve(gone));
    }
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("manifest-")) {
          Files.delete(file);
        }
      }
    }
    start(index);
    awaitEqual(index, SUM, expected);
  }

  private static void delete(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }

  @Test
  void aMinorityReadsAndRefusesToWrite() {
    int primary = awaitPrimary();
    run(primary, "CREATE TABLE t (k Int64, v String) ENGINE = MergeTree ORDER BY k");
    run(primary, "INSERT INTO t VALUES (1, 'a')");
    String expected = run(primary, SUM);
    int last = (primary + 1) % 3;
    awaitEqual(last, SUM, expected);
    stop((primary + 2) % 3);
    stop(primary);
    assertThat(run(last, SUM)).isEqualTo(expected);
    HttpResponse<String> refused = send(last, "INSERT INTO t VALUES (2, 'b')");
    assertThat(refused.body()).contains("TABLE_IS_READ_ONLY").contains("system.replicas");
    assertThat(Optional.of(run(last, SUM))).contains(expected);
  }

  @Test
  void writesAtAnyServerAreDoneAtThePrimaryAndReadWhereTheyWereSent() {
    int other = (awaitPrimary() + 1) % 3;
    run(other, "CREATE TABLE t (k Int64, v String) ENGINE = ReplacingMergeTree ORDER BY k");
    run(other, "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    assertThat(run(other, "SELECT count() FROM t")).isEqualTo("2");
    run(other, "INSERT INTO t FORMAT CSV\n3,c\n4,d\n");
    run(other, "INSERT INTO t SELECT k + 10, v FROM t");
    assertThat(run(other, "SELECT k, v FROM t WHERE k > 2 ORDER BY k"))
        .isEqualTo("3\tc\n4\td\n11\ta\n12\tb\n13\tc\n14\td");
    run(other, "DELETE FROM t WHERE k > 10");
    run(other, "ALTER TABLE t UPDATE v = 'z' WHERE k = 1");
    run(other, "OPTIMIZE TABLE t FINAL");
    assertThat(run(other, "SELECT groupArray(v) FROM (SELECT v FROM t ORDER BY k)"))
        .isEqualTo("['z','b','c','d']");

    run(other, "INSERT INTO t SETTINGS async_insert = 1 VALUES (5, 'j')");
    assertThat(run(other, "SELECT v FROM t WHERE k = 5")).isEqualTo("j");
    run(other, "DELETE FROM t WHERE k = 5");

    HttpResponse<String> malformed = send(other, "INSERT INTO t FORMAT CSV\n5,e\nsix,f\n");
    assertThat(malformed.body()).contains("Code: 27").contains("six");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(send(other, "INSERT INTO nowhere VALUES (1)").body()).contains("UNKNOWN_TABLE");
    assertThat(run(other, "SELECT count() FROM t")).isEqualTo("4");
    HttpResponse<String> written = send(other, "INSERT INTO t VALUES (7, 'x'), (8, 'y')");
    assertThat(written.headers().firstValue("X-ClickHouse-Summary").orElse(""))
        .contains("\"written_rows\":\"2\"");
    run(other, "EXPLAIN ANALYZE INSERT INTO t SELECT 9, 'n'");
    assertThat(run(other, "SELECT max(k) FROM t")).isEqualTo("9");
  }

  @Test
  void usersAndFunctionsAreThoseOfAllServers() {
    int first = awaitPrimary();
    int second = (first + 1) % 3;
    int third = (first + 2) % 3;
    run(second, "CREATE FUNCTION twice AS x -> x * 2");
    run(second, "CREATE TABLE t (k Int64) ENGINE = MergeTree ORDER BY k");
    run(second, "INSERT INTO t VALUES (1), (2)");
    awaitEqual(third, "SELECT sum(twice(k)) FROM t", "6");
    run(second, "CREATE USER default");
    run(second, "CREATE USER kai SETTINGS max_threads = 1");
    run(second, "GRANT SELECT ON t TO kai");
    run(second, "CREATE ROW POLICY odd ON t USING k % 2 = 1 TO kai");
    run(second, "CREATE ROW POLICY every ON t USING 1 TO default");
    run(second, "GRANT ALL ON *.* TO default WITH GRANT OPTION");
    String token = send(second, "SELECT 1").headers().firstValue("X-Varve-Token").orElseThrow();
    assertThat(send(third, "SELECT 1", token).statusCode()).isEqualTo(200);
    assertThat(sendAs("kai", third, "SELECT groupArray(k) FROM t").body().strip()).isEqualTo("[1]");
    assertThat(sendAs("kai", third, "INSERT INTO t VALUES (3)").body()).contains("ACCESS_DENIED");
    assertThat(sendAs("lea", third, "SELECT 1").body()).contains("AUTHENTICATION_FAILED");
    run(third, "GRANT INSERT ON t TO kai");
    assertThat(sendAs("kai", third, "INSERT INTO t VALUES (3)").statusCode()).isEqualTo(200);
    stop(first);
    start(first);
    awaitEqual(first, "SELECT count() FROM t", "3");
    assertThat(sendAs("kai", first, "SELECT sum(twice(k)) FROM t").body().strip()).isEqualTo("8");
  }

  private HttpResponse<String> sendAs(String user, int index, String sql) {
    String at = "http://127.0.0.1:" + servers[index].httpPort() + "/?user=" + user;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(at))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
  }

  @Test
  void aTokenShowsAtAnyServerWhatWasWrittenAtAnother() {
    int first = awaitPrimary();
    run(first, "CREATE TABLE t (k Int64) ENGINE = MergeTree ORDER BY k");
    for (int i = 1; i <= 20; i++) {
      HttpResponse<String> written = send(first, "INSERT INTO t VALUES (" + i + ")");
      String token = written.headers().firstValue("X-Varve-Token").orElseThrow();
      HttpResponse<String> read = send((first + i) % 3, "SELECT count() FROM t", token);
      assertThat(read.body().strip()).isEqualTo(String.valueOf(i));
    }
  }

  @Test
  void manyRowsGoThroughAnotherServerAsTheyCome() {
    int other = (awaitPrimary() + 1) % 3;
    run(other, "CREATE TABLE t (k Int64, v String) ENGINE = MergeTree ORDER BY k");
    StringBuilder rows = new StringBuilder("INSERT INTO t FORMAT TSV\n");
    for (int i = 0; i < 300_000; i++) {
      rows.append(i).append("\tvalue ").append(i).append('\n');
    }
    run(other, rows.toString());
    assertThat(run(other, "SELECT count(), sum(k), max(v) FROM t"))
        .isEqualTo("300000\t44999850000\tvalue 99999");
  }

  @Test
  void systemTablesShowTheEnsemble() {
    int primary = awaitPrimary();
    assertThat(run(primary, "SELECT role, count() FROM system.cluster GROUP BY role ORDER BY role"))
        .isEqualTo("FOLLOWING\t2\nLEADING\t1");
    assertThat(
            run(primary, "SELECT name FROM system.zookeeper WHERE path = '/varve' ORDER BY name"))
        .isEqualTo("brokers\nhead\nlive\nprimary\nreplicas\ntopics");
    awaitEqual(primary, "SELECT count() FROM system.replicas WHERE is_live", "3");
    assertThat(send(primary, "SYSTEM DROP REPLICA '2'").body()).contains("stop it first");
    assertThat(send(primary, "SYSTEM DROP REPLICA '9' FROM TABLE t").body())
        .contains("there is no server 9");
  }
}
