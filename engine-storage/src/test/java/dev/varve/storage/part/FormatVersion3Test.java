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

/// A part that was written when version 3 was made stays readable for ever: what version 3 added to
/// [FormatVersion2Test]. The fixture holds the rows that [#append] computes and is never written
/// again.
final class FormatVersion3Test {
  private static final int ROWS = 2500;
  private static final Path FIXTURE = Path.of("src/test/resources/format/part-v3");

  /// Columns by the encoding that their values ask for, or their codec does.
  private static final List<ColumnDefinition> COLUMNS =
      List.of(
          column("key", "Int64", ""),
          column("divided", "UInt32", ""),
          column("divided_delta", "Int64", "GCD, Delta"),
          column("symbols", "String", "FSST"),
          column("symbols_found", "String", ""),
          column("symbols_null", "Nullable(String)", "FSST"),
          column("entries", "LowCardinality(String)", "FSST"),
          column("nested", "Array(String)", "FSST"));

  @TempDir Path directory;

  private static ColumnDefinition column(String name, String type, String codec) {
    return new ColumnDefinition(
        name, DataTypes.parse(type), ColumnDefinition.Kind.DEFAULT, "", codec, "");
  }

  private static final String[] WORDS = {
    "furiously ", "deposits ", "sleep ", "final ", "quickly ", "according ", "to ", "packages "
  };

  private static String text(long seed) {
    StringBuilder text = new StringBuilder();
    long mixed = (seed + 1) * 0x9E3779B97F4A7C15L;
    for (int w = 0; w < 4; w++) {
      text.append(WORDS[(int) (mixed >>> 61)]).append(mixed >>> 57 & 15);
      mixed *= 0xBF58476D1CE4E5B9L;
    }
    return text.toString();
  }

  private static void append(String name, VectorBuilder to, int row) {
    long mixed = (row + 1) * 0x9E3779B97F4A7C15L ^ (long) row * row << 30;
    switch (name) {
      case "key" -> to.appendLong(row);
      case "divided" -> to.appendLong(17 + 3600 * (mixed >>> 54));
      case "divided_delta" -> to.appendLong(1_700_000_000_000L + 60_000L * row);
      case "symbols", "symbols_found" -> to.appendBytes(bytes(text(mixed)));
      case "symbols_null" -> {
        if (row % 3 == 1) {
          to.appendNull();
        } else {
          to.appendBytes(bytes(text(row)));
        }
      }
      case "entries" -> to.appendBytes(bytes(text(mixed >>> 58)));
      default -> {
        for (int e = 0; e < row % 3; e++) {
          to.child(0).appendBytes(bytes(text(row + e)));
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
  void aPartOfVersion3IsReadAsItWasWritten() {
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
      assertThat(bitsPerRow(part, "divided")).isLessThan(12);
      assertThat(bitsPerRow(part, "divided_delta")).isLessThan(2);
      assertThat(bitsPerRow(part, "symbols")).isLessThan(120);
      assertThat(bitsPerRow(part, "symbols_found")).isLessThan(120);
    }
  }

  private static double bitsPerRow(DiskPart part, String column) {
    return part.columnBytes(column).stored() * 8.0 / ROWS;
  }

  /// How the fixture was made.
  static DiskPart write(Path target, BufferAllocator allocator) {
    PartLayout layout = new PartLayout(COLUMNS, List.of("key"));
    try (Scratch scratch = new Scratch(allocator);
        PartWriter writer =
            PartWriter.create(
                target,
                TestParts.draft(1),
                layout,
                new PartOptions(65536, false).withZstdLevel(1),
                allocator)) {
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
