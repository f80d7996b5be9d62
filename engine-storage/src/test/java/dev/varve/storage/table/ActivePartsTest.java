// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartLayout;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActivePartsTest {
  private final BufferAllocator allocator = new RootAllocator();
  private final List<String> disposed = new ArrayList<>();
  private final ActiveParts active = new ActiveParts();
  private final HeldPart one = part(1);
  private final HeldPart two = part(2);

  private HeldPart part(long id) {
    PartDraft draft =
        new PartDraft(id, 1, 1, 0, List.of(), "all", new SeqRange(id, id), List.of(), 0);
    PartLayout layout =
        new PartLayout(List.of(ColumnDefinition.of("k", DataTypes.INT64)), List.of("k"));
    try (Scratch scratch = new Scratch(allocator)) {
      Batch rows = new Batch(1, List.of(VectorValues.of(DataTypes.INT64, scratch, id)));
      return new HeldPart(
          MemoryPart.copyOf(draft, layout, rows, allocator),
          (part, outdated) -> {
            disposed.add(part.info().name() + (outdated ? " deleted" : " closed"));
            ((MemoryPart) part).close();
          });
    }
  }

  @AfterEach
  void nothingIsHeldInTheEnd() {
    active.close();
    assertThat(disposed).hasSize(2);
    allocator.close();
  }

  @Test
  void anOutdatedPartStaysUntilTheLastLeaseGoes() {
    active.swap(List.of(), List.of(one));
    TableSnapshot first = active.lease();
    TableSnapshot second = active.lease();
    active.swap(List.of(one), List.of(two));
    first.release();
    assertThat(disposed).isEmpty();
    assertThat(second.parts()).containsExactly(one);
    second.release();
    assertThat(disposed).containsExactly("part-1 deleted");
    assertThat(active.peek()).containsExactly(two);
  }

  @Test
  void closingKeepsFilesAndDroppingDeletesThem() {
    active.swap(List.of(), List.of(one));
    active.close();
    assertThat(disposed).containsExactly("part-1 closed");
    active.swap(List.of(), List.of(two));
    assertThat(disposed).containsExactly("part-1 closed", "part-2 closed");
  }

  @Test
  void aLeaseOutlivesADrop() {
    active.swap(List.of(), List.of(one, two));
    TableSnapshot lease = active.lease();
    active.drop();
    assertThat(disposed).isEmpty();
    lease.release();
    assertThat(disposed).containsExactly("part-1 deleted", "part-2 deleted");
  }

  @Test
  void aPartThatIsNotActiveCannotBeTakenOut() {
    active.swap(List.of(), List.of(one));
    assertThatThrownBy(() -> active.swap(List.of(two), List.of()))
        .isInstanceOf(IllegalStateException.class);
    active.swap(List.of(), List.of(two));
  }
}
