// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A part that was written when version 2 was made stays readable for ever: what version 2 added to
/// [FormatVersion1Test]. The fixture holds the rows that [#append] computes and is never written
/// again.
final class FormatVersion2Test {
  private static final int ROWS = 2500;
  private static final Path FIXTURE = Path.of("src/test/resources/format/part-v2");

  /// Columns by the encoding that their values ask for, or their codec does.
  private static final List<ColumnDefinition> COLUMNS =
      List.of(
          column("double_delta", "Int64", ""),
          column("patched", "Int32", ""),
          column("xor", "Float64", "Gorilla"),
          column("alp", "Float64", ""),
          column("alp32", "Nullable(Float32)", ""),
          column("alp_rd", "Float64", ""),
          column("few_nulls", "Nullable(Int64)", ""),
          column("few_present", "Nullable(String)", ""),
          column("sorted_text", "String", ""),
          column("dictionary", "String", "NONE"),
          column("t64", "UInt16", "T64, LZ4HC(9)"),
          column("nested", "Array(Tuple(a Int32, b String))", "ZSTD(1)"));

  @TempDir Path directory;

  private static ColumnDefinition column(String name, String type, String codec) {
    return new ColumnDefinition(
        name, DataTypes.parse(type), ColumnDefinition.Kind.DEFAULT, "", codec, "");
  }

  private static void append(String name, VectorBuilder to, int row) {
    long mixed = (row + 1) * 0x9E3779B97F4A7C15L ^ (long) row * row << 30;
    switch (name) {
      case "double_delta" -> to.appendLong(1_000_000L + 9L * row * row + (mixed >>> 63));
      case "patched" -> to.appendLong(row % 211 == 0 ? mixed >>> 33 : mixed >>> 55);
      case "xor" -> to.appendDouble(20 + row / 16 % 64 / 8.0);
      case "alp" -> to.appendDouble(row % 97 == 0 ? Double.NaN : (mixed >>> 44) / 1000.0);
      case "alp32" -> {
        if (row % 7 == 0) {
          to.appendNull();
        } else {
          to.appendDouble((mixed >>> 52) / 4.0);
        }
      }
      case "alp_rd" -> to.appendDouble(1 + (mixed >>> 11) * 0x1p-53);
      case "few_nulls" -> {
        if (row % 300 == 3) {
          to.appendNull();
        } else {
          to.appendLong(mixed);
        }
      }
      case "few_present" -> {
        if (row % 300 == 3) {
          to.appendBytes(bytes("present " + row));
        } else {
          to.appendNull();
        }
      }
      case "sorted_text" -> to.appendBytes(bytes("https://example.org/page/" + (100_000 + row)));
      case "dictionary" ->
          to.appendBytes(bytes("https://example.org/item/" + (mixed >>> 1) % 300 + "?from=search"));
      case "t64" -> to.appendLong(mixed >>> 53);
      default -> {
        for (int e = 0; e < row % 3; e++) {
          to.child(0).child(0).appendLong(row + e);
          to.child(0).child(1).appendBytes(bytes("text " + e));
          to.child(0).endStruct();
        }
        to.endList();
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Vector rows(ColumnDefinition column, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(column.type(), scratch);
    for (int row = 0; row < ROWS; row++) {
      append(column.name(), builder, row);
    }
    return builder.build();
  }

  private static void assertHoldsTheRows(DiskPart part, BufferAllocator allocator) {
    List<String> names = COLUMNS.stream().map(ColumnDefinition::name).toList();
    try (Scratch scratch = new Scratch(allocator);
        PartReader reader = part.open(names, allocator)) {
      for (int c = 0; c < names.size(); c++) {
        Vector expected = rows(COLUMNS.get(c), scratch);
        for (int granule = part.granules() - 1; granule >= 0; granule--) {
          reader.seek(granule);
          int first = (int) part.granuleFirstRow(granule);
          Vector found = reader.read(c);
          for (int row = 0; row < found.rows(); row++) {
            Object want = VectorValues.get(expected, first + row);
            Object got = VectorValues.get(found, row);
            assertThat(Objects.deepEquals(want, got))
                .as("%s row %d: %s, found %s", names.get(c), first + row, want, got)
                .isTrue();
          }
        }
        scratch.reset();
      }
    }
  }

  @Test
  void aPartOfVersion2IsReadAsItWasWritten() {
    try (BufferAllocator allocator = new RootAllocator();
        DiskPart part = DiskPart.open(FIXTURE.resolve("part-1"))) {
      assertThat(part.columns()).isEqualTo(COLUMNS);
      assertThat(part.granules()).isEqualTo(2);
      assertHoldsTheRows(part, allocator);
    }
    assertThat(PartVerifier.verify(FIXTURE.resolve("part-1"))).isEmpty();
  }

  @Test
  void valuesFindTheEncodingThatFitsThem() {
    try (BufferAllocator allocator = new RootAllocator();
        DiskPart part = write(directory, allocator)) {
      assertHoldsTheRows(part, allocator);
      assertThat(bitsPerRow(part, "double_delta")).isLessThan(5);
      assertThat(bitsPerRow(part, "patched")).isLessThan(13);
      assertThat(bitsPerRow(part, "xor")).isLessThan(9);
      assertThat(bitsPerRow(part, "alp")).isLessThan(24);
      assertThat(bitsPerRow(part, "alp32")).isLessThan(20);
      assertThat(bitsPerRow(part, "alp_rd")).isLessThan(59);
      assertThat(bitsPerRow(part, "few_nulls")).isLessThan(65.5);
      assertThat(bitsPerRow(part, "sorted_text")).isLessThan(20);
      assertThat(bitsPerRow(part, "dictionary")).isLessThan(30);
      assertThat(bitsPerRow(part, "t64")).isLessThan(13);
    }
  }

  private static double bitsPerRow(DiskPart part, String column) {
    return part.columnBytes(column).stored() * 8.0 / ROWS;
  }

  /// How the fixture was made.
  static DiskPart write(Path target, BufferAllocator allocator) {
    PartLayout layout = new PartLayout(COLUMNS, List.of("double_delta"));
    try (Scratch scratch = new Scratch(allocator);
        PartWriter writer =
            PartWriter.create(
                target, TestParts.draft(1), layout, new PartOptions(65536, false), allocator)) {
      for (int c = 0; c < COLUMNS.size(); c++) {
        Vector column = rows(COLUMNS.get(c), scratch);
        writer.write(c, column.head(1500));
        writer.endGranule();
        writer.write(c, VectorOps.slice(column, 1500, 1000, scratch));
      }
      return writer.finish();
    }
  }
}
