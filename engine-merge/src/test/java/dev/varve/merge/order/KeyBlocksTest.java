// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// Keys that are kept are the keys that were decoded; they take no more than the budget and go with
/// their part.
final class KeyBlocksTest {
  private static final KeyEncoder ENCODER = KeyEncoder.ascending(List.of(DataTypes.INT64));
  private static final Object[] KEYS = {-5L, 0L, 7L, 8L, 1L << 40};

  @Test
  void keptKeysCompareAsTheDecodedOnes() {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        MemoryPart part = part(allocator);
        KeyBlocks blocks = new KeyBlocks(new KeyBudget(1 << 20), allocator)) {
      KeyBlock decoded = block(scratch);
      blocks.put(part, 0, decoded);
      KeyBlock kept = blocks.get(part, 0);
      assertThat(kept).isNotSameAs(decoded);
      for (int a = 0; a < KEYS.length; a++) {
        for (int b = 0; b < KEYS.length; b++) {
          assertThat(kept.compare(a, decoded, b)).isEqualTo(decoded.compare(a, decoded, b));
          assertThat(decoded.firstAtLeast(0, kept, b)).isEqualTo(b);
        }
        assertThat(kept.key(a)).isEqualTo(decoded.key(a));
        assertThat(kept.hash(a)).isEqualTo(decoded.hash(a));
      }
      assertThat(blocks.get(part, 1)).isNull();
    }
  }

  @Test
  void whatDoesNotFitIsNotKeptAndPushesNothingOut() {
    KeyBudget budget = new KeyBudget(48);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        MemoryPart part = part(allocator);
        KeyBlocks blocks = new KeyBlocks(budget, allocator)) {
      blocks.put(part, 0, block(scratch));
      blocks.put(part, 1, block(scratch));
      assertThat(blocks.get(part, 0)).isNotNull();
      assertThat(blocks.get(part, 1)).isNull();
      assertThat(budget.left()).isEqualTo(8);
    }
  }

  @Test
  void keysOfAPartThatIsGoneGiveTheirMemoryBack() {
    KeyBudget budget = new KeyBudget(1 << 10);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        MemoryPart gone = part(allocator);
        MemoryPart stays = part(allocator);
        KeyBlocks blocks = new KeyBlocks(budget, allocator)) {
      blocks.put(gone, 0, block(scratch));
      blocks.put(stays, 0, block(scratch));
      blocks.retain(List.<Part>of(stays));
      assertThat(blocks.get(gone, 0)).isNull();
      assertThat(blocks.get(stays, 0)).isNotNull();
      assertThat(budget.left()).isEqualTo((1 << 10) - 40);
      blocks.close();
      assertThat(budget.left()).isEqualTo(1 << 10);
    }
  }

  @Test
  void queriesThatHoldAllMemoryLeaveNoneForKeys() {
    KeyBudget budget = new KeyBudget(1 << 20);
    try (BufferAllocator allocator = new RootAllocator();
        BufferAllocator full = allocator.newChildAllocator("full", 0, 0);
        Scratch scratch = new Scratch(allocator);
        MemoryPart part = part(allocator);
        KeyBlocks blocks = new KeyBlocks(budget, full)) {
      blocks.put(part, 0, block(scratch));
      assertThat(blocks.get(part, 0)).isNull();
      assertThat(budget.left()).isEqualTo(1 << 20);
    }
  }

  private static KeyBlock block(Scratch scratch) {
    Vector keys = VectorValues.of(DataTypes.INT64, scratch, KEYS);
    return KeyBlock.of(ENCODER, List.of(keys), KEYS.length);
  }

  private static MemoryPart part(BufferAllocator allocator) {
    PartLayout layout =
        new PartLayout(List.of(ColumnDefinition.of("k", DataTypes.INT64)), List.of("k"));
    Scratch memory = new Scratch(allocator);
    Batch granule = new Batch(KEYS.length, List.of(VectorValues.of(DataTypes.INT64, memory, KEYS)));
    PartDraft draft = new PartDraft(1, 1, 1, 0, List.of(), "all", new SeqRange(1, 1), List.of(), 0);
    return MemoryPart.owning(draft, layout, List.of(granule, granule), memory);
  }
}
