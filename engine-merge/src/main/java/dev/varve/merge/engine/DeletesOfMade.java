// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.part.DiskPart;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable.Deletes;
import dev.varve.storage.table.HeldPart;
import java.util.HashMap;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// Rows that are deleted already when their part comes, of all parts of one commit. One thread.
final class DeletesOfMade {
  private final EngineContext context;
  private final Map<Long, RoaringBitmap> rows = new HashMap<>();
  private final Map<Long, Deletes> files = new HashMap<>();

  DeletesOfMade(EngineContext context) {
    this.context = context;
  }

  /// Writes the file of a part and adds what the commit needs.
  void write(long table, DiskPart part, RoaringBitmap deleted, CatalogChange.Builder change) {
    if (deleted.isEmpty()) {
      return;
    }
    long id = part.info().id();
    Deletes written = context.files().writeDeletes(id, deleted);
    rows.put(id, deleted);
    files.put(id, written);
    change.add(new Operation.PutDeletes(table, id, written.number(), written.rows()));
  }

  /// The commit was refused.
  void drop() {
    files.forEach(context.files()::dropDeletes);
  }

  /// The commit is durable.
  void keep() {
    files.forEach(context.files()::keepDeletes);
  }

  HeldPart held(HeldPart part) {
    return held(part, rows.getOrDefault(part.id(), new RoaringBitmap()));
  }

  /// A part that is held, in the form that has these rows deleted.
  static HeldPart held(HeldPart part, RoaringBitmap deleted) {
    if (deleted.isEmpty()) {
      return part;
    }
    HeldPart successor = part.successor(part.part(), deleted);
    part.letGo();
    return successor;
  }
}
