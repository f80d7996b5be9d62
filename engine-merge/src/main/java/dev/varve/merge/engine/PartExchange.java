// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable.Deletes;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.PartFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// One change of a table's parts: some go, some come, of some more rows are deleted. All of it
/// becomes durable in one record of the catalog, and then visible at one moment. One thread; who
/// makes one has reserved the parts that it takes out or changes.
final class PartExchange {
  private final EngineContext context;
  private final long table;
  private final CatalogChange.Builder change = CatalogChange.builder();
  private final List<HeldPart> out = new ArrayList<>();
  private final Map<HeldPart, RoaringBitmap> deleted = new LinkedHashMap<>();
  private final List<DiskPart> made = new ArrayList<>();
  private final Map<Long, RoaringBitmap> deletedOfMade = new LinkedHashMap<>();
  private final Map<Long, Deletes> files = new LinkedHashMap<>();

  PartExchange(EngineContext context, long table) {
    this.context = context;
    this.table = table;
  }

  /// A part goes.
  PartExchange remove(HeldPart part) {
    change.removePart(table, part.id());
    out.add(part);
    return this;
  }

  /// The deleted rows of a part that stays are these from now on.
  PartExchange delete(HeldPart part, RoaringBitmap rows) {
    deleted.put(part, rows);
    out.add(part);
    return this;
  }

  /// A part comes: durable, and not yet named by the catalog.
  PartExchange add(DiskPart part) {
    change.addPart(part.info());
    made.add(part);
    return this;
  }

  /// A part comes, with rows that are deleted already.
  PartExchange add(DiskPart part, RoaringBitmap rows) {
    if (!rows.isEmpty()) {
      deletedOfMade.put(part.info().id(), rows);
    }
    return add(part);
  }

  /// Something else that becomes true with it.
  PartExchange also(Operation operation) {
    change.add(operation);
    return this;
  }

  boolean isEmpty() {
    return change.isEmpty() && deleted.isEmpty();
  }

  /// Makes it durable. If the catalog refuses, the files made for it go; unless nobody knows
  /// whether it did: then they stay, and the next start finds out.
  ///
  /// @return the parts that take the place of [#out()]
  List<HeldPart> commit() {
    PartFiles store = context.files();
    try {
      deleted.forEach((part, rows) -> write(part.id(), rows));
      deletedOfMade.forEach(this::write);
      context.catalog().commit(change.build());
    } catch (VarveException refused) {
      made.forEach(DiskPart::close);
      if (!refused.code().leavesDoubt()) {
        made.forEach(part -> store.delete(part.info()));
        files.forEach(store::dropDeletes);
      }
      throw refused;
    }
    files.forEach(store::keepDeletes);
    List<HeldPart> in = new ArrayList<>();
    deleted.forEach((part, rows) -> in.add(part.successor(part.part(), rows)));
    for (DiskPart part : made) {
      in.add(held(store.hold(part), deletedOfMade.get(part.info().id())));
    }
    return in;
  }

  private static HeldPart held(HeldPart part, RoaringBitmap rows) {
    if (rows == null) {
      return part;
    }
    HeldPart successor = part.successor(part.part(), rows);
    part.letGo();
    return successor;
  }

  private void write(long part, RoaringBitmap rows) {
    Deletes written = context.files().writeDeletes(part, rows);
    files.put(part, written);
    change.add(new Operation.PutDeletes(table, part, written.number(), written.rows()));
  }

  /// The parts that readers see no more in this form.
  List<HeldPart> out() {
    return out;
  }
}
