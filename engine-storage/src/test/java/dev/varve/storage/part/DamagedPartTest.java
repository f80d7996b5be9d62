// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to the files: a clear error, never a wrong row.
final class DamagedPartTest {
  private static final int ROWS = 9_000;
  private static final List<String> NAMES =
      TestParts.ORDERS.columns().stream().map(ColumnDefinition::name).toList();

  @TempDir Path directory;
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everyByteIsGivenBack() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private Path part(long id) {
    try (DiskPart part = TestParts.write(directory, id, ROWS, allocator)) {
      return part.directory();
    }
  }

  /// Reads everything and compares it with what was written.
  private void readAll(Path path) {
    try (Scratch scratch = new Scratch(allocator);
        DiskPart part = DiskPart.open(path);
        PartReader reader = part.open(NAMES, allocator)) {
      Batch expected = TestParts.orders(ROWS, scratch);
      for (int granule = 0; granule < part.granules(); granule++) {
        reader.seek(granule);
        int first = (int) part.granuleFirstRow(granule);
        for (int c = 0; c < NAMES.size(); c++) {
          Vector found = reader.read(c);
          for (int row = 0; row < found.rows(); row += 11) {
            assertThat(VectorValues.get(found, row))
                .isEqualTo(VectorValues.get(expected.column(c), first + row));
          }
        }
      }
    }
  }

  @Randomized(times = 60)
  void aFlippedBitIsAnErrorThatNamesTheFileOrChangesNoRow(RandomGenerator random)
      throws IOException {
    Path path = part(random.nextInt(1 << 30));
    Path file = path.resolve(random.nextBoolean() ? PartMeta.FILE : DataFileLayout.FILE);
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, bytes);
    try {
      readAll(path);
      // Only bytes that say nothing may change unseen.
      assertThat(file.getFileName().toString()).isEqualTo(DataFileLayout.FILE);
      assertThat(at).isBetween(10, 15);
    } catch (VarveException e) {
      assertThat(e.code())
          .isIn(
              ErrorCode.CHECKSUM_DOESNT_MATCH,
              ErrorCode.CORRUPTED_DATA,
              ErrorCode.UNSUPPORTED_FORMAT_VERSION);
      assertThat(e).hasMessageContaining(file.toString());
      assertThat(PartVerifier.verify(path)).isNotEmpty();
    }
  }

  @Test
  void aChecksumErrorNamesTheByteAndBothSums() throws IOException {
    Path file = part(1).resolve(DataFileLayout.FILE);
    byte[] bytes = Files.readAllBytes(file);
    int expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(24);
    bytes[24 + 100] ^= 1;
    Files.write(file, bytes);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(28);
    int found = Checksum.of(bytes, 28, length - 4);
    assertThatThrownBy(() -> readAll(file.getParent()))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining(
            "is corrupt at byte 24: expected checksum "
                + Checksum.text(expected)
                + ", found "
                + Checksum.text(found));
    List<PartVerifier.Problem> problems = PartVerifier.verify(file.getParent());
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().file()).isEqualTo(file);
    assertThat(problems.getFirst().offset()).isEqualTo(24);
  }

  @Randomized(times = 20)
  void aTornFileIsSeenWhenThePartIsOpened(RandomGenerator random) throws IOException {
    Path path = part(random.nextInt(1 << 30));
    Path file = path.resolve(random.nextBoolean() ? PartMeta.FILE : DataFileLayout.FILE);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    assertThatThrownBy(() -> DiskPart.open(path))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aMissingFileIsAnErrorThatNamesIt() throws IOException {
    Path path = part(1);
    Files.delete(path.resolve(DataFileLayout.FILE));
    assertThatThrownBy(() -> DiskPart.open(path))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining(DataFileLayout.FILE);
  }

  @Test
  void aLaterVersionIsRefusedWithTheWayOut() throws IOException {
    for (String name : List.of(PartMeta.FILE, DataFileLayout.FILE)) {
      Path path = part(name.length());
      Path file = path.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      bytes[8] = 9;
      Files.write(file, bytes);
      assertThatThrownBy(() -> readAll(path))
          .isInstanceOfSatisfying(
              VarveException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FORMAT_VERSION))
          .hasMessageContaining("format version 9");
    }
  }

  @Test
  void blocksOfAnotherPartAreRefused() throws IOException {
    Path one = part(1);
    Path two = part(2);
    Files.copy(
        one.resolve(DataFileLayout.FILE),
        two.resolve(DataFileLayout.FILE),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> readAll(two))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("expected blocks of part 2, found blocks of part 1");
  }

  @Test
  void aPartThatTheCatalogDoesNotMeanIsRefused() {
    Path path = part(1);
    assertThatThrownBy(() -> DiskPart.open(path, TestParts.draft(1).info(ROWS + 1, 0)))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("expected part 1 of 9001 rows, found part 1 of 9000 rows");
  }

  @Test
  void anAbandonedWriterLeavesNothingBehind() throws IOException {
    try (Scratch scratch = new Scratch(allocator);
        PartWriter writer =
            PartWriter.create(
                directory, TestParts.draft(1), TestParts.ORDERS, PartOptions.DEFAULT, allocator)) {
      writer.write(TestParts.orders(100, scratch));
    }
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Randomized(times = 20)
  void aFullDiskIsAClearErrorAndLeavesNoPart(RandomGenerator random) throws IOException {
    FaultyDisk disk = new FaultyDisk();
    Path root = disk.root();
    try (DiskPart _ = TestParts.write(root, 1, ROWS, allocator)) {
      disk.fillAt(disk.usedBytes() + random.nextLong(disk.usedBytes()));
    }
    assertThatThrownBy(() -> TestParts.write(root, 2, ROWS, allocator))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_SPACE));
    try (var files = Files.list(root)) {
      assertThat(files.map(p -> p.getFileName().toString())).containsExactly("part-1");
    }
    readAll(root.resolve("part-1"));
  }

  @Randomized(times = 30)
  void aPublishedPartSurvivesAPowerCutWhole(RandomGenerator random) {
    FaultyDisk disk = new FaultyDisk();
    try (Scratch scratch = new Scratch(allocator);
        PartWriter writer =
            PartWriter.create(
                disk.root(),
                TestParts.draft(1),
                TestParts.ORDERS,
                PartOptions.DEFAULT,
                allocator)) {
      writer.write(TestParts.orders(ROWS, scratch));
      writer.finish().close();
    }
    disk.powerCut(random);
    readAll(disk.root().resolve("part-1"));
  }
}
