// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
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
    HALF_AN_OBJECT("JSONEachRow", hex("{\"id\":2,\"na"), ""),
    NO_JSON("JSONEachRow", hex("nonsense"), ""),
    MISSING_COLUMN("CSV", hex("2"), ""),
    ONE_COLUMN_MORE("CSV", hex("2,b,c"), ""),
    CSV_OVERFLOW("CSV", hex("256,b"), "\"id\""),
    CSV_UTF_8("CSV", hex("2,") + "c328", "\"name\""),
    HALF_AVRO("Avro", "00" + "00000001" + "04", "\"name\""),
    AVRO_CUT_IN_TEXT("Avro", "00" + "00000001" + "04" + "0862", "\"name\""),
    AVRO_OVERFLOW("Avro", "00" + "00000001" + "8004" + "0262", "\"id\""),
    AVRO_WITH_MORE("Avro", "00" + "00000001" + "04" + "0262" + "00", ""),
    AVRO_WITHOUT_FRAME("Avro", "04" + "0262", "");

    private final String format;
    private final byte[] value;
    private final String reason;

    Bad(String format, String hex, String reason) {
      this.format = format;
      this.value = HexFormat.of().parseHex(hex);
      this.reason = reason;
    }

    private static String hex(String text) {
      return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] good(int id) {
      return switch (format) {
        case "JSONEachRow" ->
            ("{\"id\":" + id + ",\"name\":\"a\"}").getBytes(StandardCharsets.UTF_8);
        case "CSV" -> (id + ",a").getBytes(StandardCharsets.UTF_8);
        default -> HexFormat.of().parseHex("00" + "00000001" + "0" + 2 * id + "0261");
      };
    }

    Map<String, String> settings(String badRecords) {
      return format.equals("Avro")
          ? Map.of("log_format", format, "bad_records", badRecords, "avro_schema", SCHEMA)
          : Map.of("log_format", format, "bad_records", badRecords);
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
    }
  }
}
