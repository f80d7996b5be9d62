// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three processes of a cluster, an idempotent producer that writes to a table's topic, and INSERTs
/// into the same table beside it. Meanwhile the leader of the log is killed with `kill -9`, and
/// started again. In the end each row that was acknowledged is in the table once, at every server,
/// and each record in the log once. `varve.kill.lives` makes it longer, and it prints how long the
/// producer was without an answer.
@Timeout(value = 120, unit = TimeUnit.MINUTES)
final class ClusterLogKillTest {
  private static final int KILLS = Integer.getInteger("varve.kill.lives", 2);
  private static final long FIRST_INSERTED = 1L << 40;

  @TempDir Path directory;

  private final Set<Long> produced = new ConcurrentSkipListSet<>();
  private final Set<Long> inserted = new ConcurrentSkipListSet<>();
  private final AtomicBoolean stops = new AtomicBoolean();
  private final AtomicLong lastAnswer = new AtomicLong();
  private final AtomicLong longestAway = new AtomicLong();

  @Randomized(times = 1)
  void acknowledgedRecordsAreThereOnceWheneverTheLeaderIsKilled(RandomGenerator random)
      throws Exception {
    Path data = Files.createTempDirectory(directory, "cluster");
    try (ClusterProcesses servers = ClusterProcesses.start(data)) {
      servers.untilDone(
          0, "CREATE TABLE IF NOT EXISTS t (id UInt64) ENGINE = MergeTree ORDER BY id");
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrap()))) {
        untilInSync(admin, 3);
        Thread producer = Thread.ofPlatform().start(() -> produce(servers.bootstrap()));
        Thread inserts = Thread.ofPlatform().start(() -> insert(servers));
        List<Long> away = new ArrayList<>();
        try {
          for (int kill = 0; kill < KILLS; kill++) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) + random.nextLong(1_000_000_000L));
            longestAway.set(0);
            int leader = untilInSync(admin, 3);
            servers.kill(leader - 1);
            long before = produced.size();
            await(() -> produced.size() > before + 100);
            away.add(longestAway.get() / 1_000_000);
            servers.start(leader - 1);
          }
        } finally {
          stops.set(true);
          producer.join();
          inserts.join();
        }
        Collections.sort(away);
        System.out.printf(
            "log leader kills %d, records %d, inserts %d, producer away ms: median %d, most %d%n",
            KILLS, produced.size(), inserted.size(), away.get(away.size() / 2), away.getLast());
        untilInSync(admin, 3);
      }
      check(servers);
    }
  }

  private void check(ClusterProcesses servers) {
    String counts =
        servers.untilDone(
            0, "SELECT count(), uniqExact(id) FROM t SETTINGS read_consistency = 'linearizable'");
    String[] pair = counts.split("\t");
    assertThat(pair[0]).as("rows, each once").isEqualTo(pair[1]);
    String ids =
        servers.untilDone(
            0, "SELECT id FROM t ORDER BY id SETTINGS read_consistency = 'linearizable'");
    Set<Long> found = new TreeSet<>();
    ids.lines().forEach(line -> found.add(Long.parseLong(line)));
    assertThat(found).as("produced").containsAll(produced);
    assertThat(found).as("inserted").containsAll(inserted);
    String sum = "SELECT count(), sum(id) FROM t";
    String expected = servers.untilDone(0, sum + " SETTINGS read_consistency = 'linearizable'");
    for (int server = 0; server < ClusterProcesses.SERVERS; server++) {
      servers.awaitEqual(server, sum, expected);
    }
    List<Long> records = readAll(servers.bootstrap());
    assertThat(records).as("records of the log").doesNotHaveDuplicates().containsAll(produced);
    Set<Long> ofLog = new TreeSet<>(found);
    ofLog.removeIf(id -> id >= FIRST_INSERTED);
    assertThat(new TreeSet<>(records)).as("the log and the table").isEqualTo(ofLog);
  }

  private void produce(String bootstrap) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", bootstrap,
            "delivery.timeout.ms", 120_000,
            "request.timeout.ms", 10_000,
            "retry.backoff.ms", 20,
            "linger.ms", 5);
    lastAnswer.set(System.nanoTime());
    try (Producer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      for (long id = 0; !stops.get(); id++) {
        long sent = id;
        producer.send(
            new ProducerRecord<>("t", "{\"id\":" + id + "}"),
            (_, failure) -> {
              long now = System.nanoTime();
              long before = lastAnswer.getAndSet(now);
              longestAway.accumulateAndGet(now - before, Math::max);
              if (failure == null) {
                produced.add(sent);
              }
            });
        if (id % 20 == 0) {
          LockSupport.parkNanos(20_000_000);
        }
      }
    }
  }

  private void insert(ClusterProcesses servers) {
    for (long id = FIRST_INSERTED; !stops.get(); id++) {
      servers.untilDone(
          (int) (id % ClusterProcesses.SERVERS),
          "INSERT INTO t SETTINGS insert_deduplication_token = 'i" + id + "' VALUES (" + id + ")");
      inserted.add(id);
    }
  }

  private static List<Long> readAll(String bootstrap) {
    List<Long> found = new ArrayList<>();
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      TopicPartition partition = new TopicPartition("t", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(500))
            .forEach(record -> found.add(Long.parseLong(record.value().replaceAll("[^0-9]", ""))));
      }
    }
    return found;
  }

  /// Waits until so many servers are in sync. Returns who leads.
  private static int untilInSync(Admin admin, int count) {
    int[] leader = new int[1];
    await(() -> {
      KafkaFuture<Map<String, TopicDescription>> asked =
          admin.describeTopics(List.of("t")).allTopicNames();
      try {
        var partition = asked.get(20, TimeUnit.SECONDS).get("t").partitions().getFirst();
        leader[0] = partition.leader() == null ? 0 : partition.leader().id();
        return leader[0] > 0 && partition.isr().size() == count;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } catch (java.util.concurrent.ExecutionException
          | java.util.concurrent.TimeoutException away) {
        return false;
      }
    });
    return leader[0];
  }

  private static void await(java.util.function.BooleanSupplier wanted) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
