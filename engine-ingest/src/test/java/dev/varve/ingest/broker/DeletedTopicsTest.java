// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Topics that are deleted give their memory back, in the broker and with those who assign
/// partitions.
final class DeletedTopicsTest {
  private static final int TOPICS = 40;
  private static final int PARTITIONS = 10;

  @Test
  @Timeout(300)
  void topicsThatAreDeletedGiveTheirMemoryBack(@TempDir Path directory) throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory);
        Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      create(admin, "kept", 1);
      admin
          .alterConsumerGroupOffsets(
              "group", Map.of(new TopicPartition("kept-0", 0), new OffsetAndMetadata(0)))
          .all()
          .get();
      create(admin, "early", TOPICS);
      delete(admin, "early");
      long before = usedBytes();
      for (int round = 0; round < 3; round++) {
        create(admin, "topic" + round, TOPICS);
        long full = usedBytes() - before;
        assertThat(full).as("what %s topics take", TOPICS).isPositive();
        delete(admin, "topic" + round);
        // Those who assign partitions are told within about a second.
        while (usedBytes() - before > full / 3) {
          LockSupport.parkNanos(50_000_000);
        }
      }
      assertThat(server.broker().lastDefect()).isNull();
    }
  }

  private static void create(Admin admin, String prefix, int count) throws Exception {
    admin
        .createTopics(
            names(prefix, count).stream()
                .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                .toList())
        .all()
        .get();
  }

  private static void delete(Admin admin, String prefix) throws Exception {
    admin.deleteTopics(names(prefix, TOPICS)).all().get();
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
