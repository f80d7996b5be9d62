// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's own console tools, each a process of its own, as its shell scripts start them. They want
/// the clients of their own release, which the build lays in a folder.
@TestInstance(Lifecycle.PER_CLASS)
final class KafkaToolsTest {
  private Path directory;
  private BrokerHarness server;
  private KafkaTools tools;

  @BeforeAll
  void open(@TempDir Path shared) throws IOException {
    directory = shared;
    KafkaTools.assumeThere();
    server = new BrokerHarness(directory.resolve("data"));
    tools = new KafkaTools(directory, server.address());
  }

  @AfterAll
  void close() {
    if (server != null) {
      server.close();
      assertThat(server.broker().lastDefect()).isNull();
    }
  }

  private String run(String tool, String... arguments) throws Exception {
    return tools.run(tool, arguments);
  }

  private String topics(String... arguments) throws Exception {
    return run("org.apache.kafka.tools.TopicCommand", arguments);
  }

  private String configs(String... arguments) throws Exception {
    return run("kafka.admin.ConfigCommand", arguments);
  }

  private String groups(String... arguments) throws Exception {
    return run("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", arguments);
  }

  private void produce(String topic, int records) throws Exception {
    String output =
        run(
            "org.apache.kafka.tools.ProducerPerformance",
            "--topic",
            topic,
            "--num-records",
            Integer.toString(records),
            "--record-size",
            "100",
            "--throughput",
            "-1");
    assertThat(output).contains(records + " records sent");
  }

  @Test
  void topicsAreMadeGrownDescribedAndDeleted() throws Exception {
    topics("--create", "--topic", "a", "--partitions", "2", "--config", "retention.ms=60000");
    topics("--alter", "--topic", "a", "--partitions", "3");
    assertThat(topics("--list").lines()).contains("a");
    assertThat(topics("--describe", "--topic", "a"))
        .contains("PartitionCount: 3", "ReplicationFactor: 1", "retention.ms=60000");
    topics("--delete", "--topic", "a");
    assertThat(topics("--list").lines()).doesNotContain("a");
  }

  @Test
  void settingsAreChangedAndShown() throws Exception {
    topics("--create", "--topic", "b");
    String[] topic = {"--entity-type", "topics", "--entity-name", "b"};
    configs(with(topic, "--alter", "--add-config", "max.message.bytes=2048"));
    assertThat(configs(with(topic, "--describe"))).contains("max.message.bytes=2048");
    configs(with(topic, "--alter", "--delete-config", "max.message.bytes"));
    assertThat(configs(with(topic, "--describe"))).doesNotContain("max.message.bytes");
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void perfToolsSendAndReadAndGroupsAreShownAndReset() throws Exception {
    topics("--create", "--topic", "c", "--partitions", "2");
    produce("c", 20_000);
    assertThat(run("org.apache.kafka.tools.GetOffsetShell", "--topic", "c"))
        .contains("c:0:", "c:1:");
    run(
        "org.apache.kafka.tools.ConsumerPerformance",
        "--topic",
        "c",
        "--num-records",
        "20000",
        "--group",
        "perf");
    assertThat(groups("--list").lines()).contains("perf");
    assertThat(groups("--describe", "--group", "perf"))
        .containsPattern("perf +c +0 +(\\d+) +\\1 +0");
    groups("--group", "perf", "--topic", "c", "--reset-offsets", "--to-earliest", "--execute");
    groups("--describe", "--group", "perf", "--state");
    groups("--delete-offsets", "--group", "perf", "--topic", "c:0");
    assertThat(groups("--delete", "--group", "perf")).contains("perf", "successful");
  }

  @Test
  void theConsoleWritesToATableAndReadsItBack() throws Exception {
    server.createTable("lines", "MergeTree", Map.of(), "id", "Int64", "name", "String");
    Path input =
        Files.writeString(
            directory.resolve("lines.txt"),
            "k1\t{\"id\":1,\"name\":\"a\"}\nk2\t{\"id\":2,\"name\":\"b\"}\n");
    tools.run(
        input,
        "org.apache.kafka.tools.ConsoleProducer",
        "--topic",
        "lines",
        "--reader-property",
        "parse.key=true");
    assertThat(server.rows("lines")).containsExactlyInAnyOrder(List.of(1L, "a"), List.of(2L, "b"));
    for (String protocol : List.of("classic", "consumer")) {
      assertThat(
              run(
                  "org.apache.kafka.tools.consumer.ConsoleConsumer",
                  "--topic",
                  "lines",
                  "--from-beginning",
                  "--max-messages",
                  "2",
                  "--group",
                  "console-" + protocol,
                  "--command-property",
                  "group.protocol=" + protocol,
                  "--formatter-property",
                  "print.key=true",
                  "--formatter-property",
                  "print.offset=true"))
          .contains(
              "Offset:0\tk1\t{\"id\":1,\"name\":\"a\"}", "Offset:1\tk2\t{\"id\":2,\"name\":\"b\"}");
    }
  }

  @Test
  void versionsAndTransactionsAreShown() throws Exception {
    assertThat(run("org.apache.kafka.tools.BrokerApiVersionsCommand"))
        .contains("Produce(0): 0 to 13", "ConsumerGroupHeartbeat(68): 0 to 1");
    try (Producer<byte[], byte[]> producer =
        StockClientTest.producer(server.address(), Map.of("transactional.id", "shown"))) {
      topics("--create", "--topic", "e");
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("e", new byte[] {1})).get();
      assertThat(run("org.apache.kafka.tools.TransactionsCommand", "list"))
          .containsPattern("shown\\s+\\d+\\s+\\d+\\s+Ongoing");
      assertThat(
              run(
                  "org.apache.kafka.tools.TransactionsCommand",
                  "describe",
                  "--transactional-id",
                  "shown"))
          .contains("Ongoing", "e-0");
      producer.abortTransaction();
    }
  }

  @Test
  void recordsAreDeletedByFileAndDirectoriesShown() throws Exception {
    topics("--create", "--topic", "d");
    produce("d", 100);
    Path file =
        Files.writeString(
            directory.resolve("delete.json"),
            "{\"partitions\":[{\"topic\":\"d\",\"partition\":0,\"offset\":40}],\"version\":1}");
    assertThat(
            run(
                "org.apache.kafka.tools.DeleteRecordsCommand",
                "--offset-json-file",
                file.toString()))
        .contains("low_watermark: 40");
    assertThat(run("org.apache.kafka.tools.LogDirsCommand", "--describe", "--topic-list", "d"))
        .contains("\"partition\":\"d-0\"");
  }

  @Test
  void offsetsAreToldByEveryWayToAskForThem() throws Exception {
    topics("--create", "--topic", "f");
    produce("f", 10);
    String shell = "org.apache.kafka.tools.GetOffsetShell";
    assertThat(run(shell, "--topic", "f", "--time", "-1")).contains("f:0:10");
    assertThat(run(shell, "--topic", "f", "--time", "latest")).contains("f:0:10");
    assertThat(run(shell, "--topic", "f", "--time", "-2")).contains("f:0:0");
    assertThat(run(shell, "--topic", "f", "--time", "-3")).containsPattern("f:0:\\d");
    assertThat(run(shell, "--topic", "f", "--time", "-4")).contains("f:0:0");
    // Nothing lies in a second tier, so that there is no last offset of it.
    assertThat(run(shell, "--topic", "f", "--time", "-5")).doesNotContain("f:0:1");
    assertThat(run(shell, "--topic", "f", "--time", "0")).contains("f:0:0");
  }

  @Test
  void leadersStayWhereTheyAre() throws Exception {
    topics("--create", "--topic", "g", "--partitions", "2");
    String election = "org.apache.kafka.tools.LeaderElectionCommand";
    assertThat(run(election, "--election-type", "preferred", "--topic", "g", "--partition", "1"))
        .contains("Valid replica already elected for partitions g-1");
    assertThat(run(election, "--election-type", "unclean", "--all-topic-partitions"))
        .contains("g-0", "g-1");
  }

  @Test
  void aMoveToThisNodeIsOverAtOnceAndNoOtherBegins() throws Exception {
    topics("--create", "--topic", "h");
    String reassign = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";
    Path here =
        Files.writeString(
            directory.resolve("here.json"),
            "{\"version\":1,\"partitions\":[{\"topic\":\"h\",\"partition\":0,\"replicas\":[1]}]}");
    assertThat(run(reassign, "--reassignment-json-file", here.toString(), "--execute"))
        .contains("Successfully started partition reassignment for h-0");
    assertThat(run(reassign, "--reassignment-json-file", here.toString(), "--verify"))
        .contains("Reassignment of partition h-0 is completed");
    assertThat(run(reassign, "--list")).contains("No partition reassignments found");
  }

  @Test
  void theClusterItsQuorumAndItsFeaturesAreShown() throws Exception {
    String quorum = run("org.apache.kafka.tools.MetadataQuorumCommand", "describe", "--status");
    assertThat(quorum).containsPattern("LeaderId: +1").containsPattern("HighWatermark: +0");
    assertThat(run("org.apache.kafka.tools.FeatureCommand", "describe"))
        .contains("transaction.version");
    assertThat(run("org.apache.kafka.tools.ClusterTool", "cluster-id")).contains("Cluster ID: ");
  }

  @Test
  void metricsOfClientsAreNotCollectedAndTheToolSaysSo() throws Exception {
    String tool = "org.apache.kafka.tools.ClientMetricsCommand";
    assertThat(run(tool, "--list").strip()).isEmpty();
    assertThat(tools.fail(tool, "--alter", "--name", "all", "--metrics", "a", "--interval", "1000"))
        .contains("only settings of topics can be changed here");
  }

  @Test
  void everythingThatHasSettingsIsShown() throws Exception {
    topics("--create", "--topic", "i");
    assertThat(configs("--entity-type", "brokers", "--entity-name", "1", "--describe", "--all"))
        .contains("message.max.bytes");
    assertThat(configs("--entity-type", "topics", "--describe")).contains("topic i");
  }

  @Test
  void quotasAreSetShownAndRemoved() throws Exception {
    String[] both = {
      "--entity-type",
      "users",
      "--entity-name",
      "ann",
      "--entity-type",
      "clients",
      "--entity-default"
    };
    configs(
        with(
            both,
            "--alter",
            "--add-config",
            "producer_byte_rate=1048576,consumer_byte_rate=2097152,request_percentage=150"));
    assertThat(configs(with(both, "--describe")))
        .contains(
            "producer_byte_rate=1048576.0",
            "consumer_byte_rate=2097152.0",
            "request_percentage=150.0");
    configs(
        with(
            both,
            "--alter",
            "--delete-config",
            "producer_byte_rate,consumer_byte_rate,request_percentage"));
    assertThat(configs(with(both, "--describe"))).doesNotContain("producer_byte_rate");
    String[] clients = {"--entity-type", "clients", "--entity-name", "c"};
    assertThat(
            tools.fail(
                "kafka.admin.ConfigCommand",
                with(clients, "--alter", "--add-config", "controller_mutation_rate=1")))
        .contains("there is no quota controller_mutation_rate here");
  }

  @Test
  void shareGroupsAreRefused() throws Exception {
    assertThat(
            run(
                "org.apache.kafka.tools.consumer.group.ShareGroupCommand",
                "--describe",
                "--group",
                "s"))
        .contains("does not support SHARE_GROUP_DESCRIBE");
  }
}
