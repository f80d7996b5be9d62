// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A part that was written when version 1 was made stays readable for ever.
///
/// The fixture holds the rows that [#rows] computes. It is never written again: a change of the
/// format gets a version and a fixture of its own.
final class FormatVersion1Test {
  private static final int ROWS = 1500;
  private static final Path FIXTURE = Path.of("src/test/resources/format/part-v1");

  /// Columns by the encoding that their values ask for.
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("constant", "Int64"),
          Map.entry("packed", "Int32"),
          Map.entry("wide_packed", "Int64"),
          Map.entry("delta", "UInt64"),
          Map.entry("runs", "Int16"),
          Map.entry("plain", "UInt64"),
          Map.entry("number_dictionary", "Int64"),
          Map.entry("narrow_decimal", "Decimal(38, 4)"),
          Map.entry("wide_integer", "Int256"),
          Map.entry("float", "Nullable(Float64)"),
          Map.entry("text_dictionary", "LowCardinality(Nullable(String))"),
          Map.entry("text_lz4", "String"),
          Map.entry("text_zstd", "String"),
          Map.entry("uuid", "UUID"),
          Map.entry("all_null", "Nullable(Int8)"),
          Map.entry("list", "Array(String)"),
          Map.entry("map", "Map(String, UInt16)"),
          Map.entry("tuple", "Tuple(a Int8, b Nullable(Date))"));

  @TempDir Path directory;

  private static List<ColumnDefinition> definitions() {
    return COLUMNS.keySet().stream()
        .sorted()
        .map(name ->
            new ColumnDefinition(
                name,
                DataTypes.parse(COLUMNS.get(name)),
                ColumnDefinition.Kind.DEFAULT,
                "",
                name.equals("text_zstd") ? "ZSTD(3)" : "",
                ""))
        .toList();
  }

  private static void append(String name, VectorBuilder builder, int row) {
    long mixed = (row + 1) * 0x9E3779B97F4A7C15L ^ (long) row * row << 30;
    switch (name) {
      case "constant" -> builder.appendLong(-42);
      case "packed" -> builder.appendLong(1000 + (mixed >>> 50));
      case "wide_packed" -> builder.appendLong(mixed >> 20);
      case "delta" -> builder.appendLong(1_700_000_000_000L + 1000L * row + row % 7);
      case "runs" -> builder.appendLong(row / 100 * 37 % 11);
      case "plain" -> builder.appendLong(mixed);
      case "number_dictionary" -> builder.appendLong((mixed >>> 62) * 0x123456789ABL);
      case "narrow_decimal" -> builder.appendLong(mixed >>> 34);
      case "wide_integer" -> builder.appendInteger(BigInteger.valueOf(mixed).shiftLeft(150));
      case "float" -> {
        if (row % 13 == 0) {
          builder.appendNull();
        } else {
          builder.appendDouble(row % 17 == 0 ? Double.NaN : (mixed >>> 44) / 100.0);
        }
      }
      case "text_dictionary" -> {
        if (row % 5 == 0) {
          builder.appendNull();
        } else {
          builder.appendBytes(bytes("value " + mixed % 9));
        }
      }
      case "text_lz4", "text_zstd" ->
          builder.appendBytes(bytes("https://example.org/page/" + row + "/" + (mixed >>> 40)));
      case "uuid" -> builder.appendBytes(bytes(Long.toHexString(mixed | 1L << 60)));
      case "all_null" -> builder.appendNull();
      case "list" -> {
        for (int e = 0; e < row % 4; e++) {
          builder.child(0).appendBytes(bytes("element " + (row + e)));
        }
        builder.endList();
      }
      case "map" -> {
        for (int e = 0; e < row % 3; e++) {
          builder.child(0).child(0).appendBytes(bytes("key " + e));
          builder.child(0).child(1).appendLong(row + e);
          builder.child(0).endStruct();
        }
        builder.endList();
      }
      default -> {
        builder.child(0).appendLong(row % 100);
        if (row % 2 == 0) {
          builder.child(1).appendNull();
        } else {
          builder.child(1).appendLong(row);
        }
        builder.endStruct();
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Batch rows(Scratch scratch) {
    List<Vector> columns = new ArrayList<>();
    for (ColumnDefinition column : definitions()) {
      VectorBuilder builder = new VectorBuilder(column.type(), scratch);
      for (int row = 0; row < ROWS; row++) {
        append(column.name(), builder, row);
      }
      columns.add(builder.build());
    }
    return new Batch(ROWS, columns);
  }

  @Test
  void aPartOfVersion1IsReadAsItWasWritten() {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        DiskPart part = DiskPart.open(FIXTURE.resolve("part-1"))) {
      Batch expected = rows(scratch);
      assertThat(part.columns()).isEqualTo(definitions());
      assertThat(part.granules()).isEqualTo(2);
      List<String> names = part.columns().stream().map(ColumnDefinition::name).toList();
      try (PartReader reader = part.open(names, allocator)) {
        for (int granule = 0; granule < 2; granule++) {
          reader.seek(granule);
          int first = (int) part.granuleFirstRow(granule);
          for (int c = 0; c < names.size(); c++) {
            Vector found = reader.read(c);
            for (int row = 0; row < found.rows(); row++) {
              Object want = VectorValues.get(expected.column(c), first + row);
              Object got = VectorValues.get(found, row);
              assertThat(Objects.deepEquals(want, got))
                  .as("%s row %d: %s, found %s", names.get(c), first + row, want, got)
                  .isTrue();
            }
          }
        }
      }
      assertThat(PartVerifier.verify(part.directory())).isEmpty();
    }
  }

  @Test
  void valuesFindTheEncodingThatFitsThem() {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        DiskPart part = write(directory, allocator, scratch)) {
      assertThat(part.columnBytes("constant").stored()).isLessThan(200);
      assertThat(part.columnBytes("runs").stored()).isLessThan(400);
      assertThat(part.columnBytes("delta").stored()).isLessThan(ROWS * 2L);
      assertThat(part.columnBytes("number_dictionary").stored()).isLessThan(1200);
      assertThat(part.columnBytes("text_zstd").stored())
          .isLessThan(part.columnBytes("text_lz4").stored())
          .isLessThan(part.columnBytes("text_zstd").plain() / 2);
    }
  }

  /// How the fixture was made.
  private static DiskPart write(Path target, BufferAllocator allocator, Scratch scratch) {
    PartLayout layout = new PartLayout(definitions(), List.of("delta"));
    try (PartWriter writer =
        PartWriter.create(
            target, TestParts.draft(1), layout, new PartOptions(65536, false), allocator)) {
      for (int c = 0; c < layout.columns().size(); c++) {
        Vector column = rows(scratch).column(c);
        writer.write(c, column.head(1000));
        writer.endGranule();
        writer.write(c, VectorOps.slice(column, 1000, 500, scratch));
      }
      return writer.finish();
    }
  }
}
