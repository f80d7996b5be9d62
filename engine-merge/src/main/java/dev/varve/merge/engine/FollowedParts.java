// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.CatalogTable.Deletes;
import dev.varve.storage.table.DeletedRowsFile;
import dev.varve.storage.table.HeldPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/// Parts of a table that another server added, took out, or deleted rows of.
record FollowedParts(EngineContext context, TableParts parts, PartQuarantine quarantine) {
  /// Shows them, at one moment for all readers.
  void show(CatalogTable before, CatalogTable after) {
    Map<Long, HeldPart> shown = new HashMap<>();
    parts.peek().forEach(part -> shown.put(part.id(), part));
    List<HeldPart> out = new ArrayList<>();
    List<HeldPart> in = new ArrayList<>();
    for (PartInfo part : before.parts().values()) {
      if (!after.parts().containsKey(part.id())) {
        remove(part, Optional.ofNullable(shown.get(part.id())), out);
      }
    }
    for (PartInfo part : after.parts().values()) {
      Deletes deletes = after.deletes().get(part.id());
      boolean isNew = !before.parts().containsKey(part.id());
      boolean isChanged = deletes != null && !deletes.equals(before.deletes().get(part.id()));
      if (isChanged) {
        context.files().keepDeletes(part.id(), deletes);
      }
      if (isNew) {
        quarantine.open(part, deletes, Optional.empty()).ifPresent(in::add);
      } else if (isChanged && shown.containsKey(part.id())) {
        HeldPart held = shown.get(part.id());
        out.add(held);
        in.add(held.successor(held.part(), rows(part, deletes)));
      }
    }
    parts.swap(out, in);
  }

  private RoaringBitmap rows(PartInfo part, Deletes deletes) {
    return DeletedRowsFile.read(
        context.files().directory(), part.id(), deletes.number(), deletes.rows());
  }

  /// One that could not be opened is in quarantine and nowhere else.
  private void remove(PartInfo part, Optional<HeldPart> held, List<HeldPart> out) {
    held.ifPresent(out::add);
    if (held.isEmpty()) {
      quarantine.find(part.name()).ifPresent(quarantine::forget);
      context.files().delete(part);
    }
  }
}
