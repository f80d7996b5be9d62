// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What SQL says of a table holds for rows that a stock Kafka producer sends to it.
final class LogTablesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;
  private VarveServer server;

  @BeforeEach
  void start() {
    server =
        VarveServer.open(
            new ServerConfig(
                directory, "127.0.0.1", 0, 0, 2, 256L << 20, MergeSettings.defaults()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String sql(String sql) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<String> response =
        CLIENT.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).as(sql + ": " + response.body()).isEqualTo(200);
    return response.body().strip();
  }

  private Producer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", "127.0.0.1:" + server.kafkaPort());
    return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
  }

  private static ProducerRecord<String, String> record(String topic, String json) {
    return new ProducerRecord<>(topic, json);
  }

  @Test
  void recordsThatWaitForATransactionAreReadAsTheyCameThoughTheFormatIsAnotherNow()
      throws Exception {
    sql("CREATE TABLE words (id Int64, word String) ENGINE = MergeTree ORDER BY id");
    try (Producer<String, String> producer =
        producer(Map.of("transactional.id", "words", "linger.ms", 0))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record("words", "{\"id\":1,\"word\":\"a,b\"}")).get();
      sql("ALTER TABLE words MODIFY SETTING log_format = 'CSV'");
      producer.send(record("words", "2,c")).get();
      assertThat(sql("SELECT count(*) FROM words")).isEqualTo("0");
      producer.commitTransaction();
      assertThat(sql("SELECT * FROM words ORDER BY id FORMAT CSV")).isEqualTo("1,\"a,b\"\n2,\"c\"");
      assertThat(sql("SHOW CREATE TABLE words")).contains("CSV").doesNotContain("before_");
    }
  }

  @Test
  void whatAConsumerWasGivenIsInEveryQueryThatBeginsThen() throws Exception {
    sql("CREATE TABLE seen (id Int64) ENGINE = MergeTree ORDER BY id");
    int records = 400;
    try (Producer<String, String> producer = producer(Map.of("linger.ms", 0));
        KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + server.kafkaPort()),
                new StringDeserializer(),
                new StringDeserializer())) {
      TopicPartition partition = new TopicPartition("seen", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < records; i++) {
                  producer.send(record("seen", "{\"id\":" + i + "}"));
                }
              });
      long next = 0;
      while (next < records) {
        ConsumerRecords<String, String> given = consumer.poll(Duration.ofSeconds(5));
        if (!given.isEmpty()) {
          next = consumer.position(partition);
          assertThat(Long.parseLong(sql("SELECT count(*) FROM seen"))).isGreaterThanOrEqualTo(next);
        }
      }
      writer.join();
    }
  }

  @Test
  void aRecordThatViolatesAConstraintIsRefusedWithItsName() throws Exception {
    sql(
        "CREATE TABLE orders (id Int64, price Int64, twice Int64 ALIAS price * 2,"
            + " CONSTRAINT dear CHECK twice >= 20) ENGINE = MergeTree ORDER BY id");
    try (Producer<String, String> producer = producer(Map.of("linger.ms", 60_000))) {
      Future<RecordMetadata> good = producer.send(record("orders", "{\"id\":1,\"price\":10}"));
      Future<RecordMetadata> bad = producer.send(record("orders", "{\"id\":2,\"price\":9}"));
      producer.flush();
      assertThatThrownBy(bad::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(InvalidRecordException.class)
          .hasMessageContaining("\"dear\"");
      assertThatThrownBy(good::get).isInstanceOf(ExecutionException.class);
      assertThat(sql("SELECT count(*) FROM orders")).isEqualTo("0");
      Future<RecordMetadata> alone = producer.send(record("orders", "{\"id\":1,\"price\":10}"));
      producer.flush();
      assertThat(alone.get().offset()).isZero();
      assertThat(sql("SELECT * FROM orders FORMAT CSV")).isEqualTo("1,10");
    }
  }

  @Test
  void aConstraintHoldsFromTheMomentItIsAdded() throws Exception {
    sql("CREATE TABLE orders (id Int64, price Int64) ENGINE = MergeTree ORDER BY id");
    try (Producer<String, String> producer = producer(Map.of())) {
      producer.send(record("orders", "{\"id\":1,\"price\":-1}")).get();
      sql("ALTER TABLE orders ADD CONSTRAINT positive CHECK price > 0");
      assertThatThrownBy(producer.send(record("orders", "{\"id\":2,\"price\":-2}"))::get)
          .rootCause()
          .hasMessageContaining("positive");
      sql("ALTER TABLE orders DROP CONSTRAINT positive");
      producer.send(record("orders", "{\"id\":3,\"price\":-3}")).get();
    }
    assertThat(sql("SELECT id FROM orders ORDER BY id FORMAT CSV")).isEqualTo("1\n3");
  }

  @Test
  void aRowThatAViewRefusesIsRefusedWithTheNameOfTheView() throws Exception {
    sql("CREATE TABLE words (id Int64, word String) ENGINE = MergeTree ORDER BY id");
    sql("CREATE TABLE numbers (n Int64) ENGINE = MergeTree ORDER BY n");
    sql("CREATE MATERIALIZED VIEW parsed TO numbers AS SELECT toInt64(word) AS n FROM words");
    try (Producer<String, String> producer = producer(Map.of())) {
      producer.send(record("words", "{\"id\":1,\"word\":\"1\"}")).get();
      assertThatThrownBy(producer.send(record("words", "{\"id\":2,\"word\":\"two\"}"))::get)
          .rootCause()
          .hasMessageContaining("default.parsed")
          .hasMessageContaining("two");
      assertThat(producer.send(record("words", "{\"id\":3,\"word\":\"3\"}")).get().offset())
          .isEqualTo(1);
    }
    assertThat(sql("SELECT id FROM words ORDER BY id FORMAT CSV")).isEqualTo("1\n3");
    assertThat(sql("SELECT n FROM numbers ORDER BY n FORMAT CSV")).isEqualTo("1\n3");
    assertThat(sql("SELECT last_error, lag FROM system.ingest FORMAT CSV")).isEqualTo("\"\",0");
  }

  @Test
  void rowsThatAViewRefusesAreFoundAmongTheDeadLetters() throws Exception {
    sql(
        "CREATE TABLE words (id Int64, word String) ENGINE = MergeTree ORDER BY id"
            + " SETTINGS bad_records = 'dead_letter'");
    sql("CREATE TABLE numbers (n Int64) ENGINE = MergeTree ORDER BY n");
    sql("CREATE MATERIALIZED VIEW parsed TO numbers AS SELECT toInt64(word) AS n FROM words");
    try (Producer<String, String> producer = producer(Map.of("linger.ms", 60_000))) {
      for (int i = 0; i < 50; i++) {
        String word = i == 7 || i == 31 ? "no number" : String.valueOf(i);
        producer.send(record("words", "{\"id\":" + i + ",\"word\":\"" + word + "\"}"));
      }
      producer.flush();
    }
    assertThat(sql("SELECT count(*), sum(id) FROM words FORMAT CSV")).isEqualTo("48,1187");
    assertThat(sql("SELECT count(*), sum(n) FROM numbers FORMAT CSV")).isEqualTo("48,1187");
    assertThat(
            sql(
                "SELECT \"offset\", reason LIKE '%default.parsed%' FROM system.dead_letters"
                    + " ORDER BY 1 FORMAT CSV"))
        .isEqualTo("7,true\n31,true");
  }

  @Test
  void aViewWithoutItsTargetHoldsThePartitionUpVisiblyUntilTheViewIsGone() throws Exception {
    sql("CREATE TABLE words (id Int64, word String) ENGINE = MergeTree ORDER BY id");
    sql("CREATE TABLE numbers (n Int64) ENGINE = MergeTree ORDER BY n");
    sql("CREATE MATERIALIZED VIEW parsed TO numbers AS SELECT toInt64(word) AS n FROM words");
    try (Producer<String, String> producer = producer(Map.of())) {
      producer.send(record("words", "{\"id\":1,\"word\":\"1\"}")).get();
      sql("DROP TABLE numbers");
      Future<RecordMetadata> blocked = producer.send(record("words", "{\"id\":2,\"word\":\"2\"}"));
      String error = "";
      while (error.isEmpty()) {
        assertThat(blocked).isNotDone();
        error = sql("SELECT last_error FROM system.ingest WHERE topic = 'words' AND lag = 1");
      }
      assertThat(error).contains("default.parsed").contains("default.numbers");
      assertThat(sql("SELECT id FROM words")).isEqualTo("1");
      sql("DROP VIEW parsed");
      assertThat(blocked.get().offset()).isEqualTo(1);
      assertThat(sql("SELECT last_error, lag FROM system.ingest FORMAT CSV")).isEqualTo("\"\",0");
    }
    assertThat(sql("SELECT id FROM words ORDER BY id FORMAT CSV")).isEqualTo("1\n2");
  }

  @Test
  void aTableOfTheEngineNullShowsItsRecordsToViewsAndKeepsNone() throws Exception {
    sql("CREATE TABLE passing (id Int64) ENGINE = Null");
    sql("CREATE TABLE kept (id Int64) ENGINE = MergeTree ORDER BY id");
    sql("CREATE MATERIALIZED VIEW pump TO kept AS SELECT id FROM passing");
    try (Producer<String, String> producer = producer(Map.of())) {
      producer.send(record("passing", "{\"id\":1}")).get();
    }
    assertThat(sql("SELECT count(*) FROM passing")).isEqualTo("0");
    assertThat(sql("SELECT id FROM kept")).isEqualTo("1");
    stop();
    start();
    try (Producer<String, String> producer = producer(Map.of())) {
      assertThat(producer.send(record("passing", "{\"id\":2}")).get().offset()).isEqualTo(1);
    }
    assertThat(sql("SELECT count(*) FROM passing")).isEqualTo("0");
    assertThat(sql("SELECT id FROM kept ORDER BY id FORMAT CSV")).isEqualTo("1\n2");
  }

  @Test
  void recordsThatDoNotFitAreFoundAmongTheDeadLetters() throws Exception {
    sql(
        "CREATE TABLE orders (id UInt8, CONSTRAINT odd CHECK id % 2 = 1) ENGINE = MergeTree"
            + " ORDER BY id SETTINGS bad_records = 'dead_letter'");
    try (Producer<String, String> producer = producer(Map.of("linger.ms", 60_000))) {
      producer.send(record("orders", "{\"id\":1}"));
      producer.send(record("orders", "{\"id\":2}"));
      producer.send(record("orders", "{\"id\":256}"));
      producer.send(new ProducerRecord<>("orders", "k", "{\"id\":3}"));
      producer.flush();
    }
    assertThat(sql("SELECT id FROM orders ORDER BY id FORMAT CSV")).isEqualTo("1\n3");
    assertThat(
            sql(
                "SELECT topic, \"offset\", value, reason LIKE '%odd%', reason LIKE '%\"id\"%'"
                    + " FROM system.dead_letters ORDER BY 2 FORMAT TSV"))
        .isEqualTo("orders\t1\t{\"id\":2}\ttrue\tfalse\norders\t2\t{\"id\":256}\tfalse\ttrue");
    assertThat(sql("SELECT lag FROM system.ingest")).isEqualTo("0");
  }

  @Test
  void topicsAreMadeReadAndDroppedInSql() throws Exception {
    sql("CREATE TOPIC clicks SETTINGS partitions = 2, retention_ms = 3600000");
    sql("CREATE TOPIC IF NOT EXISTS clicks");
    sql("CREATE TABLE orders (id Int64) ENGINE = MergeTree ORDER BY id");
    try (Producer<String, String> producer = producer(Map.of("compression.type", "lz4"))) {
      for (int i = 0; i < 20_000; i++) {
        producer.send(new ProducerRecord<>("clicks", i % 2, 1_700_000_000_000L, "k" + i, "v" + i));
      }
      producer.send(new ProducerRecord<>("clicks", 1, 1_700_000_000_001L, null, (String) null));
    }
    assertThat(sql("SHOW TOPICS FORMAT CSV"))
        .contains("\"clicks\",2,\"\"\n\"orders\",1,\"default.orders\"");
    assertThat(sql("SELECT count(*), max(_offset), count(_key) FROM topic('clicks') FORMAT CSV"))
        .isEqualTo("20001,10000,20000");
    assertThat(
            sql(
                "SELECT _partition, _offset, _timestamp, _key, value FROM topic('clicks')"
                    + " WHERE value = 'v7' OR value IS NULL ORDER BY _offset FORMAT CSV"))
        .isEqualTo(
            "1,3,\"2023-11-14 22:13:20.000\",\"k7\",\"v7\"\n"
                + "1,10000,\"2023-11-14 22:13:20.001\",\\N,\\N");
    assertThat(sql("SELECT settings FROM system.topics WHERE name = 'clicks'"))
        .contains("retention.ms");
    sql("DROP TOPIC clicks");
    sql("DROP TOPIC IF EXISTS clicks");
    assertThat(sql("SELECT count(*) FROM system.topics WHERE name = 'clicks'")).isEqualTo("0");
  }

  @Test
  void aRenamedTableTakesItsTopicAlong() throws Exception {
    sql("CREATE TABLE before (id Int64) ENGINE = ReplacingMergeTree ORDER BY id");
    try (Producer<String, String> producer = producer(Map.of())) {
      producer.send(record("before", "{\"id\":1}")).get();
      sql("RENAME TABLE before TO after");
      assertThat(producer.send(record("after", "{\"id\":2}")).get().offset()).isEqualTo(1);
    }
    try (Producer<String, String> producer = producer(Map.of("max.block.ms", 500))) {
      assertThatThrownBy(producer.send(record("before", "{\"id\":3}"))::get)
          .rootCause()
          .isInstanceOf(UnknownTopicOrPartitionException.class);
    }
    assertThat(sql("SELECT topic, table, log_end_offset FROM system.ingest FORMAT CSV"))
        .isEqualTo("\"after\",\"default.after\",2");
    stop();
    start();
    try (Producer<String, String> producer = producer(Map.of())) {
      assertThat(producer.send(record("after", "{\"id\":4}")).get().offset()).isEqualTo(2);
    }
    assertThat(sql("SELECT id FROM after ORDER BY id FORMAT CSV")).isEqualTo("1\n2\n4");
  }

  @Test
  void theLogOfADetachedTableIsThereAgainWithIt() throws Exception {
    sql("CREATE TABLE away (id Int64) ENGINE = MergeTree ORDER BY id");
    try (Producer<String, String> producer = producer(Map.of())) {
      producer.send(record("away", "{\"id\":1}")).get();
      sql("DETACH TABLE away");
      sql("ATTACH TABLE away");
      assertThat(producer.send(record("away", "{\"id\":2}")).get().offset()).isEqualTo(1);
    }
    assertThat(sql("SELECT id FROM away ORDER BY id FORMAT CSV")).isEqualTo("1\n2");
    assertThat(sql("SELECT log_start_offset, log_end_offset FROM system.ingest FORMAT CSV"))
        .isEqualTo("0,2");
  }
}
