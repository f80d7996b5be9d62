// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Native, Arrow and Parquet: every type out and in again, and what other programs make of it.
final class ColumnFormatsTest extends FormatContract {
  /// Types, and three values of each as text shows them.
  private static final Map<String, List<Object>> SCALARS =
      Map.ofEntries(
          Map.entry("Int8", List.of(-128L, 0L, 127L)),
          Map.entry("UInt8", List.of(0L, 1L, 255L)),
          Map.entry("UInt16", List.of(0L, 1L, 65535L)),
          Map.entry("Int32", List.of(-5L, 0L, 2147483647L)),
          Map.entry("UInt32", List.of(0L, 1L, 4294967295L)),
          Map.entry("Int64", List.of(Long.MIN_VALUE, 0L, Long.MAX_VALUE)),
          Map.entry("UInt64", List.of("0", "1", "18446744073709551615")),
          Map.entry("Float32", List.of(-1.5, 0.0, 3.25)),
          Map.entry("Float64", List.of(-1e300, 0.1, 3.25)),
          Map.entry("Decimal(9, 2)", List.of("-1.25", "0.00", "9999999.99")),
          Map.entry("Decimal(18, 4)", List.of("-1.2500", "0.0000", "1234567.8901")),
          Map.entry("Decimal(38, 10)", List.of("-1.25", "0", "123456789012345678.9012345678")),
          Map.entry("Bool", List.of(true, false, true)),
          Map.entry("String", List.of("", "é", "a much longer text than the others")),
          Map.entry(
              "UUID",
              List.of(
                  "00000000-0000-0000-0000-000000000000",
                  "01234567-89ab-cdef-0123-456789abcdef",
                  "ffffffff-ffff-ffff-ffff-ffffffffffff")),
          Map.entry("Date", List.of("1970-01-01", "2026-11-23", "2149-06-06")),
          Map.entry("Date32", List.of("1900-01-01", "2026-11-23", "2299-12-31")),
          Map.entry(
              "DateTime",
              List.of("1970-01-01 00:00:00", "2026-11-23 11:22:33", "2106-02-07 06:28:15")),
          Map.entry(
              "DateTime64(3)",
              List.of(
                  "1969-12-31 23:59:59.999", "2026-11-23 11:22:33.125", "2200-01-01 00:00:00.001")),
          Map.entry("Time", List.of("00:00:00", "23:59:59", "-01:02:03")),
          Map.entry(
              "Time64(6)", List.of("00:00:00.000001", "999:59:59.999999", "-00:00:00.500000")),
          Map.entry("Enum8('a' = -1, 'b' = 7)", List.of("a", "b", "a")));

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"Native", "Arrow", "ArrowStream", "Parquet", "MsgPack"})
  void everyPlainTypeComesBackAsItWent(String format) throws IOException {
    List<ColumnDefinition> columns = new ArrayList<>();
    List<Vector> vectors = new ArrayList<>();
    for (String name : SCALARS.keySet()) {
      List<Object> values = SCALARS.get(name);
      DataType type = DataTypes.parse(name);
      columns.add(ColumnDefinition.of("c" + columns.size(), type));
      vectors.add(scalars(type, values));
      DataType nullable = DataTypes.nullable(type);
      columns.add(ColumnDefinition.of("c" + columns.size(), nullable));
      vectors.add(scalars(nullable, Arrays.asList(values.get(0), null, values.get(2))));
    }
    Batch batch = new Batch(3, vectors);
    assertThat(shown(read(format, write(format, columns, batch), columns))).isEqualTo(shown(batch));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Native", "Arrow", "ArrowStream", "Parquet", "MsgPack"})
  void nestedValuesComeBackAsTheyWent(String format) throws IOException {
    List<ColumnDefinition> columns = nested();
    Batch batch = nestedRows(columns);
    assertThat(shown(read(format, write(format, columns, batch), columns))).isEqualTo(shown(batch));
  }

  /// A column of values that lines of text show.
  private Vector scalars(DataType type, List<Object> values) throws IOException {
    StringBuilder lines = new StringBuilder();
    values.forEach(value -> lines.append(value == null ? "\\N" : value).append('\n'));
    byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
    return read("TSV", text, List.of(ColumnDefinition.of("v", type))).column(0);
  }

  private static List<ColumnDefinition> nested() {
    return List.of(
        ColumnDefinition.of("words", DataTypes.parse("Array(Nullable(String))")),
        ColumnDefinition.of("grid", DataTypes.parse("Array(Array(Int32))")),
        ColumnDefinition.of("map", DataTypes.parse("Map(String, Int64)")),
        ColumnDefinition.of("pair", DataTypes.parse("Tuple(a UInt8, b String)")),
        ColumnDefinition.of(
            "deep",
            DataTypes.parse("Array(Tuple(n Nullable(Int16), m Map(String, Array(Int8))))")));
  }

  private Batch nestedRows(List<ColumnDefinition> columns) {
    List<List<Object>> values =
        List.of(
            List.of(List.of("x", "y"), List.of(), Arrays.asList(null, "z")),
            List.of(List.of(List.of(1, 2), List.of()), List.of(), List.of(List.of(3))),
            List.of(Map.of("k", 5L), Map.of(), Map.of("j", 6L)),
            List.of(List.of(1, "p"), List.of(2, "q"), List.of(3, "")),
            List.of(
                List.of(),
                List.of(List.of(4, Map.of("k", List.of(1, 2))), Arrays.asList(null, Map.of())),
                List.of(List.of(5, Map.of("l", List.of())))));
    List<Vector> vectors = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      vectors.add(VectorValues.of(columns.get(c).type(), scratch, values.get(c).toArray()));
    }
    return new Batch(3, vectors);
  }

  @Test
  void arrowsOwnReadersReadWhatIsWritten() throws IOException {
    List<ColumnDefinition> columns = new ArrayList<>(nested());
    SCALARS.keySet().stream()
        .sorted()
        .forEach(
            name -> columns.add(ColumnDefinition.of("c" + columns.size(), DataTypes.parse(name))));
    List<Vector> vectors = new ArrayList<>(nestedRows(nested()).columns());
    for (String name : SCALARS.keySet().stream().sorted().toList()) {
      vectors.add(scalars(DataTypes.parse(name), SCALARS.get(name)));
    }
    byte[] stream = write("ArrowStream", columns, new Batch(3, vectors));
    byte[] file = write("Arrow", columns, new Batch(3, vectors));
    try (ArrowReader fromStream =
            new ArrowStreamReader(new ByteArrayInputStream(stream), allocator);
        ArrowReader fromFile =
            new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(file), allocator)) {
      assertThat(fromStream.loadNextBatch()).isTrue();
      assertThat(fromFile.loadNextBatch()).isTrue();
      String rows = text(fromFile);
      assertThat(rows).isEqualTo(text(fromStream));
      assertThat(rows)
          .contains("[\"x\",\"y\"]", "20780", "1795432953125", "-1.2500", "é", "true", "-1.0E300");
      assertThat(fromFile.loadNextBatch()).isFalse();
    }
  }

  /// The rows as Arrow shows them, but for bytes, of which it shows where they lie.
  private static String text(ArrowReader reader) throws IOException {
    return reader.getVectorSchemaRoot().contentToTSVString().replaceAll("\\[B@[0-9a-f]+", "bytes");
  }

  @Test
  void duckDbReadsParquet() throws IOException, SQLException {
    List<ColumnDefinition> columns = new ArrayList<>(nested());
    columns.add(ColumnDefinition.of("day", DataTypes.DATE));
    columns.add(ColumnDefinition.of("moment", DataTypes.parse("DateTime64(3)")));
    columns.add(ColumnDefinition.of("price", DataTypes.parse("Nullable(Decimal(38, 10))")));
    columns.add(ColumnDefinition.of("id", DataTypes.UUID));
    columns.add(ColumnDefinition.of("big", DataTypes.UINT64));
    columns.add(ColumnDefinition.of("label", DataTypes.parse("Enum8('a' = -1, 'b' = 7)")));
    columns.add(ColumnDefinition.of("flag", DataTypes.BOOL));
    List<Vector> vectors = new ArrayList<>(nestedRows(nested()).columns());
    for (ColumnDefinition column : columns.subList(nested().size(), columns.size())) {
      String type = column.type().unwrapped().name();
      List<Object> values = new ArrayList<>(SCALARS.get(type));
      if (column.type().isNullable()) {
        values.set(1, null);
      }
      vectors.add(scalars(column.type(), values));
    }
    Path file = directory.resolve("rows.parquet");
    Files.write(file, write("Parquet", columns, new Batch(3, vectors)));
    String query =
        "SELECT words::VARCHAR, grid::VARCHAR, map::VARCHAR, pair::VARCHAR, day::VARCHAR, (moment"
            + " AT TIME ZONE 'UTC')::VARCHAR, price::VARCHAR, id::VARCHAR, big::VARCHAR, label,"
            + " flag::VARCHAR FROM '"
            + file
            + "'";
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      assertThat(row(rows))
          .isEqualTo(
              "[x, y]|[[1, 2], []]|{k=5}|{'a': 1, 'b': p}|1970-01-01|1969-12-31 23:59:59.999"
                  + "|-1.2500000000|00000000-0000-0000-0000-000000000000|0|a|true");
      assertThat(rows.next()).isTrue();
      assertThat(row(rows))
          .isEqualTo(
              "[]|[]|{}|{'a': 2, 'b': q}|2026-11-23|2026-11-23 11:22:33.125"
                  + "|null|01234567-89ab-cdef-0123-456789abcdef|1|b|false");
      assertThat(rows.next()).isTrue();
      assertThat(row(rows)).startsWith("[NULL, z]|[[3]]|{j=6}|").contains("|18446744073709551615|");
      assertThat(rows.next()).isFalse();
    }
  }

  private static String row(ResultSet rows) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
      values.add(String.valueOf(rows.getString(i)));
    }
    return String.join("|", values);
  }

  @Test
  void parquetOfManyRowsAndPagesIsReadWhole() throws IOException, SQLException {
    List<ColumnDefinition> columns =
        List.of(
            ColumnDefinition.of("n", DataTypes.parse("Nullable(Int64)")),
            ColumnDefinition.of("t", DataTypes.STRING));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RowsWriter writer = writer("Parquet", out, columns)) {
      writer.begin();
      for (int b = 0; b < 40; b++) {
        Object[] numbers = new Object[Batch.MAX_ROWS];
        Object[] texts = new Object[Batch.MAX_ROWS];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = i % 3 == 0 ? null : (long) b * i;
          texts[i] = "row " + b + " of " + i;
        }
        scratch.reset();
        writer.write(
            new Batch(
                numbers.length,
                List.of(
                    VectorValues.of(columns.get(0).type(), scratch, numbers),
                    VectorValues.of(columns.get(1).type(), scratch, texts))));
      }
      writer.end(new RowsWriter.Statistics(0, 0, 0));
    }
    Path file = directory.resolve("many.parquet");
    Files.write(file, out.toByteArray());
    long sum = 0;
    for (int b = 0; b < 40; b++) {
      for (int i = 0; i < Batch.MAX_ROWS; i++) {
        sum += i % 3 == 0 ? 0 : (long) b * i;
      }
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), count(n), sum(n), min(t), max(t) FROM '" + file + "'")) {
      assertThat(rows.next()).isTrue();
      int count = 40 * Batch.MAX_ROWS;
      int nulls = 40 * ((Batch.MAX_ROWS + 2) / 3);
      assertThat(row(rows))
          .isEqualTo(count + "|" + (count - nulls) + "|" + sum + "|row 0 of 0|row 9 of 999");
    }
  }

  @Test
  void nativeTakesDictionariesAsClickHouseSendsThem() throws IOException {
    ByteSink block = new ByteSink();
    block.putVarint(1).putVarint(3);
    String type = "LowCardinality(Nullable(String))";
    block.putVarint(1).put("c").putVarint(type.length()).put(type);
    block.putLittleEndian(1, 8).putLittleEndian(1 << 9 | 1 << 10, 8).putLittleEndian(3, 8);
    block.putVarint(0).putVarint(1).put("x").putVarint(2).put("yz");
    block.putLittleEndian(3, 8).put(2).put(0).put(1);
    List<ColumnDefinition> columns =
        List.of(ColumnDefinition.of("c", DataTypes.parse("Nullable(String)")));
    byte[] bytes = Arrays.copyOf(block.array(), block.size());
    assertThat(shown(read("Native", bytes, columns))).isEqualTo("[yz][null][x]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Native", "Arrow", "ArrowStream", "Parquet"})
  void valuesAreConvertedWhereTheyFitAndRefusedWhereNot(String format) throws IOException {
    List<ColumnDefinition> sent = List.of(ColumnDefinition.of("n", DataTypes.INT64));
    Batch small = new Batch(1, List.of(VectorValues.of(DataTypes.INT64, scratch, 200L)));
    Batch large = new Batch(1, List.of(VectorValues.of(DataTypes.INT64, scratch, 300L)));
    List<ColumnDefinition> stored = List.of(ColumnDefinition.of("n", DataTypes.UINT8));
    assertThat(shown(read(format, write(format, sent, small), stored))).isEqualTo("[200]");
    byte[] bytes = write(format, sent, large);
    assertThatThrownBy(() -> read(format, bytes, stored))
        .isInstanceOf(VarveException.class)
        .hasMessageContainingAll("\"n\"", "UInt8", "300");
    List<ColumnDefinition> other = List.of(ColumnDefinition.of("m", DataTypes.INT64));
    assertThatThrownBy(() -> read(format, bytes, other))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("\"n\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Native", "Arrow", "ArrowStream", "Parquet"})
  void bytesThatBreakOffOrAreOthersAreRefused(String format) throws IOException {
    List<ColumnDefinition> columns = List.of(ColumnDefinition.of("n", DataTypes.INT64));
    Batch batch = new Batch(2, List.of(VectorValues.of(DataTypes.INT64, scratch, 1L, 2L)));
    byte[] whole = write(format, columns, batch);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThatThrownBy(() -> read(format, half, columns))
        .isInstanceOfAny(VarveException.class, IOException.class);
    byte[] text = "this is no such format, whatever it says".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(format, text, columns))
        .isInstanceOfAny(VarveException.class, IOException.class);
  }

  private static RowsWriter writer(
      String format, ByteArrayOutputStream out, List<ColumnDefinition> columns) {
    return RowsFormats.writer(
        format,
        out,
        columns.stream().map(ColumnDefinition::name).toList(),
        columns.stream().map(ColumnDefinition::type).toList());
  }

  private static byte[] write(String format, List<ColumnDefinition> columns, Batch batch)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RowsWriter writer = writer(format, out, columns)) {
      writer.begin();
      writer.write(batch);
      writer.end(new RowsWriter.Statistics(0, 0, 0));
    }
    return out.toByteArray();
  }

  private Batch read(String format, byte[] bytes, List<ColumnDefinition> columns)
      throws IOException {
    try (RowsReader reader = RowsFormats.reader(format, new ByteArrayInputStream(bytes), columns)) {
      RowBuilders rows = new RowBuilders(columns, scratch);
      while (reader.read(rows, 2) > 0) {
        assertThat(rows.rows()).isPositive();
      }
      return rows.build();
    }
  }

  private static String shown(Batch batch) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < batch.rows(); row++) {
      List<Object> values = new ArrayList<>();
      for (Vector column : batch.columns()) {
        values.add(VectorValues.get(column, row));
      }
      text.append(values);
    }
    return text.toString();
  }
}
