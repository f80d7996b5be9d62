// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Three servers, each in a network namespace of its own. Their network is a bridge; a server is
/// cut off by moving its end of the cable to another bridge, so that its packets go nowhere and
/// nobody is told. Clients reach all servers all the time, over other cables.
@EnabledIfSystemProperty(
    named = "varve.namespaces",
    matches = "true",
    disabledReason = "makes network namespaces, for which it must be root: -Dvarve.namespaces=true")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class ClusterPartitionTest {
  private static final String WHOLE = "varvebr0";
  private static final String NOWHERE = "varvebr1";
  private static final String USER = "default:word";
  private static final int FLAPS = 60;
  private static final int PROBES = 12;

  @TempDir Path directory;

  @BeforeEach
  void lay() throws IOException {
    tearDown();
    run("ip", "link", "add", WHOLE, "type", "bridge");
    run("ip", "link", "add", NOWHERE, "type", "bridge");
    run("ip", "link", "set", WHOLE, "up");
    run("ip", "link", "set", NOWHERE, "up");
    for (int i = 1; i <= ClusterProcesses.SERVERS; i++) {
      String space = "varve-" + i;
      run("ip", "netns", "add", space);
      run("ip", "-n", space, "link", "set", "lo", "up");
      cable("varvec" + i, space, "cluster", "10.77.0." + i + "/24");
      run("ip", "link", "set", "varvec" + i, "master", WHOLE);
      cable("varvek" + i, space, "clients", "10.78." + i + ".2/30");
      run("ip", "addr", "add", "10.78." + i + ".1/30", "dev", "varvek" + i);
    }
  }

  private static void cable(String here, String space, String there, String address)
      throws IOException {
    run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", space);
    run("ip", "-n", space, "addr", "add", address, "dev", there);
    run("ip", "-n", space, "link", "set", there, "up");
    run("ip", "link", "set", here, "up");
  }

  @AfterEach
  void tearDown() throws IOException {
    for (int i = 1; i <= ClusterProcesses.SERVERS; i++) {
      exec(List.of("ip", "netns", "del", "varve-" + i));
      exec(List.of("ip", "link", "del", "varvec" + i));
      exec(List.of("ip", "link", "del", "varvek" + i));
    }
    exec(List.of("ip", "link", "del", WHOLE));
    exec(List.of("ip", "link", "del", NOWHERE));
  }

  private static void run(String... command) throws IOException {
    assertThat(exec(List.of(command))).as(String.join(" ", command)).isEmpty();
  }

  /// What a command says where it fails.
  private static String exec(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.onExit().join().exitValue();
    return exit == 0 ? "" : "exit " + exit + ": " + text;
  }

  private static void cut(int index) throws IOException {
    run("ip", "link", "set", "varvec" + (index + 1), "master", NOWHERE);
  }

  private static void heal(int index) throws IOException {
    run("ip", "link", "set", "varvec" + (index + 1), "master", WHOLE);
  }

  /// Drops so many of hundred packets that reach a server from the others. Needs `nft`.
  private static void lose(int index, int percent) throws IOException {
    nft(index, "add", "table", "inet", "faults");
    nft(
        index,
        "add",
        "chain",
        "inet",
        "faults",
        "in",
        "{ type filter hook input priority filter; }");
    nft(
        index,
        ("add rule inet faults in iifname cluster numgen random mod 100 < " + percent + " drop")
            .split(" "));
  }

  private static void nft(int index, String... command) throws IOException {
    inside(index, "nft", command);
  }

  private static void inside(int index, String program, String... arguments) throws IOException {
    List<String> whole =
        new ArrayList<>(List.of("ip", "netns", "exec", "varve-" + (index + 1), program));
    whole.addAll(List.of(arguments));
    run(whole.toArray(String[]::new));
  }

  /// Lets a server send so many bits a second to the others: packets queue for up to 400 ms, and
  /// what does not fit into the queue is lost.
  private static void slow(int index, String rate) throws IOException {
    String[] bucket =
        ("qdisc add dev cluster root tbf burst 8kbit latency 400ms rate " + rate).split(" ");
    inside(index, "tc", bucket);
  }

  private ClusterProcesses start() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "a word of this test");
    List<ClusterProcesses.Host> hosts = new ArrayList<>();
    for (int i = 1; i <= ClusterProcesses.SERVERS; i++) {
      hosts.add(
          new ClusterProcesses.Host(
              List.of("ip", "netns", "exec", "varve-" + i),
              "10.77.0." + i,
              "10.78." + i + ".2",
              List.of("--listen", "0.0.0.0", "--cluster-secret", secret.toString())));
    }
    ClusterProcesses servers = ClusterProcesses.start(directory, hosts, USER);
    List<String> first = servers.command(0);
    first.addAll(
        List.of(
            "sql",
            "jdbc:varve://127.0.0.1:" + servers.port(0),
            "-e",
            "CREATE USER default IDENTIFIED BY 'word'"));
    assertThat(exec(first)).isEmpty();
    return servers;
  }

  private static int primary(ClusterProcesses servers) {
    String sql = "SELECT server_id FROM system.replicas WHERE is_primary";
    return Integer.parseInt(servers.untilDone(0, sql, id -> id.matches("\\d+"))) - 1;
  }

  @Test
  void whoIsCutOffReadsAndRefusesToWriteAndAgreesAfterwards() throws IOException {
    RandomGenerator random = new SplittableRandom(7);
    try (ClusterProcesses servers = start()) {
      ListClients clients = ListClients.start(servers, 2, random);
      for (int round = 0; round < 2; round++) {
        int primary = primary(servers);
        int alone = round == 0 ? primary : (primary + 1) % ClusterProcesses.SERVERS;
        clients.insertProbe(0);
        cut(alone);
        clients.insertProbe(alone + 1); // the two others go on
        assertThat(servers.send(alone, "INSERT INTO t VALUES (-100, 0)").body())
            .containsAnyOf(
                "TABLE_IS_READ_ONLY", "TOO_FEW_LIVE_REPLICAS", "UNKNOWN_STATUS", "KEEPER");
        assertThat(servers.send(alone, "SELECT min(k) FROM t").body().strip()).startsWith("-");
        String newest = "SELECT count() FROM t SETTINGS read_consistency = 'linearizable'";
        assertThat(servers.send(alone, newest).body()).containsAnyOf("KEEPER", "TIMEOUT");
        heal(alone);
        servers.awaitEqual(
            alone, "SELECT countIf(is_live), countIf(is_primary) FROM system.replicas", "3\t1");
      }
      clients.stop();
      assertThat(servers.untilDone(0, "SELECT count() FROM t WHERE k = -100")).isEqualTo("0");
      clients.check();
    }
  }

  @Test
  void cablesThatComeAndGoLoseNothing() throws IOException {
    RandomGenerator random = new SplittableRandom(11);
    try (ClusterProcesses servers = start()) {
      ListClients clients = ListClients.start(servers, 2, random);
      for (int flap = 0; flap < FLAPS; flap++) {
        int victim = random.nextInt(ClusterProcesses.SERVERS);
        cut(victim);
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(400)));
        heal(victim);
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(200)));
      }
      clients.insertProbe(0);
      clients.stop();
      clients.check();
    }
  }

  @Test
  void slowAndLossyLinksLoseNothing() throws IOException {
    RandomGenerator random = new SplittableRandom(13);
    try (ClusterProcesses servers = start()) {
      ListClients clients = ListClients.start(servers, 2, random);
      int primary = primary(servers);
      int slow = (primary + 1) % ClusterProcesses.SERVERS;
      int lossy = (primary + 2) % ClusterProcesses.SERVERS;
      slow(slow, "1mbit");
      lose(lossy, 10);
      for (int i = 0; i < PROBES; i++) {
        clients.insertProbe(i % ClusterProcesses.SERVERS);
      }
      // The worse links are the primary's own now: it may lose its session, and another takes over.
      lose(primary, 30);
      slow(primary, "200kbit");
      clients.insertProbe(slow);
      inside(primary, "tc", "qdisc", "del", "dev", "cluster", "root");
      inside(slow, "tc", "qdisc", "del", "dev", "cluster", "root");
      nft(primary, "delete", "table", "inet", "faults");
      nft(lossy, "delete", "table", "inet", "faults");
      clients.insertProbe(primary);
      clients.stop();
      clients.check();
    }
  }
}
