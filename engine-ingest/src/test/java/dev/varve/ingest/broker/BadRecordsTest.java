// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.format.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each way in which a record can fail to fit, between two that fit: refused with its reason, or
/// kept apart while the others are in the table.
final class BadRecordsTest {
  private static final String SCHEMA =
      "{\"type\":\"record\",\"name\":\"e\",\"fields\":[{\"name\":\"id\",\"type\":\"int\"},"
          + "{\"name\":\"name\",\"type\":\"string\"}]}";

  @TempDir Path directory;

  /// What is wrong, and a word that the reason must have.
  enum Bad {
    WRONG_TYPE("JSONEachRow", hex("{\"id\":\"one\",\"name\":\"b\"}"), "\"id\""),
    OVERFLOW("JSONEachRow", hex("{\"id\":256,\"name\":\"b\"}"), "\"id\""),
    NEGATIVE("JSONEachRow", hex("{\"id\":-1,\"name\":\"b\"}"), "\"id\""),
    UNKNOWN_COLUMN("JSONEachRow", hex("{\"id\":2,\"nmae\":\"b\"}"), "\"nmae\""),
    BROKEN_UTF_8("JSONEachRow", hex("{\"id\":2,\"name\":\"") + "ff" + hex("\"}"), "\"name\""),
    OVERFLOW_OF_64_BITS(
        "JSONEachRow", hex("{\"id\":18446744073709551616,\"name\":\"b\"}"), "\"id\""),
    NULL_WHERE_NONE_MAY_BE("JSONEachRow", hex("{\"id\":{},\"name\":\"b\"}"), "\"id\""),
    BROKEN_UTF_8_IN_A_NAME("JSONEachRow", hex("{\"id\":2,\"na") + "ff" + hex("me\":\"b\"}"), ""),
    HALF_A_CODE_POINT(
        "JSONEachRow", hex("{\"id\":2,\"name\":\"") + "e282" + hex("\"}"), "\"name\""),
    HALF_AN_OBJECT("JSONEachRow", hex("{\"id\":2,\"na"), ""),
    NO_JSON("JSONEachRow", hex("nonsense"), ""),
    MISSING_COLUMN("CSV", hex("2"), ""),
    ONE_COLUMN_MORE("CSV", hex("2,b,c"), ""),
    CSV_OVERFLOW("CSV", hex("256,b"), "\"id\""),
    CSV_UTF_8("CSV", hex("2,") + "c328", "\"name\""),
    TSV_WITH_ONE_COLUMN_LESS("TSV", hex("2"), ""),
    CSV_WRONG_TYPE("CSV", hex("x,b"), "\"id\""),
    CSV_OPEN_QUOTE("CSV", hex("2,\"b"), ""),
    TSV_WRONG_TYPE("TSV", hex("x\tb"), "\"id\""),
    TSV_WITH_ONE_COLUMN_MORE("TSV", hex("2\tb\tc"), ""),
    TSV_OVERFLOW("TSV", hex("256\tb"), "\"id\""),
    TSV_UTF_8("TSV", hex("2\t") + "c328", "\"name\""),
    ROW_BINARY_CUT("RowBinary", "02" + "05" + "62", ""),
    ROW_BINARY_WITH_HALF_A_ROW_MORE("RowBinary", "02" + "01" + "62" + "03", ""),
    ROW_BINARY_OF_NO_LENGTH("RowBinary", "02" + "ffffffffffffffffffff7f" + "62", ""),
    HALF_AVRO("Avro", "00" + "00000001" + "04", "\"name\""),
    AVRO_CUT_IN_TEXT("Avro", "00" + "00000001" + "04" + "0862", "\"name\""),
    AVRO_OVERFLOW("Avro", "00" + "00000001" + "8004" + "0262", "\"id\""),
    AVRO_WITH_MORE("Avro", "00" + "00000001" + "04" + "0262" + "00", ""),
    AVRO_WITHOUT_FRAME("Avro", "04" + "0262", ""),
    AVRO_UTF_8("Avro", "00" + "00000001" + "04" + "02ff", "\"name\""),
    AVRO_OF_ANOTHER_SCHEMA("Avro", "c301" + "0102030405060708" + "04" + "0262", ""),
    PROTOBUF_CUT("Protobuf", "0802" + "1205" + "62", "\"name\""),
    PROTOBUF_OVERFLOW("Protobuf", "08ac02" + "1201" + "62", "\"id\""),
    PROTOBUF_WRONG_TYPE("Protobuf", "0a01" + "62", "\"id\""),
    PROTOBUF_UTF_8("Protobuf", "0802" + "1201" + "ff", "\"name\""),
    ARROW_CUT("ArrowStream", hex(arrow("id", 2)).substring(0, 200), ""),
    ARROW_OVERFLOW("ArrowStream", hex(arrow("id", 256)), "\"id\""),
    ARROW_UNKNOWN_COLUMN("ArrowStream", hex(arrow("ids", 2)), "\"ids\""),
    ARROW_NONE("ArrowStream", hex("nonsense"), "");

    private final String format;
    private final byte[] value;
    private final String reason;

    Bad(String format, String hex, String reason) {
      this.format = format;
      this.value = HexFormat.of().parseHex(hex);
      this.reason = reason;
    }

    private static String hex(String text) {
      return hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }

    /// A stream of one row: a number under this name, and a text.
    private static byte[] arrow(String column, int number) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (BufferAllocator allocator = new RootAllocator();
          IntVector id = new IntVector(column, allocator);
          VarCharVector name = new VarCharVector("name", allocator);
          VectorSchemaRoot root = VectorSchemaRoot.of(id, name);
          ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
        id.setSafe(0, number);
        name.setSafe(0, new byte[] {'a'});
        root.setRowCount(1);
        writer.writeBatch();
        writer.end();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }

    byte[] good(int id) {
      return switch (format) {
        case "JSONEachRow" ->
            ("{\"id\":" + id + ",\"name\":\"a\"}").getBytes(StandardCharsets.UTF_8);
        case "CSV" -> (id + ",a").getBytes(StandardCharsets.UTF_8);
        case "TSV" -> (id + "\ta").getBytes(StandardCharsets.UTF_8);
        case "RowBinary" -> new byte[] {(byte) id, 1, 'a'};
        case "Protobuf" -> new Wire().number(1, id).text(2, "a").bytes();
        case "ArrowStream" -> arrow("id", id);
        default -> HexFormat.of().parseHex("00" + "00000001" + "0" + 2 * id + "0261");
      };
    }

    Map<String, String> settings(String badRecords) {
      Map<String, String> settings = new HashMap<>();
      settings.put("log_format", format);
      settings.put("bad_records", badRecords);
      if (format.equals("Avro")) {
        settings.put("avro_schema", SCHEMA);
      }
      if (format.equals("Protobuf")) {
        settings.put("protobuf_descriptor", descriptor());
        settings.put("protobuf_message", "e");
      }
      return settings;
    }

    private static String descriptor() {
      Wire message = new Wire().text(1, "e").sized(2, Wire.field("id", 1, 1, 5, ""));
      byte[] both = message.sized(2, Wire.field("name", 2, 1, 9, "")).bytes();
      byte[] file = new Wire().text(1, "e.proto").sized(4, both).text(12, "proto3").bytes();
      return Base64.getEncoder().encodeToString(new Wire().sized(1, file).bytes());
    }
  }

  private List<Future<RecordMetadata>> send(BrokerHarness server, Bad bad) throws Exception {
    try (Producer<byte[], byte[]> producer =
        StockClientTest.producer(server.address(), Map.of("linger.ms", 20_000))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (byte[] value : List.of(bad.good(1), bad.value, bad.good(3))) {
        sent.add(producer.send(new ProducerRecord<>("events", value)));
      }
      producer.flush();
      return sent;
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void isRefusedWithItsReason(Bad bad) throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable(
          "events", "MergeTree", bad.settings("reject"), "id", "UInt8", "name", "String");
      List<Future<RecordMetadata>> sent = send(server, bad);
      assertThatThrownBy(sent.get(1)::get)
          .cause()
          .isInstanceOf(InvalidRecordException.class)
          .hasMessageContaining(bad.reason);
      assertThatThrownBy(sent.get(0)::get).isInstanceOf(Exception.class);
      assertThat(server.count("events")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void isKeptApartAndTheOthersAreThere(Bad bad) throws Exception {
    try (BrokerHarness server = new BrokerHarness(directory)) {
      server.createTable(
          "events", "MergeTree", bad.settings("dead_letter"), "id", "UInt8", "name", "String");
      for (Future<RecordMetadata> future : send(server, bad)) {
        future.get();
      }
      assertThat(server.rows("events"))
          .containsExactlyInAnyOrder(List.of(1L, "a"), List.of(3L, "a"));
      List<Long> offsets = new ArrayList<>();
      server
          .broker()
          .visitDeadLetters((_, _, letter) -> {
            offsets.add(letter.offset());
            assertThat(letter.value()).isEqualTo(bad.value);
            assertThat(letter.reason()).contains(bad.reason);
          });
      assertThat(offsets).containsExactly(1L);
      assertReadByAClient(server, bad);
    }
  }

  /// The topic of dead letters is there for every consumer, and takes nothing.
  private static void assertReadByAClient(BrokerHarness server, Bad bad) throws Exception {
    TopicPartition partition = new TopicPartition("events.errors", 0);
    try (Consumer<byte[], byte[]> consumer = StockClientTest.consumer(server.address())) {
      assertThat(consumer.listTopics()).containsKey("events.errors");
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
      while (read.isEmpty()) {
        consumer.poll(Duration.ofMillis(100)).forEach(read::add);
      }
      assertThat(read).hasSize(1);
      assertThat(read.getFirst().value()).isEqualTo(bad.value);
      byte[] reason = read.getFirst().headers().lastHeader("varve.reason").value();
      assertThat(new String(reason, StandardCharsets.UTF_8)).contains(bad.reason);
    }
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), Map.of())) {
      assertThatThrownBy(
              () -> producer.send(new ProducerRecord<>("events.errors", new byte[1])).get())
          .hasCauseInstanceOf(InvalidTopicException.class);
    }
  }
}
