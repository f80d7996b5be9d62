// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.DeadRows;
import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.Resolution;
import dev.varve.merge.read.TableView;
import dev.varve.merge.read.UnreadablePart;
import dev.varve.merge.read.VisiblePart;
import dev.varve.merge.rule.CombinedColumns;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.ActiveParts;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableSnapshot;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.roaringbitmap.RoaringBitmap;

/// Views of a table. The rows that count are found once for each set of parts, by whoever asks
/// first, and kept until the next set comes and the last view of this one is closed.
final class TableViews {
  private final ActiveParts active;
  private final PartQuarantine quarantine;
  private final AtomicInteger openViews;
  private Resolved latest;

  /// @param openViews counts the views of all tables that are open
  TableViews(ActiveParts active, PartQuarantine quarantine, AtomicInteger openViews) {
    this.active = active;
    this.quarantine = quarantine;
    this.openViews = openViews;
  }

  /// @param skip leaves out the parts in quarantine, rather than let those fail who need them
  TableView raw(TableDefinition definition, boolean skip) {
    return open(
        definition, false, TableViews::withoutDeleted, Optional.empty(), (_, _) -> false, skip);
  }

  /// @param reads null where every row counts that is not deleted
  /// @param related whether rows of one key may be in both parts, by their partitions
  TableView exact(
      TableDefinition definition, ExactReads reads, BiPredicate<Part, Part> related, boolean skip) {
    return reads == null
        ? open(
            definition, true, TableViews::withoutDeleted, Optional.empty(), (_, _) -> false, skip)
        : open(
            definition,
            true,
            parts -> reads.resolve(parts(parts), deletedRows(parts)),
            reads.combined(),
            related,
            skip);
  }

  private TableView open(
      TableDefinition definition,
      boolean exact,
      Function<List<HeldPart>, Resolution> resolve,
      Optional<CombinedColumns> combined,
      BiPredicate<Part, Part> related,
      boolean skip) {
    Resolved resolved = latest();
    try {
      List<VisiblePart> readable = resolved.parts(exact, resolve);
      List<VisiblePart> parts =
          skip ? readable : resolved.readable.withUnreadable(readable, related);
      Optional<TableView.Stored> stored =
          parts.stream().anyMatch(visible -> visible.part() instanceof UnreadablePart)
              ? Optional.empty()
              : combined.map(columns -> resolved.stored(definition, columns));
      openViews.incrementAndGet();
      return new OpenView(
          definition,
          parts,
          exact,
          stored,
          () -> {
            openViews.decrementAndGet();
            resolved.release();
          });
    } catch (RuntimeException | Error failed) {
      resolved.release();
      throw failed;
    }
  }

  /// A view of parts that somebody else holds.
  static TableView unowned(TableDefinition definition, List<VisiblePart> parts) {
    return new OpenView(definition, parts, true, Optional.empty(), () -> {});
  }

  static Resolution withoutDeleted(List<HeldPart> parts) {
    return Resolution.of(
        parts.stream()
            .map(held -> new VisiblePart(held.part(), DeadRows.of(held.part(), held.deleted())))
            .toList());
  }

  static Map<Part, RoaringBitmap> deletedRows(List<HeldPart> parts) {
    Map<Part, RoaringBitmap> deleted = new IdentityHashMap<>();
    for (HeldPart part : parts) {
      if (part.deleted() != null) {
        deleted.put(part.part(), part.deleted());
      }
    }
    return deleted;
  }

  static List<Part> parts(List<HeldPart> parts) {
    return parts.stream().map(HeldPart::part).toList();
  }

  /// What is kept for the current set of parts, held once for the caller.
  private synchronized Resolved latest() {
    TableSnapshot snapshot = active.lease();
    if (latest != null && latest.snapshot == snapshot) {
      snapshot.release();
    } else {
      forget();
      latest = new Resolved(snapshot);
    }
    latest.holders++;
    return latest;
  }

  /// Lets go of what is kept, so that it does not keep outdated parts from being deleted.
  synchronized void forget() {
    if (latest != null) {
      Resolved before = latest;
      latest = null;
      before.release();
    }
  }

  /// Rows that do not count, by part id, as far as they are known.
  synchronized Map<Long, Long> deadRows() {
    return latest == null ? Map.of() : latest.dead;
  }

  /// The exact rows of one snapshot. Holders are counted under the lock of the views, so that the
  /// last one of an old snapshot frees it.
  private final class Resolved {
    private final TableSnapshot snapshot;
    private Resolution resolution;
    private Resolution raw;
    private Readable readable;
    private volatile Map<Long, Long> dead = Map.of();
    private int holders = 1;

    Resolved(TableSnapshot snapshot) {
      this.snapshot = snapshot;
    }

    /// Found by the first who asks; the others wait for it.
    synchronized List<VisiblePart> parts(
        boolean exact, Function<List<HeldPart>, Resolution> resolve) {
      if (!exact) {
        raw = raw == null ? resolve.apply(readable().parts()) : raw;
        return raw.parts();
      }
      if (resolution == null) {
        resolution = resolve.apply(readable().parts());
        dead = deadRows(readable.parts(), resolution);
      }
      return resolution.parts();
    }

    private TableView.Stored stored(TableDefinition definition, CombinedColumns columns) {
      List<VisiblePart> rows = parts(false, TableViews::withoutDeleted);
      TableView view = new OpenView(definition, rows, false, Optional.empty(), () -> {});
      return new TableView.Stored(view, columns);
    }

    private Readable readable() {
      readable = readable == null ? Readable.of(snapshot.parts(), quarantine) : readable;
      return readable;
    }

    private static Map<Long, Long> deadRows(List<HeldPart> parts, Resolution resolution) {
      Map<Long, Long> dead = new HashMap<>();
      for (HeldPart part : parts) {
        dead.put(part.id(), part.part().info().rows()); // unless it is visible
      }
      for (VisiblePart visible : resolution.parts()) {
        dead.replace(visible.part().info().id(), visible.dead().total());
      }
      return dead;
    }

    void release() {
      synchronized (TableViews.this) {
        if (--holders > 0) {
          return;
        }
      }
      if (resolution != null) {
        resolution.close();
      }
      snapshot.release();
    }
  }

  private static final class OpenView implements TableView {
    private final TableDefinition definition;
    private final List<VisiblePart> parts;
    private final boolean exact;
    private final Optional<Stored> stored;
    private Runnable release;

    OpenView(
        TableDefinition definition,
        List<VisiblePart> parts,
        boolean exact,
        Optional<Stored> stored,
        Runnable release) {
      this.definition = definition;
      this.parts = parts;
      this.exact = exact;
      this.stored = stored;
      this.release = release;
    }

    @Override
    public TableDefinition definition() {
      return definition;
    }

    @Override
    public List<VisiblePart> parts() {
      return parts;
    }

    @Override
    public boolean isExact() {
      return exact;
    }

    @Override
    public Optional<Stored> stored() {
      return stored;
    }

    @Override
    public synchronized void close() {
      if (release != null) {
        release.run();
        release = null;
      }
    }
  }
}
