// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.server.node.ListAppendCheck.Transaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Clients of a cluster that append values to lists by INSERT, with a token each until one is
/// acknowledged, and read lists linearizably, each statement at any server.
final class ListClients {
  private static final int LISTS = 3;
  private static final int LONGEST = 40;

  private final ClusterProcesses servers;
  private final List<Transaction> history = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger values = new AtomicInteger();
  private final List<CompletableFuture<Void>> clients = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private volatile boolean over;

  private ListClients(ClusterProcesses servers) {
    this.servers = servers;
  }

  /// Makes the table and starts the clients.
  static ListClients start(ClusterProcesses servers, int count, RandomGenerator random) {
    ListClients started = new ListClients(servers);
    servers.untilDone(
        0, "CREATE TABLE IF NOT EXISTS t (k Int64, v Int64) ENGINE = MergeTree ORDER BY (k, v)");
    for (int i = 0; i < count; i++) {
      RandomGenerator own = new SplittableRandom(random.nextLong());
      started.clients.add(
          CompletableFuture.runAsync(() -> started.load(own), Thread::startVirtualThread));
    }
    return started;
  }

  private void load(RandomGenerator random) {
    while (!over) {
      int newest = values.get() / LONGEST;
      if (random.nextBoolean()) {
        append(random, newest);
      } else {
        read(random, newest);
      }
    }
  }

  /// One value to one list or to two, acknowledged in the end.
  private void append(RandomGenerator random, int newest) {
    int value = values.incrementAndGet();
    Map<Integer, Integer> rows = new TreeMap<>();
    rows.put(newest + random.nextInt(LISTS), value);
    rows.put(newest + random.nextInt(LISTS), value);
    String text =
        rows.entrySet().stream()
            .map(row -> "(" + row.getKey() + ", " + row.getValue() + ")")
            .collect(Collectors.joining(", "));
    long began = System.nanoTime();
    servers.untilDone(
        random.nextInt(ClusterProcesses.SERVERS),
        "INSERT INTO t SETTINGS insert_deduplication_token = 'v" + value + "' VALUES " + text);
    history.add(new Transaction(began, System.nanoTime(), rows, Map.of()));
  }

  private void read(RandomGenerator random, int newest) {
    int first = newest + random.nextInt(LISTS);
    int second = newest + random.nextInt(LISTS);
    long began = System.nanoTime();
    String rows =
        servers.untilDone(
            random.nextInt(ClusterProcesses.SERVERS),
            "SELECT k, v FROM t WHERE k IN ("
                + first
                + ", "
                + second
                + ") ORDER BY k, _block_number SETTINGS read_consistency = 'linearizable'");
    Map<Integer, List<Integer>> lists = new TreeMap<>();
    lists.put(first, new ArrayList<>());
    lists.put(second, new ArrayList<>());
    rows.lines()
        .map(row -> row.split("\t"))
        .forEach(row -> lists.get(Integer.valueOf(row[0])).add(Integer.valueOf(row[1])));
    history.add(new Transaction(began, System.nanoTime(), Map.of(), lists));
  }

  /// A row of a list that no client knows, acknowledged by the first server that does, tried from
  /// one on.
  void insertProbe(int first) {
    int list = -1 - others.size();
    others.add(list + "\t0");
    servers.untilDone(
        first,
        "INSERT INTO t SETTINGS insert_deduplication_token = 'probe"
            + list
            + "' VALUES ("
            + list
            + ", 0)");
  }

  /// Ends the clients, each behind its statement.
  void stop() {
    over = true;
    clients.forEach(CompletableFuture::join);
  }

  int transactions() {
    return history.size();
  }

  /// The history is one that a single server could have given, and all servers have all rows once.
  void check() throws IOException {
    List<String> expected = new ArrayList<>(others);
    for (Transaction transaction : history) {
      transaction.appended().forEach((list, value) -> expected.add(list + "\t" + value));
    }
    Collections.sort(expected);
    String sum = "SELECT count(), sum(cityHash64(k, v, _block_number)) FROM t";
    String all = servers.untilDone(0, sum + " SETTINGS read_consistency = 'linearizable'");
    for (int i = 0; i < ClusterProcesses.SERVERS; i++) {
      servers.awaitEqual(i, sum, all);
      String[] rows = servers.send(i, "SELECT k, v FROM t").body().strip().split("\n");
      Arrays.sort(rows);
      assertThat(rows).as("rows of server %s", i).isEqualTo(expected.toArray(new String[0]));
    }
    assertThat(ListAppendCheck.anomalies(history)).isEmpty();
  }
}
