// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What administrators do, with the stock client.
final class AdminTest {
  private static final ConfigResource TOPIC =
      new ConfigResource(ConfigResource.Type.TOPIC, "plain");

  @TempDir Path directory;
  private BrokerHarness server;
  private Admin admin;

  @BeforeEach
  void open() throws Exception {
    server = new BrokerHarness(directory);
    admin = Admin.create(Map.of("bootstrap.servers", server.address()));
    admin.createTopics(List.of(new NewTopic("plain", 1, (short) 1))).all().get();
  }

  @AfterEach
  void close() {
    admin.close();
    server.close();
    assertThat(server.broker().lastDefect()).isNull();
  }

  private void reopen() throws Exception {
    admin.close();
    server.close();
    server = new BrokerHarness(directory);
    admin = Admin.create(Map.of("bootstrap.servers", server.address()));
  }

  private void send(String topic, int partition, int count, long timestamp) throws Exception {
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), Map.of())) {
      for (int i = 0; i < count; i++) {
        byte[] value = ("{\"id\":" + i + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, partition, timestamp + i, null, value)).get();
      }
    }
  }

  private long offset(String topic, int partition, OffsetSpec spec) throws Exception {
    TopicPartition asked = new TopicPartition(topic, partition);
    return admin.listOffsets(Map.of(asked, spec)).partitionResult(asked).get().offset();
  }

  private Config config() throws Exception {
    return admin.describeConfigs(List.of(TOPIC)).all().get().get(TOPIC);
  }

  private void alter(OpType operation, String name, String value) throws Exception {
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), operation);
    admin.incrementalAlterConfigs(Map.of(TOPIC, List.of(change))).all().get();
  }

  @Test
  void theBrokersOwnSettingsAreShownAndCannotBeChanged() throws Exception {
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    Config shown = admin.describeConfigs(List.of(broker)).all().get().get(broker);
    assertThat(shown.get("log.segment.bytes").value()).isEqualTo(Integer.toString(256 << 20));
    assertThat(shown.entries()).allMatch(ConfigEntry::isReadOnly);
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry("log.segment.bytes", "4096"), OpType.SET);
    assertThatThrownBy(
            () -> admin.incrementalAlterConfigs(Map.of(broker, List.of(change))).all().get())
        .hasMessageContaining("only settings of topics");
  }

  @Test
  void partitionsAreAddedAndStay() throws Exception {
    send("plain", 0, 3, 1);
    admin.createPartitions(Map.of("plain", NewPartitions.increaseTo(4))).all().get();
    send("plain", 3, 2, 1);
    reopen();
    TopicDescription found =
        admin.describeTopics(List.of("plain")).allTopicNames().get().get("plain");
    assertThat(found.partitions()).hasSize(4);
    assertThat(offset("plain", 0, OffsetSpec.latest())).isEqualTo(3);
    assertThat(offset("plain", 3, OffsetSpec.latest())).isEqualTo(2);
  }

  @Test
  void partitionsNeverGoAndThoseOfTablesFollowTheTable() throws Exception {
    server.createTable("events", "MergeTree", Map.of(), "id", "UInt64");
    assertThatThrownBy(
            () -> admin.createPartitions(Map.of("plain", NewPartitions.increaseTo(1))).all().get())
        .hasCauseInstanceOf(InvalidPartitionsException.class);
    assertThatThrownBy(
            () -> admin.createPartitions(Map.of("events", NewPartitions.increaseTo(2))).all().get())
        .hasCauseInstanceOf(PolicyViolationException.class);
  }

  @Test
  void settingsAreSetTakenBackAndKept() throws Exception {
    alter(OpType.SET, "retention.ms", "1234567");
    alter(OpType.APPEND, "cleanup.policy", "compact");
    assertThat(config().get("flush.ms").value()).isEqualTo("-1");
    alter(OpType.SET, "flush.ms", "50");
    reopen();
    assertThat(config().get("flush.ms").value()).isEqualTo("50");
    assertThat(config().get("retention.ms").value()).isEqualTo("1234567");
    assertThat(config().get("retention.ms").source())
        .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    assertThat(config().get("cleanup.policy").value()).isEqualTo("compact,delete");
    alter(OpType.SUBTRACT, "cleanup.policy", "compact");
    alter(OpType.DELETE, "retention.ms", null);
    assertThat(config().get("cleanup.policy").value()).isEqualTo("delete");
    assertThat(config().get("retention.ms").value()).isEqualTo("604800000");
  }

  @Test
  void anUnknownSettingIsNamedAndChangesNothing() throws Exception {
    assertThatThrownBy(() -> alter(OpType.SET, "retention.sm", "1"))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("retention.ms");
    assertThat(config().get("retention.ms").value()).isEqualTo("604800000");
  }

  @Test
  void recordsBeforeAnOffsetAreDeletedForEver() throws Exception {
    send("plain", 0, 10, 1);
    TopicPartition partition = new TopicPartition("plain", 0);
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4))).all().get();
    assertThat(offset("plain", 0, OffsetSpec.earliest())).isEqualTo(4);
    reopen();
    assertThat(offset("plain", 0, OffsetSpec.earliest())).isEqualTo(4);
    assertThatThrownBy(() ->
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(11))).all().get())
        .hasCauseInstanceOf(OffsetOutOfRangeException.class);
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1))).all().get();
    assertThat(offset("plain", 0, OffsetSpec.earliest())).isEqualTo(10);
  }

  @Test
  void recordsOfATableAreDeletedOnlyWhenTheyAreInAPart() throws Exception {
    server.createTable("events", "MergeTree", Map.of(), "id", "UInt64");
    send("events", 0, 3, 1);
    TopicPartition partition = new TopicPartition("events", 0);
    assertThatThrownBy(() ->
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get())
        .hasCauseInstanceOf(PolicyViolationException.class);
    server.table("events").flush();
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get();
    assertThat(offset("events", 0, OffsetSpec.earliest())).isEqualTo(2);
    assertThat(server.count("events")).isEqualTo(3);
  }

  @Test
  void offsetsAreFoundByTimeAndByTheGreatestTime() throws Exception {
    send("plain", 0, 10, 1_000);
    assertThat(offset("plain", 0, OffsetSpec.forTimestamp(1_004))).isEqualTo(4);
    assertThat(offset("plain", 0, OffsetSpec.forTimestamp(5_000))).isEqualTo(-1);
    assertThat(offset("plain", 0, OffsetSpec.maxTimestamp())).isEqualTo(9);
  }

  @Test
  void manyPartitionsAreDescribedPageByPage() throws Exception {
    List<NewTopic> topics = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      names.add("t" + i);
      topics.add(new NewTopic("t" + i, 7, (short) 1));
    }
    admin.createTopics(topics).all().get();
    DescribeTopicsOptions pages = new DescribeTopicsOptions().partitionSizeLimitPerResponse(3);
    Collection<TopicDescription> found =
        admin
            .describeTopics(TopicCollection.ofTopicNames(names), pages)
            .allTopicNames()
            .get()
            .values();
    assertThat(found).hasSize(5).allMatch(topic -> topic.partitions().size() == 7);
  }

  @Test
  void directoriesTellTheSizesOfPartitions() throws Exception {
    send("plain", 0, 10, 1);
    var directories = admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
    assertThat(directories).hasSize(1);
    var replicas = directories.values().iterator().next().replicaInfos();
    assertThat(replicas.get(new TopicPartition("plain", 0)).size()).isGreaterThan(10 * 61);
  }
}
