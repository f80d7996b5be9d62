// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.cluster;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.coordination.Member;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import dev.varve.storage.file.StagedDirectory;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How many INSERTs of a row a second does a cluster of three commit, and when are they seen at the
/// servers that did not take them?
///
/// Expected: a commit is the part's syncs on the primary, then, at the same time on the others, one
/// exchange over HTTP, the part fetched and its syncs, then one write of ZooKeeper with a sync on
/// two members: three times the syncs of one server, one after the other. INSERTs that come
/// meanwhile share the next commit. What is acknowledged is at the others as soon as the watch of
/// the head has come, and they have written their manifest: a few milliseconds.
@Command(
    name = "cluster",
    description = "Commits a second of three servers in one process, and how far behind they are.",
    mixinStandardHelpOptions = true)
public final class ClusterScenario implements Callable<Integer> {
  private static final int SERVERS = 3;
  private static final int[] CLIENTS = {1, 16};
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Option(names = "--seconds", description = "of each run (default ${DEFAULT-VALUE})")
  double seconds = 10;

  @Option(names = "--reads", description = "reads behind a write (default ${DEFAULT-VALUE})")
  int reads = 200;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<VarveServer> servers = new ArrayList<>();
  private final AtomicLong next = new AtomicLong();

  @Override
  public Integer call() throws IOException {
    Path home = Files.createTempDirectory("varve-cluster");
    try {
      List<Member> members = members();
      for (Member member : members) {
        servers.add(
            VarveServer.open(
                ServerConfig.onFreePorts(home.resolve("server" + member.id()))
                    .withCluster(ClusterSettings.member(member.id(), members, ""))));
      }
      int primary = primary();
      send(primary, "", "CREATE TABLE t (k UInt64) ENGINE = MergeTree ORDER BY k");
      for (int clients : CLIENTS) {
        commits("at the primary", primary, clients);
        commits("at another server", (primary + 1) % SERVERS, clients);
      }
      lag(primary);
      return 0;
    } finally {
      servers.forEach(VarveServer::close);
      http.close();
      StagedDirectory.delete(home);
    }
  }

  private static List<Member> members() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 3 * SERVERS; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (int i = 0; i < SERVERS; i++) {
      int peers = held.get(3 * i).getLocalPort();
      int election = held.get(3 * i + 1).getLocalPort();
      int clients = held.get(3 * i + 2).getLocalPort();
      members.add(new Member(i + 1, "127.0.0.1", peers, election, clients, false));
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return members;
  }

  private int primary() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      HttpResponse<String> made = ask(0, "", "CREATE DATABASE IF NOT EXISTS probe");
      if (made.statusCode() == 200) {
        String id = send(0, "", "SELECT server_id FROM system.replicas WHERE is_primary").body();
        return Integer.parseInt(id.strip()) - 1;
      }
    }
    throw new IllegalStateException("no server became the primary");
  }

  private void commits(String where, int server, int clients) {
    long change = change(server);
    List<CompletableFuture<List<Double>>> all = new ArrayList<>();
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    for (int i = 0; i < clients; i++) {
      all.add(
          CompletableFuture.supplyAsync(() -> inserts(server, end), Thread::startVirtualThread));
    }
    List<Double> millis = new ArrayList<>();
    all.forEach(one -> millis.addAll(one.join()));
    double took = (System.nanoTime() - begun) / 1e9;
    Collections.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "INSERT of a row %-18s %2d clients  %8.1f rows/s  %7.1f commits/s  median %6.1f ms  p99"
            + " %6.1f ms%n",
        where,
        clients,
        millis.size() / took,
        (change(server) - change) / took,
        millis.get(millis.size() / 2),
        millis.get(millis.size() * 99 / 100));
  }

  private List<Double> inserts(int server, long end) {
    List<Double> millis = new ArrayList<>();
    while (System.nanoTime() < end) {
      long begun = System.nanoTime();
      send(server, "", "INSERT INTO t VALUES (" + next.getAndIncrement() + ")");
      millis.add((System.nanoTime() - begun) / 1e6);
    }
    return millis;
  }

  private long change(int server) {
    HttpResponse<String> answer = send(server, "", "SELECT 1");
    return Long.parseLong(answer.headers().firstValue("X-Varve-Token").orElse("0"));
  }

  /// From the acknowledgement at the primary to the answer of another server that has the row.
  private void lag(int primary) {
    double[] behind = new double[reads];
    double[] newest = new double[reads];
    for (int i = 0; i < reads; i++) {
      int other = (primary + 1 + i % 2) % SERVERS;
      String row = "INSERT INTO t VALUES (" + next.getAndIncrement() + ")";
      String token = send(primary, "", row).headers().firstValue("X-Varve-Token").orElse("0");
      long begun = System.nanoTime();
      String count = send(other, token, "SELECT count() FROM t").body().strip();
      behind[i] = (System.nanoTime() - begun) / 1e6;
      begun = System.nanoTime();
      send(other, "", "SELECT count() FROM t SETTINGS read_consistency = 'linearizable'");
      newest[i] = (System.nanoTime() - begun) / 1e6;
      if (Long.parseLong(count) != next.get()) {
        throw new IllegalStateException("counted " + count + " rows, expected " + next);
      }
    }
    print("read at another server behind a write", behind);
    print("linearizable read", newest);
  }

  private static void print(String what, double[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-40s median %6.1f ms  p95 %6.1f ms  most %6.1f ms%n",
        what,
        millis[millis.length / 2],
        millis[millis.length * 95 / 100],
        millis[millis.length - 1]);
  }

  private HttpResponse<String> send(int server, String token, String sql) {
    HttpResponse<String> answer = ask(server, token, sql);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    return answer;
  }

  private HttpResponse<String> ask(int server, String token, String sql) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + servers.get(server).httpPort() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql));
    if (!token.isEmpty()) {
      request.header("X-Varve-Token", token);
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
  }
}
