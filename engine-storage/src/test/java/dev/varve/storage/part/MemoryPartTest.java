// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryPartTest {
  @TempDir Path directory;

  @Test
  void showsTheSameAsThePartOnDiskOfItsRows() {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        DiskPart disk = TestParts.write(directory, 1, 20_000, allocator);
        MemoryPart memory =
            MemoryPart.copyOf(
                TestParts.draft(1),
                TestParts.ORDERS,
                TestParts.orders(20_000, scratch),
                allocator)) {
      scratch.reset();
      scratch.allocate(1 << 20).fill((byte) 0xEE);
      assertThat(memory.granules()).isEqualTo(disk.granules()).isEqualTo(3);
      assertThat(memory.lastKey()).isEqualTo(disk.lastKey());
      assertThat(memory.info()).isEqualTo(TestParts.draft(1).info(20_000, 0));
      List<String> names = List.of("price", "status");
      try (PartReader fromMemory = memory.open(names, allocator);
          PartReader fromDisk = disk.open(names, allocator)) {
        for (int g = 0; g < 3; g++) {
          assertThat(memory.granuleRows(g)).isEqualTo(disk.granuleRows(g));
          assertThat(memory.granuleFirstRow(g)).isEqualTo(disk.granuleFirstRow(g));
          assertThat(memory.firstKey(g)).isEqualTo(disk.firstKey(g));
          fromMemory.seek(g);
          fromDisk.seek(g);
          for (int c = 0; c < names.size(); c++) {
            assertThat(memory.stats(names.get(c), g))
                .usingRecursiveComparison()
                .isEqualTo(disk.stats(names.get(c), g));
            Vector a = fromMemory.read(c);
            Vector b = fromDisk.read(c);
            for (int row = 0; row < a.rows(); row++) {
              assertThat(VectorValues.get(a, row)).isEqualTo(VectorValues.get(b, row));
            }
          }
        }
      }
    }
  }

  @Test
  void memoryGoesWithTheLastReference() {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      MemoryPart part =
          MemoryPart.copyOf(
              TestParts.draft(1), TestParts.ORDERS, TestParts.orders(10, scratch), allocator);
      long held = allocator.getAllocatedMemory();
      PartReader reader = part.open(List.of("id"), allocator);
      assertThat(part.retain()).isTrue();
      part.close();
      part.close();
      reader.seek(0);
      assertThat(reader.read(0).getLong(9)).isEqualTo(1027);
      assertThat(allocator.getAllocatedMemory()).isEqualTo(held);
      reader.close();
      assertThat(allocator.getAllocatedMemory()).isLessThan(held);
      assertThat(part.retain()).isFalse();
      assertThatThrownBy(() -> part.open(List.of("id"), allocator))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
