// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SkipIndexFileTest {
  private static final List<ColumnDefinition> COLUMNS =
      List.of(ColumnDefinition.of("a", DataTypes.UINT8));

  private final BufferAllocator allocator = new RootAllocator();
  private final Path directory = new FaultyDisk().root().resolve("parts");
  private DiskPart part;

  @BeforeEach
  void writePart() throws IOException {
    Files.createDirectories(directory);
    PartDraft draft = new PartDraft(7, 1, 0, 0, List.of(), "all", new SeqRange(1, 1), List.of(), 0);
    PartLayout layout = new PartLayout(COLUMNS, List.of());
    try (Scratch scratch = new Scratch(allocator);
        PartWriter writer =
            PartWriter.create(directory, draft, layout, PartOptions.DEFAULT, allocator)) {
      writer.write(new Batch(3, List.of(VectorValues.of(DataTypes.UINT8, scratch, 1L, 2L, 3L))));
      part = writer.finish();
    }
  }

  @AfterEach
  void close() {
    part.close();
    allocator.close();
  }

  /// The only expressions are the columns themselves.
  private static ExpressionCompiler.Compiled column(
      String expression, List<ColumnDefinition> columns) {
    return new ExpressionCompiler.Compiled() {
      @Override
      public DataType type() {
        return columns.getFirst().type();
      }

      @Override
      public Vector evaluate(Batch rows, Scratch scratch) {
        return rows.column(0);
      }

      @Override
      public String canonical() {
        return "`" + expression + "`";
      }
    };
  }

  private static SkipIndexes indexes(String type) {
    return SkipIndexes.of(
        List.of(new SkipIndex("i", "a", type, 1)), COLUMNS, SkipIndexFileTest::column);
  }

  private Path file() {
    return part.directory().resolve("skip-i.index");
  }

  @Test
  void theExampleOfTheFormatPageIsWhatIsWritten() throws IOException {
    indexes("minmax").build(part, allocator);
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file()))).isEqualTo(example());
  }

  private static String example() throws IOException {
    String root = System.getProperty("varve.root", "..");
    String page = Files.readString(Path.of(root, "docs", "format", "skip-index.md"));
    int from = page.indexOf("```\n", page.indexOf("## Example")) + 4;
    return page.substring(from, page.indexOf("\n```", from)).replaceAll("\\s", "");
  }

  @Randomized(times = 40)
  void aDamagedFileIsPassedOver(RandomGenerator random) throws IOException {
    List<String> types =
        List.of("minmax", "set(2)", "set(0)", "bitmap", "bloom_filter", "bloom_filter(0.5)");
    SkipIndexes indexes = indexes(types.get(random.nextInt(types.size())));
    SkipIndexes.Index index = indexes.all().getFirst();
    indexes.build(part, allocator);
    assertThat(SkipIndexFile.read(part, index)).isPresent();
    byte[] bytes = Files.readAllBytes(file());
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(file(), random.nextBoolean() ? bytes : java.util.Arrays.copyOf(bytes, 20));
    assertThat(SkipIndexFile.read(part, index)).isEmpty();
  }

  @Test
  void anIndexOfAnotherDeclarationIsPassedOver() {
    indexes("minmax").build(part, allocator);
    SkipIndexes other = indexes("bitmap");
    assertThat(other.find(part, other.all().getFirst())).isEmpty();
  }

  @Test
  void boundsAndFiltersHoldWhatThePartHolds() {
    SkipIndexes filters = indexes("bloom_filter(0.001)");
    filters.build(part, allocator);
    SkipIndexData.Filters data =
        (SkipIndexData.Filters) filters.find(part, filters.all().getFirst()).orElseThrow();
    for (int value = 0; value < 256; value++) {
      byte[] key = {(byte) value};
      boolean held = data.mayHold(0, 0, SkipHash.of(key, 0, 1, 0));
      assertThat(held || value < 1 || value > 3).as("value " + value).isTrue();
    }
    assertThat(data.mayHold(0, 0, SkipHash.of(new byte[] {(byte) 200}, 0, 1, 0))).isFalse();
  }

  @Test
  void clearingTakesTheFileAway() {
    SkipIndexes indexes = indexes("set(10)");
    indexes.build(part, allocator);
    assertThat(SkipIndexes.bytes(part, "i")).isPositive();
    indexes.clear(part, "i");
    assertThat(SkipIndexes.bytes(part, "i")).isZero();
    assertThat(indexes.find(part, indexes.all().getFirst())).isEmpty();
  }

  @Test
  void aTypeThatIsNoneSaysWhichThereAre() {
    assertThatThrownBy(() -> indexes("bloom_filtr"))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("did you mean \"bloom_filter\"");
    assertThatThrownBy(() -> indexes("tokenbf_v1(10, 2)")).hasMessageContaining("seed");
    assertThatThrownBy(() -> indexes("ngrambf_v1(3, 512, 2, 0)")).hasMessageContaining("\"i\"");
  }
}
