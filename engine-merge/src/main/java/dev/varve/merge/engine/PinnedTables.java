// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartName;
import dev.varve.storage.table.CatalogState;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.PartCatalog;
import dev.varve.storage.table.TableSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/// Several tables as the catalog has them at one moment, with everything on disk that was
/// acknowledged before. No file of their parts goes until it is closed; writes and merges go on.
public final class PinnedTables implements AutoCloseable {
  private static final long PATIENCE_NANOS = 1_000_000;

  private final CatalogState state;
  private final List<TableSnapshot> leases;
  private final Map<Long, HeldPart> parts = new HashMap<>();

  private PinnedTables(CatalogState state, List<TableSnapshot> leases) {
    this.state = state;
    this.leases = leases;
    leases.stream().flatMap(lease -> onDisk(lease).stream()).forEach(p -> parts.put(p.id(), p));
  }

  /// @param databases that the state names
  /// @param check called now and then, and may throw
  /// @throws VarveException CORRUPTED_DATA for a table with a part in quarantine, UNKNOWN_TABLE for
  ///   one that was dropped
  static PinnedTables of(
      PartCatalog catalog, List<MergeTable> tables, Set<String> databases, Runnable check) {
    tables.forEach(MergeTable::flush);
    Set<Long> ids = tables.stream().map(MergeTable::id).collect(Collectors.toSet());
    while (true) {
      check.run();
      List<TableSnapshot> leases = new ArrayList<>();
      try {
        // A part that the catalog names and the table does not show yet, or no more, says that a
        // change is between its commit and its readers: a moment later they agree.
        CatalogState state = catalog.state();
        if (tables.stream().allMatch(table -> lease(table, state, leases))) {
          PinnedTables pinned = new PinnedTables(state.only(databases, ids), List.copyOf(leases));
          leases.clear();
          return pinned;
        }
      } finally {
        leases.forEach(TableSnapshot::release);
      }
      LockSupport.parkNanos(PATIENCE_NANOS);
    }
  }

  private static boolean lease(MergeTable table, CatalogState state, List<TableSnapshot> leases) {
    CatalogTable known = state.tables().get(table.id());
    if (known == null) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE, "table " + table.definition().name() + " was dropped");
    }
    refuseDamaged(known);
    TableSnapshot lease = table.leaseParts();
    leases.add(lease);
    List<HeldPart> parts = onDisk(lease);
    return parts.size() == known.parts().size()
        && parts.stream().allMatch(part -> isAsKnown(part, known));
  }

  private static void refuseDamaged(CatalogTable table) {
    if (!table.quarantined().isEmpty()) {
      long part = table.quarantined().keySet().iterator().next();
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          "table "
              + table.definition().name()
              + " has a damaged part, "
              + PartName.of(table.parts().get(part))
              + ", which no backup could bring back; repair it (SYSTEM RESTORE QUARANTINED PART)"
              + " or give its rows up (SYSTEM DROP QUARANTINED PART) first");
    }
  }

  private static List<HeldPart> onDisk(TableSnapshot lease) {
    return lease.parts().stream().filter(part -> !TableParts.isRun(part)).toList();
  }

  /// Deleted rows of a part only become more, so as many are the same.
  private static boolean isAsKnown(HeldPart part, CatalogTable table) {
    CatalogTable.Deletes deletes = table.deletes().get(part.id());
    long deleted = part.deleted() == null ? 0 : part.deleted().getLongCardinality();
    return table.parts().containsKey(part.id())
        && deleted == (deletes == null ? 0 : deletes.rows());
  }

  /// What the catalog says of these tables, and of their databases.
  public CatalogState state() {
    return state;
  }

  /// Where the files of a part of theirs are.
  public Path directory(long part) {
    return ((DiskPart) parts.get(part).stored()).directory();
  }

  /// The deleted rows of a part, or null.
  public RoaringBitmap deleted(long part) {
    return parts.get(part).deleted();
  }

  @Override
  public void close() {
    leases.forEach(TableSnapshot::release);
  }
}
