// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.sink.DeadLetter;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What records of a table's topic can say besides rows: that a key is gone, that a row changed
/// elsewhere, what stands around their value; and what becomes of those that say nothing sensible.
final class TableRecordsTest {
  @TempDir Path directory;

  private static ProducerRecord<byte[], byte[]> record(String topic, String key, String value) {
    return new ProducerRecord<>(topic, 0, 1_700_000_000_123L, bytes(key), bytes(value));
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /// Sends all in one batch as far as the client likes to.
  private static void send(BrokerHarness server, List<ProducerRecord<byte[], byte[]>> records)
      throws Exception {
    try (Producer<byte[], byte[]> producer =
        StockClientTest.producer(server.address(), Map.of("linger.ms", 20))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      records.forEach(record -> sent.add(producer.send(record)));
      producer.flush();
      for (Future<RecordMetadata> future : sent) {
        future.get();
      }
    }
  }

  private static List<String> letters(BrokerHarness server) {
    List<String> found = new ArrayList<>();
    server
        .broker()
        .visitDeadLetters((topic, partition, letter) ->
            found.add(topic + "/" + partition + "/" + letter.offset() + " " + text(letter)));
    return found;
  }

  private static String text(DeadLetter letter) {
    String value = new String(letter.value(), StandardCharsets.UTF_8);
    return value + " " + letter.reason().replaceAll("[^\"]*\"([^\"]*)\".*", "$1");
  }

  private static final Map<String, String> DEAD = Map.of("bad_records", "dead_letter");

  @Test
  void badRecordsAreKeptAndTheGoodOnesAroundThemAreInTheTable() throws Exception {
    List<String> expected =
        List.of(
            "events/0/1 {\"id\":\"x\"} id",
            "events/0/2 {\"id\":300} id",
            "events/0/3 {\"more\":1} more",
            "events/0/5 nonsense nonsense");
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("events", "MergeTree", DEAD, "id", "UInt8");
      send(
          server,
          List.of(
              record("events", "k", "{\"id\":1}"),
              record("events", "k", "{\"id\":\"x\"}"),
              record("events", "k", "{\"id\":300}"),
              record("events", "k", "{\"more\":1}"),
              record("events", "k", "{}"),
              record("events", "k", "nonsense"),
              record("events", "k", "{\"id\":2}")));
      assertThat(server.rows("events"))
          .containsExactlyInAnyOrder(List.of(1L), List.of(0L), List.of(2L));
      assertThat(letters(server)).isEqualTo(expected);
    }
    try (BrokerHarness server = new BrokerHarness(directory)) {
      assertThat(letters(server)).isEqualTo(expected);
      assertThat(server.rows("events")).hasSize(3);
      send(server, List.of(record("events", "k", "{\"id\":-1}")));
      assertThat(letters(server)).hasSize(5).last().asString().startsWith("events/0/7");
      server
          .broker()
          .visitDeadLetters((_, _, letter) -> {
            assertThat(letter.key()).isEqualTo(bytes("k"));
            assertThat(letter.timestamp()).isEqualTo(1_700_000_000_123L);
          });
    }
  }

  @Test
  void columnsAroundTheValueAreFilledFromTheRecord() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable(
          "events",
          "MergeTree",
          Map.of("log_format", "CSV"),
          "id",
          "Int32",
          "_key",
          "Nullable(String)",
          "name",
          "String",
          "_timestamp",
          "Int64",
          "_partition",
          "Int32",
          "_offset",
          "UInt64",
          "_headers",
          "Map(String, String)");
      ProducerRecord<byte[], byte[]> second = record("events", "k2", "2,b\n3,c");
      second.headers().add("trace", bytes("t1"));
      send(server, List.of(record("events", null, "1,a"), second));
      assertThat(server.rows("events").stream().map(Object::toString))
          .containsExactlyInAnyOrder(
              "[1, null, a, 1700000000123, 0, 0, {}]",
              "[2, k2, b, 1700000000123, 0, 1, {trace=t1}]",
              "[3, k2, c, 1700000000123, 0, 1, {trace=t1}]");
    }
  }

  @Test
  void aRecordWithoutAValueDeletesItsKeyForGood() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("t", "ReplacingMergeTree", Map.of(), "id", "Int64", "name", "String");
      send(
          server,
          List.of(
              record("t", "1", "{\"id\":1,\"name\":\"a\"}"),
              record("t", "2", "{\"id\":2,\"name\":\"b\"}"),
              record("t", "3", "{\"id\":3,\"name\":\"c\"}")));
      server.table("t").flush();
      send(
          server,
          List.of(
              record("t", "1", null),
              record("t", "{\"id\":2}", null),
              record("t", "2", "{\"id\":2,\"name\":\"again\"}"),
              record("t", "4", null)));
      assertThat(server.rows("t")).containsExactlyInAnyOrder(row(2, "again"), row(3, "c"));
    }
    try (BrokerHarness server = new BrokerHarness(directory)) {
      assertThat(server.rows("t")).containsExactlyInAnyOrder(row(2, "again"), row(3, "c"));
      server.table("t").flush();
      assertThat(server.rows("t")).containsExactlyInAnyOrder(row(2, "again"), row(3, "c"));
    }
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.table("t").optimize(java.util.Optional.empty(), true);
      assertThat(server.rows("t")).containsExactlyInAnyOrder(row(2, "again"), row(3, "c"));
      assertThatThrownBy(() -> send(server, List.of(record("t", "x", null))))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("\"id\"");
    }
  }

  @Test
  void onlyATableThatReplacesCanDelete() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("t", "MergeTree", Map.of(), "id", "Int64");
      assertThatThrownBy(() -> send(server, List.of(record("t", "1", null))))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("ReplacingMergeTree");
    }
  }

  private static List<Object> row(long id, Object value) {
    return List.of(id, value);
  }

  @Test
  void changeEventsUpsertAndDelete() throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable("t", "ReplacingMergeTree(ver)", Map.of(), "id", "Int64", "ver", "Int64");
      String created = "{\"before\":null,\"after\":{\"id\":1,\"ver\":5},\"op\":\"c\",\"ts_ms\":1}";
      String updated =
          "{\"schema\":{},\"payload\":{\"before\":{\"id\":2,\"ver\":1},"
              + "\"after\":{\"id\":2,\"ver\":2},\"op\":\"u\"}}";
      String deleted = "{\"before\":{\"id\":1,\"ver\":5},\"after\":null,\"op\":\"d\"}";
      send(server, List.of(record("t", null, created), record("t", null, updated)));
      assertThat(server.rows("t")).containsExactlyInAnyOrder(row(1, 5L), row(2, 2L));
      send(
          server,
          List.of(record("t", null, deleted), record("t", "{\"payload\":{\"id\":1}}", null)));
      assertThat(server.rows("t")).containsExactly(row(2, 2L));
      send(server, List.of(record("t", null, "{\"id\":1,\"ver\":4}")));
      assertThat(server.rows("t")).as("an older version stays deleted").hasSize(1);
      send(server, List.of(record("t", null, "{\"id\":1,\"ver\":6}")));
      assertThat(server.rows("t")).containsExactlyInAnyOrder(row(1, 6L), row(2, 2L));
      assertThatThrownBy(
              () -> send(server, List.of(record("t", null, "{\"op\":\"t\",\"before\":null}"))))
          .hasMessageContaining("changes no row");
    }
  }

  @Randomized(times = 6)
  void tombstonesGiveWhatAMapGivesWhateverIsFlushedMergedOrRestarted(RandomGenerator random)
      throws Exception {
    Path home = Files.createTempDirectory(directory, "run");
    Map<Long, Long> model = new TreeMap<>();
    long next = 0;
    try (BrokerHarness server = new BrokerHarness(home)) {
      server.createTable("t", "ReplacingMergeTree", Map.of(), "id", "Int64", "v", "Int64");
    }
    for (int life = 0; life < 3; life++) {
      try (BrokerHarness server = new BrokerHarness(home)) {
        check(server, model);
        for (int round = 0; round < 4; round++) {
          List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
          for (int i = random.nextInt(1, 60); i > 0; i--) {
            long id = random.nextInt(12);
            if (random.nextInt(3) == 0) {
              model.remove(id);
              records.add(record("t", Long.toString(id), null));
            } else {
              model.put(id, ++next);
              records.add(record("t", null, "{\"id\":" + id + ",\"v\":" + next + "}"));
            }
          }
          send(server, records);
          check(server, model);
          disturb(server, random);
          check(server, model);
        }
      }
    }
  }

  private static void disturb(BrokerHarness server, RandomGenerator random) {
    switch (random.nextInt(3)) {
      case 0 -> server.table("t").flush();
      case 1 -> server.table("t").optimize(java.util.Optional.empty(), true);
      default -> {}
    }
  }

  private static void check(BrokerHarness server, Map<Long, Long> model) throws IOException {
    List<List<Object>> expected = new ArrayList<>();
    model.forEach((id, value) -> expected.add(row(id, value)));
    assertThat(server.rows("t")).containsExactlyInAnyOrderElementsOf(expected);
  }
}
