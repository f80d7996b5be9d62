// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class DeletedRowsFileTest {
  private final Path directory = new FaultyDisk().root().resolve("parts");

  @BeforeEach
  void makeDirectory() throws IOException {
    Files.createDirectories(directory);
  }

  @Test
  void theExampleOfTheFormatPageIsWhatIsWrittenAndRead() throws IOException {
    DeletedRowsFile.write(directory, 7, 1, RoaringBitmap.bitmapOf(1, 3, 70_000));
    byte[] written = Files.readAllBytes(directory.resolve("part-7.deleted-1"));
    assertThat(HexFormat.of().formatHex(written)).isEqualTo(example());
    assertThat(DeletedRowsFile.read(directory, 7, 1, 3))
        .isEqualTo(RoaringBitmap.bitmapOf(1, 3, 70_000));
  }

  @Randomized(times = 20)
  void anyFlippedBitIsFound(RandomGenerator random) throws IOException {
    RoaringBitmap rows = new RoaringBitmap();
    for (int i = random.nextInt(1000); i >= 0; i--) {
      rows.add(random.nextInt(1 << 20));
    }
    DeletedRowsFile.write(directory, 7, 2, rows);
    Path path = directory.resolve("part-7.deleted-2");
    byte[] bytes = Files.readAllBytes(path);
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(path, bytes);
    assertThatThrownBy(() -> DeletedRowsFile.read(directory, 7, 2, rows.getLongCardinality()))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("part-7.deleted-2");
  }

  @Test
  void theRowsOfAnotherPartAreRefused() throws IOException {
    DeletedRowsFile.write(directory, 7, 1, RoaringBitmap.bitmapOf(1));
    Files.move(directory.resolve("part-7.deleted-1"), directory.resolve("part-8.deleted-1"));
    assertThatThrownBy(() -> DeletedRowsFile.read(directory, 8, 1, 1))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("part-8.deleted-1");
  }

  private static String example() throws IOException {
    String root = System.getProperty("varve.root", "..");
    String page = Files.readString(Path.of(root, "docs", "format", "deleted-rows.md"));
    int from = page.indexOf("```\n", page.indexOf("## Example")) + 4;
    return page.substring(from, page.indexOf("\n```", from)).replaceAll("\\s", "");
  }
}
