// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.coordination.Member;
import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log of three servers of one cluster, to clients of Apache Kafka.
final class ClusterLogTest {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(90).toNanos();

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final VarveServer[] servers = new VarveServer[3];
  private final int[] kafkaPorts = new int[3];
  private List<Member> members;

  @BeforeEach
  void startAll() throws IOException {
    List<Integer> ports = freePorts(12);
    members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      members.add(
          new Member(
              i + 1,
              "127.0.0.1",
              ports.get(4 * i),
              ports.get(4 * i + 1),
              ports.get(4 * i + 2),
              false));
      kafkaPorts[i] = ports.get(4 * i + 3);
    }
    for (int i = 0; i < 3; i++) {
      start(i);
    }
  }

  @AfterEach
  void stopAll() {
    Stream.of(servers).filter(Objects::nonNull).forEach(VarveServer::close);
    client.close();
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return ports;
  }

  private void start(int index) {
    ClusterSettings settings = ClusterSettings.member(index + 1, members, "");
    servers[index] =
        VarveServer.open(
            new ServerConfig(
                    directory.resolve("server" + index),
                    "127.0.0.1",
                    0,
                    kafkaPorts[index],
                    2,
                    256L << 20,
                    MergeSettings.defaults())
                .withCluster(settings));
  }

  private void stop(int index) {
    servers[index].close();
    servers[index] = null;
  }

  private String bootstrap() {
    return Stream.of(0, 1, 2)
        .map(i -> "127.0.0.1:" + kafkaPorts[i])
        .collect(Collectors.joining(","));
  }

  private Producer<String, String> producer() {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap());
    config.put("delivery.timeout.ms", 90_000);
    config.put("request.timeout.ms", 10_000);
    config.put("retry.backoff.ms", 50);
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private KafkaConsumer<String, String> consumer(String group) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap());
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", false);
    if (group != null) {
      config.put("group.id", group);
    }
    return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrap()));
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

  private String run(int index, String sql) {
    HttpResponse<String> response = send(index, sql);
    assertThat(response.statusCode()).as("%s: %s", sql, response.body()).isEqualTo(200);
    return response.body().strip();
  }

  /// Asks until the answer is one that is wanted.
  private static <T> T until(Supplier<T> question, Predicate<T> wanted) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    T found = question.get();
    while (!wanted.test(found) && System.nanoTime() < end) {
      found = question.get();
    }
    assertThat(wanted.test(found)).as("the last answer was %s", found).isTrue();
    return found;
  }

  private static void createTopic(Admin admin, String name, int partitions)
      throws InterruptedException {
    until(
        () -> {
          try {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 3))).all().get();
            return "made";
          } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
          }
        },
        answer -> answer.equals("made") || answer.contains("exists"));
  }

  private static List<TopicPartitionInfo> describe(Admin admin, String topic) {
    try {
      TopicDescription found =
          admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      return found.partitions();
    } catch (ExecutionException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static List<TopicPartitionInfo> untilInSync(Admin admin, String topic, int count) {
    return until(
        () -> describe(admin, topic),
        all ->
            !all.isEmpty()
                && all.stream().allMatch(p -> p.leader() != null && p.isr().size() == count));
  }

  private List<ConsumerRecord<String, String>> readAll(String topic, int partitions, int count) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = consumer(null)) {
      List<TopicPartition> all = new ArrayList<>();
      for (int i = 0; i < partitions; i++) {
        all.add(new TopicPartition(topic, i));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (records.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      consumer.poll(Duration.ofMillis(500)).forEach(records::add);
    }
    return records;
  }

  @Test
  void aTopicIsOnAllServersAndGoesOnWhenItsLeaderGoes() throws Exception {
    try (Admin admin = admin();
        Producer<String, String> producer = producer()) {
      createTopic(admin, "clicks", 3);
      List<TopicPartitionInfo> partitions = untilInSync(admin, "clicks", 3);
      assertThat(partitions).allSatisfy(p -> assertThat(p.replicas()).hasSize(3));
      for (int i = 0; i < 300; i++) {
        producer.send(new ProducerRecord<>("clicks", i % 3, "k", "v" + i)).get();
      }
      int leader = partitions.getFirst().leader().id();
      stop(leader - 1);
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 300; i < 600; i++) {
        sent.add(producer.send(new ProducerRecord<>("clicks", i % 3, "k", "v" + i)));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
      List<TopicPartitionInfo> after = untilInSync(admin, "clicks", 2);
      assertThat(after).allSatisfy(p -> assertThat(p.leader().id()).isNotEqualTo(leader));

      List<ConsumerRecord<String, String>> records = readAll("clicks", 3, 600);
      assertThat(records.stream().map(ConsumerRecord::value).sorted().toList())
          .isEqualTo(Stream.iterate(0, i -> i + 1).limit(600).map(i -> "v" + i).sorted().toList());
      start(leader - 1);
      untilInSync(admin, "clicks", 3);
      String seen = "SELECT partition, length(isr), end_offset FROM system.topic_partitions";
      until(
          () -> run(leader - 1, seen + " WHERE topic = 'clicks' ORDER BY partition"),
          rows -> rows.equals("0\t3\t200\n1\t3\t200\n2\t3\t200"));
    }
  }

  @Test
  void rowsOfATablesTopicAreInTheTableOnceWhoeverLeads() throws Exception {
    until(
        () -> send(0, "CREATE TABLE IF NOT EXISTS events (id UInt64) ORDER BY id").statusCode(),
        status -> status == 200);
    try (Admin admin = admin();
        Producer<String, String> producer = producer()) {
      untilInSync(admin, "events", 3);
      for (int i = 0; i < 50; i++) {
        producer.send(new ProducerRecord<>("events", "{\"id\":" + i + "}")).get();
      }
      for (int i = 0; i < 3; i++) {
        assertThat(run(i, "SELECT count() FROM events SETTINGS read_consistency='linearizable'"))
            .as("what is acknowledged is seen by a linearizable query at any server")
            .isEqualTo("50");
      }
      int leader = describe(admin, "events").getFirst().leader().id();
      stop(leader - 1);
      for (int i = 50; i < 100; i++) {
        producer.send(new ProducerRecord<>("events", "{\"id\":" + i + "}")).get();
      }
      int other = leader % 3;
      assertThat(
              run(
                  other,
                  "SELECT count(), uniqExact(id) FROM events"
                      + " SETTINGS read_consistency='linearizable'"))
          .isEqualTo("100\t100");
      assertThat(readAll("events", 1, 100)).hasSize(100);
    }
  }

  @Test
  void committedOffsetsOutliveTheirCoordinator() throws Exception {
    try (Admin admin = admin();
        Producer<String, String> producer = producer()) {
      createTopic(admin, "work", 1);
      untilInSync(admin, "work", 3);
      for (int i = 0; i < 20; i++) {
        producer.send(new ProducerRecord<>("work", "v" + i)).get();
      }
      try (KafkaConsumer<String, String> consumer = consumer("readers")) {
        consumer.subscribe(List.of("work"));
        List<String> first = new ArrayList<>();
        until(
            () -> {
              consumer.poll(Duration.ofMillis(200)).forEach(r -> first.add(r.value()));
              return first.size();
            },
            size -> size == 20);
        consumer.commitSync(Duration.ofSeconds(60));
        Node coordinator =
            admin
                .describeConsumerGroups(List.of("readers"))
                .describedGroups()
                .get("readers")
                .get()
                .coordinator();
        stop(coordinator.id() - 1);
        for (int i = 20; i < 40; i++) {
          producer.send(new ProducerRecord<>("work", "v" + i)).get();
        }
      }
      try (KafkaConsumer<String, String> consumer = consumer("readers")) {
        consumer.subscribe(List.of("work"));
        List<String> rest = new ArrayList<>();
        until(
            () -> {
              consumer.poll(Duration.ofMillis(200)).forEach(r -> rest.add(r.value()));
              return rest.size();
            },
            size -> size >= 20);
        assertThat(rest.getFirst()).isEqualTo("v20");
        assertThat(rest).hasSize(20);
      }
    }
  }

  @Test
  void acksAllIsRefusedWhereTooFewAreInSync() throws Exception {
    try (Admin admin = admin()) {
      createTopic(admin, "few", 1);
      untilInSync(admin, "few", 3);
      ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "few");
      AlterConfigOp op =
          new AlterConfigOp(new ConfigEntry("min.insync.replicas", "3"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(topic, List.of(op))).all().get();
      int leader = describe(admin, "few").getFirst().leader().id();
      stop(leader % 3);
      untilInSync(admin, "few", 2);
      Map<String, Object> config = new HashMap<>();
      config.put("bootstrap.servers", bootstrap());
      config.put("enable.idempotence", false);
      config.put("retries", 0);
      try (Producer<String, String> producer =
          new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
        assertThatThrownBy(() -> producer.send(new ProducerRecord<>("few", "two")).get())
            .hasCauseInstanceOf(NotEnoughReplicasException.class);
      }
      config.put("acks", "1");
      try (Producer<String, String> producer =
          new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
        producer.send(new ProducerRecord<>("few", "one is enough")).get();
      }
      assertThat(readAll("few", 1, 1)).hasSize(1);
    }
  }
}
