// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartName;
import dev.varve.storage.skip.SkipIndexes;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import java.util.Optional;
import java.util.function.Consumer;

/// Skip indexes of the parts of a table that are there already.
record IndexedParts(MergeTable table, EngineContext context, TableParts parts) {
  void materialize(String name, Optional<String> partition) {
    SkipIndexes indexes = table.skipIndexes();
    SkipIndexes.Index index = indexes.named(name, table.definition().name());
    table.flush();
    each(partition, part -> indexes.build(part, index, context.allocator()));
  }

  void clear(String name, Optional<String> partition) {
    SkipIndexes indexes = table.skipIndexes();
    indexes.named(name, table.definition().name());
    each(partition, part -> indexes.clear(part, name));
  }

  private void each(Optional<String> partition, Consumer<DiskPart> work) {
    TableSnapshot snapshot = parts.lease();
    try {
      for (HeldPart held : snapshot.parts()) {
        boolean isWanted = partition.map(id -> PartName.isOf(held.part().info(), id)).orElse(true);
        if (isWanted && held.part() instanceof DiskPart part) {
          work.accept(part);
        }
      }
    } finally {
      snapshot.release();
    }
  }
}
