// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Each format reads what fits, and names the column of what does not.
final class RecordFormatTest {
  private static final String AVRO =
      """
      {"type":"record","name":"Order","namespace":"shop","fields":[
        {"name":"id","type":"long"},
        {"name":"name","type":["null","string"]},
        {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
        {"name":"day","type":{"type":"int","logicalType":"date"}},
        {"name":"tags","type":{"type":"array","items":"string"}},
        {"name":"state","type":{"type":"enum","name":"State","symbols":["NEW","PAID"]}}]}
      """;
  private static final Map<String, String> AVRO_SETTINGS =
      Map.of("log_format", "Avro", "avro_schema", AVRO);
  private static final String[] AVRO_COLUMNS = {
    "id",
    "UInt32",
    "name",
    "Nullable(String)",
    "price",
    "Decimal(9, 2)",
    "day",
    "Date",
    "tags",
    "Array(String)",
    "state",
    "Enum8('NEW' = 1, 'PAID' = 2)",
    "more",
    "Int32"
  };

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsGivenBack() {
    allocator.close();
  }

  private static List<ColumnDefinition> columns(String... namesAndTypes) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.add(ColumnDefinition.of(namesAndTypes[i], DataTypes.parse(namesAndTypes[i + 1])));
    }
    return columns;
  }

  private List<String> rows(Map<String, String> settings, byte[] value, String... columns) {
    List<ColumnDefinition> definitions = columns(columns);
    try (Scratch scratch = new Scratch(allocator)) {
      RowBuilders rows = new RowBuilders(definitions, scratch);
      RecordFormats.of(settings, definitions, false).read(rows, value, 0, value.length);
      Batch batch = rows.build();
      List<String> texts = new ArrayList<>();
      for (int row = 0; row < batch.rows(); row++) {
        List<Object> values = new ArrayList<>();
        for (int c = 0; c < definitions.size(); c++) {
          values.add(VectorValues.get(batch.column(c), row));
        }
        texts.add(values.toString());
      }
      return texts;
    }
  }

  private String failure(Map<String, String> settings, byte[] value, String... columns) {
    try {
      return "rows: " + rows(settings, value, columns);
    } catch (VarveException e) {
      return e.getMessage();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> format(String name) {
    return Map.of("log_format", name);
  }

  @Test
  void textFormatsReadRowsAndNameTheColumnThatDoesNotFit() {
    String[] columns = {"id", "UInt8", "name", "String"};
    assertThat(rows(format("CSV"), utf8("1,\"a,b\"\n2,c\n"), columns))
        .containsExactly("[1, a,b]", "[2, c]");
    assertThat(rows(format("TSV"), utf8("1\ta\\tb\n2\tc"), columns))
        .containsExactly("[1, a\tb]", "[2, c]");
    assertThat(rows(format("RowBinary"), new byte[] {7, 2, 'h', 'i', 8, 0}, columns))
        .containsExactly("[7, hi]", "[8, ]");
    assertThat(failure(format("CSV"), utf8("256,x"), columns)).contains("\"id\"", "UInt8", "256");
    assertThat(failure(format("CSV"), utf8("1"), columns)).contains("expected 2 fields, found 1");
    assertThat(failure(format("TSV"), utf8("x\ty"), columns)).contains("\"id\"");
    assertThat(failure(format("TSV"), utf8("1\ty\tz"), columns)).contains("2 fields, found 3");
    assertThat(failure(format("RowBinary"), new byte[] {7, 5, 'h'}, columns))
        .contains("row 1", "\"name\"", "ends in the middle");
  }

  @Test
  void brokenUtf8IsFoundInEveryTextFormat() {
    String[] columns = {"id", "UInt8", "name", "String"};
    byte[] json = "{\"id\":1,\"name\":\"aX\"}".getBytes(StandardCharsets.UTF_8);
    json[16] = (byte) 0xFF;
    assertThat(failure(format("JSONEachRow"), json, columns)).contains("\"name\"", "not UTF-8");
    byte[] csv = {'1', ',', 'a', (byte) 0xC3, '\n'};
    assertThat(failure(format("CSV"), csv, columns)).contains("\"name\"", "not UTF-8");
    byte[] tsv = {'1', '\t', (byte) 0xED, (byte) 0xA0, (byte) 0x80};
    assertThat(failure(format("TSV"), tsv, columns)).contains("\"name\"", "not UTF-8");
    assertThat(rows(format("CSV"), utf8("1,ä€😀"), columns)).containsExactly("[1, ä€😀]");
  }

  private static Wire order() {
    return new Wire()
        .zigzag(42)
        .zigzag(1)
        .avro("Ä")
        .zigzag(2)
        .raw(0x30, 0x39)
        .zigzag(19_000)
        .zigzag(2)
        .avro("a")
        .avro("b")
        .zigzag(0)
        .zigzag(1);
  }

  private static byte[] framed(Wire datum) {
    Wire all = new Wire().raw(0, 0, 0, 0, 7);
    for (byte b : datum.bytes()) {
      all.raw(b);
    }
    return all.bytes();
  }

  @Test
  void avroIsReadInBothFramings() {
    String expected = "[42, Ä, 123.45, 2022-01-08, [a, b], PAID, 0]";
    assertThat(rows(AVRO_SETTINGS, framed(order()), AVRO_COLUMNS)).containsExactly(expected);
    long print = AvroFingerprint.of(AvroSchemaParser.parse(AVRO));
    Wire single = new Wire().raw(0xC3, 1).fixed64(print);
    for (byte b : order().bytes()) {
      single.raw(b);
    }
    assertThat(rows(AVRO_SETTINGS, single.bytes(), AVRO_COLUMNS)).containsExactly(expected);
  }

  @Test
  void theFingerprintIsThatOfTheSpecification() {
    AvroSchema none = new AvroSchema.Primitive(AvroSchema.Kind.NULL, "", 0);
    assertThat(AvroFingerprint.of(none)).isEqualTo(7195948357588979594L);
    assertThat(AvroFingerprint.canonical(AvroSchemaParser.parse(AVRO)))
        .startsWith("{\"name\":\"shop.Order\",\"type\":\"record\",\"fields\":[{\"name\":\"id\",");
  }

  @Test
  void avroThatDoesNotFitNamesItsColumn() {
    byte[] whole = framed(order());
    assertThat(failure(AVRO_SETTINGS, Arrays.copyOf(whole, whole.length - 3), AVRO_COLUMNS))
        .contains("\"tags\"");
    assertThat(failure(AVRO_SETTINGS, Arrays.copyOf(whole, 8), AVRO_COLUMNS))
        .contains("\"name\"", "it says it has 2 bytes");
    assertThat(failure(AVRO_SETTINGS, Arrays.copyOf(whole, whole.length + 1), AVRO_COLUMNS))
        .contains("1 bytes are left");
    assertThat(failure(AVRO_SETTINGS, utf8("{}"), AVRO_COLUMNS)).contains("C3 01");
    assertThat(failure(AVRO_SETTINGS, new Wire().raw(0xC3, 1).fixed64(1).bytes(), AVRO_COLUMNS))
        .contains("fingerprint 1");
    String[] narrow = AVRO_COLUMNS.clone();
    narrow[1] = "Int8";
    narrow[0] = "id";
    byte[] large = framed(new Wire().zigzag(128));
    assertThat(failure(AVRO_SETTINGS, large, narrow)).contains("\"id\"", "128", "out of range");
    assertThat(failure(AVRO_SETTINGS, whole, "id", "UInt32"))
        .contains("unknown field \"name\" in avro_schema");
    assertThatThrownBy(() -> rows(format("Avro"), whole, AVRO_COLUMNS))
        .hasMessageContaining("avro_schema");
  }

  private static final Map<String, String> PROTOBUF =
      Map.of(
          "log_format",
          "Protobuf",
          "protobuf_descriptor",
          Wire.descriptor(),
          "protobuf_message",
          "shop.Order");
  private static final String[] PROTOBUF_COLUMNS = {
    "id",
    "UInt64",
    "name",
    "Nullable(String)",
    "price",
    "Float64",
    "items",
    "Array(Tuple(name String, amount UInt32))",
    "numbers",
    "Array(Int32)",
    "tags",
    "Map(String, Int64)",
    "state",
    "String",
    "at",
    "DateTime64(3)"
  };

  @Test
  void protobufIsReadByItsDescriptor() {
    byte[] item = new Wire().text(1, "pen").number(2, 3).bytes();
    byte[] message =
        new Wire()
            .number(1, 42)
            .sized(4, item)
            .sized(5, new Wire().zigzag(-1).zigzag(2).bytes())
            .varint(3 << 3 | 1)
            .fixed64(Double.doubleToLongBits(2.5))
            .sized(6, new Wire().text(1, "k").number(2, 9).bytes())
            .number(7, 1)
            .sized(8, new Wire().number(1, 10).number(2, 5_000_000).bytes())
            .sized(4, new byte[0])
            .number(99, 1)
            .bytes();
    assertThat(rows(PROTOBUF, message, PROTOBUF_COLUMNS))
        .containsExactly(
            "[42, , 2.5, [[pen, 3], [, 0]], [-1, 2], {k=9}, PAID, 1970-01-01T00:00:10.005]");
    assertThat(rows(PROTOBUF, new Wire().number(1, 5).bytes(), PROTOBUF_COLUMNS))
        .containsExactly("[5, , 0.0, [], [], {}, , 1970-01-01T00:00]");
  }

  @Test
  void protobufThatDoesNotFitNamesItsColumn() {
    byte[] torn = new Wire().number(1, 42).varint(2 << 3 | 2).varint(9).raw('a').bytes();
    assertThat(failure(PROTOBUF, torn, PROTOBUF_COLUMNS))
        .contains("\"name\"", "ends in the middle");
    byte[] wrong = new Wire().text(1, "x").bytes();
    assertThat(failure(PROTOBUF, wrong, PROTOBUF_COLUMNS)).contains("\"id\"", "wire type 2");
    byte[] broken = new Wire().sized(2, new byte[] {(byte) 0x80}).bytes();
    assertThat(failure(PROTOBUF, broken, PROTOBUF_COLUMNS)).contains("\"name\"", "not UTF-8");
    assertThat(failure(PROTOBUF, torn, "id", "UInt64")).contains("unknown field \"name\"");
  }

  private byte[] arrow(int... ids) throws IOException {
    try (IntVector id = new IntVector("id", allocator);
        VarCharVector name = new VarCharVector("name", allocator);
        Float8Vector price = new Float8Vector("price", allocator);
        TimeStampMicroVector at = new TimeStampMicroVector("at", allocator)) {
      for (int i = 0; i < ids.length; i++) {
        id.setSafe(i, ids[i]);
        name.setSafe(i, utf8("n" + i));
        price.setSafe(i, i + 0.5);
        at.setSafe(i, 1_000_000L * i);
      }
      price.setNull(0);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      List<FieldVector> vectors = List.of(id, name, price, at);
      vectors.forEach(vector -> vector.setValueCount(ids.length));
      try (VectorSchemaRoot root = new VectorSchemaRoot(vectors);
          ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
        root.setRowCount(ids.length);
        writer.writeBatch();
        writer.end();
      }
      return out.toByteArray();
    }
  }

  @Test
  void arrowStreamsHoldManyRows() throws IOException {
    String[] columns = {"id", "UInt8", "name", "String", "price", "Float32", "at", "DateTime"};
    assertThat(rows(format("ArrowStream"), arrow(1, 2), columns))
        .containsExactly("[1, n0, 0.0, 1970-01-01T00:00]", "[2, n1, 1.5, 1970-01-01T00:00:01]");
    assertThat(failure(format("ArrowStream"), arrow(1, 300), columns))
        .contains("row 1", "\"id\"", "300");
    assertThat(failure(format("ArrowStream"), arrow(1), "id", "Int32"))
        .contains("unknown field \"name\"");
    assertThat(failure(format("ArrowStream"), utf8("no arrow"), columns))
        .contains("not an Arrow stream");
  }

  @Randomized(times = 300)
  void damagedBytesAreRefusedAndNothingElse(RandomGenerator random) throws IOException {
    List<byte[]> values =
        List.of(framed(order()), arrow(1, 2), new Wire().number(1, 42).text(2, "abc").bytes());
    List<Map<String, String>> settings = List.of(AVRO_SETTINGS, format("ArrowStream"), PROTOBUF);
    List<String[]> columns =
        List.of(
            AVRO_COLUMNS,
            new String[] {"id", "Int32", "name", "String", "price", "Float64", "at", "DateTime"},
            PROTOBUF_COLUMNS);
    int which = random.nextInt(3);
    byte[] damaged = values.get(which).clone();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    damaged = Arrays.copyOf(damaged, damaged.length - random.nextInt(3));
    assertThat(failure(settings.get(which), damaged, columns.get(which))).isNotEmpty();
  }
}
