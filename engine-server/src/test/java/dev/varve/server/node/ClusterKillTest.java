// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three processes of a cluster under [ListClients]. Meanwhile servers are killed with `kill -9` in
/// turns: the primary, which also merges, the leader of ZooKeeper, any; and started again.
/// `varve.kill.lives` makes it longer, and it prints how long writes were away.
@Timeout(value = 120, unit = TimeUnit.MINUTES)
final class ClusterKillTest {
  private static final int KILLS = Integer.getInteger("varve.kill.lives", 3);
  private static final int CLIENTS = 3;

  @TempDir Path directory;

  private final List<Long> awayMillis = new ArrayList<>();

  @Randomized(times = 1)
  void acknowledgedInsertsAreThereOnceAndInOneOrderWhicheverServerIsKilled(RandomGenerator random)
      throws IOException {
    Path data = Files.createTempDirectory(directory, "cluster");
    try (ClusterProcesses servers = ClusterProcesses.start(data)) {
      ListClients clients = ListClients.start(servers, CLIENTS, random);
      try {
        for (int kill = 0; kill < KILLS; kill++) {
          killOne(servers, clients, kill, random);
        }
      } finally {
        clients.stop();
      }
      Collections.sort(awayMillis);
      System.out.printf(
          "cluster kills %d, transactions %d, writes away ms: median %d, p95 %d, most %d%n",
          KILLS,
          clients.transactions(),
          awayMillis.get(awayMillis.size() / 2),
          awayMillis.get((awayMillis.size() * 95 - 1) / 100),
          awayMillis.getLast());
      clients.check();
    }
  }

  private void killOne(
      ClusterProcesses servers, ListClients clients, int kill, RandomGenerator random)
      throws IOException {
    LockSupport.parkNanos(random.nextLong(1_000_000_000L));
    int victim =
        switch (kill % 3) {
          case 0 -> server(servers, "SELECT server_id FROM system.replicas WHERE is_primary");
          case 1 -> server(servers, "SELECT server_id FROM system.cluster WHERE role = 'LEADING'");
          default -> random.nextInt(ClusterProcesses.SERVERS);
        };
    servers.kill(victim);
    long began = System.nanoTime();
    clients.insertProbe(victim + 1);
    awayMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    servers.start(victim);
    servers.untilDone(
        victim,
        "SELECT countIf(is_live) FROM system.replicas",
        live -> live.equals(String.valueOf(ClusterProcesses.SERVERS)));
  }

  private static int server(ClusterProcesses servers, String sql) {
    return Integer.parseInt(servers.untilDone(0, sql, id -> id.matches("\\d+"))) - 1;
  }
}
