// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.DeadRows;
import dev.varve.merge.read.Resolution;
import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.ActiveParts;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableSnapshot;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.roaringbitmap.RoaringBitmap;

/// Views of a table. The rows that count are found once for each set of parts, by whoever asks
/// first, and kept until the next set comes and the last view of this one is closed.
final class TableViews {
  private final ActiveParts active;
  private final PartQuarantine quarantine;
  private final AtomicInteger openViews;
  private Resolved latest;
  private boolean ended;

  /// @param openViews counts the views of all tables that are open
  TableViews(ActiveParts active, PartQuarantine quarantine, AtomicInteger openViews) {
    this.active = active;
    this.quarantine = quarantine;
    this.openViews = openViews;
  }

  /// @param skip leaves out the parts in quarantine, rather than let those fail who need them
  TableView raw(TableDefinition definition, boolean skip) {
    return open(definition, Sight.raw(skip));
  }

  /// What counts is found when a view is asked for it.
  OpenView exact(TableDefinition definition, Sight sight) {
    return open(definition, sight);
  }

  private OpenView open(TableDefinition definition, Sight sight) {
    Resolved resolved = latest();
    openViews.incrementAndGet();
    return new OpenView(
        definition,
        sight,
        resolved,
        () -> {
          openViews.decrementAndGet();
          resolved.release();
        });
  }

  /// A view of parts that somebody else holds.
  static TableView unowned(TableDefinition definition, List<VisiblePart> parts) {
    return new GivenView(definition, parts);
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

  /// What is kept for the current set of parts, held once for the caller. Kept no more where the
  /// table has ended: nobody would let go of it.
  private synchronized Resolved latest() {
    TableSnapshot snapshot = active.lease();
    if (ended) {
      return new Resolved(snapshot);
    }
    if (latest != null && latest.snapshot == snapshot) {
      snapshot.release();
    } else {
      forget();
      latest = new Resolved(snapshot);
    }
    latest.holders++;
    return latest;
  }

  synchronized void end() {
    ended = true;
    forget();
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
  final class Resolved {
    private final TableSnapshot snapshot;
    private final Object reading = new Object();
    private volatile Resolution resolution;
    private Resolution raw;
    private Readable readable;
    private volatile Map<Long, Long> dead = Map.of();
    private int holders = 1;

    Resolved(TableSnapshot snapshot) {
      this.snapshot = snapshot;
    }

    /// Whether nobody need find out any more which rows count.
    boolean isKnown() {
      return resolution != null;
    }

    /// Found by the first who asks; the others wait for it. Who wants raw rows waits for nobody.
    List<VisiblePart> visible(Sight sight) {
      List<VisiblePart> found = sight.exact() ? exactly(sight) : raw();
      return shown(found, sight);
    }

    /// What a view shows of parts that can be read.
    List<VisiblePart> shown(List<VisiblePart> found, Sight sight) {
      return sight.skip() ? found : readable().withUnreadable(found, sight.related());
    }

    private synchronized List<VisiblePart> exactly(Sight sight) {
      if (resolution == null) {
        List<HeldPart> parts = readable().parts();
        Resolution found = sight.resolve(parts);
        dead = deadRows(parts, found);
        resolution = found;
      }
      return resolution.parts();
    }

    private List<VisiblePart> raw() {
      synchronized (reading) {
        raw = raw == null ? withoutDeleted(readable().parts()) : raw;
        return raw.parts();
      }
    }

    Readable readable() {
      synchronized (reading) {
        readable = readable == null ? Readable.of(snapshot.parts(), quarantine) : readable;
        return readable;
      }
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

  private record GivenView(TableDefinition definition, List<VisiblePart> parts)
      implements TableView {
    @Override
    public boolean isExact() {
      return true;
    }

    @Override
    public void close() {}
  }
}
