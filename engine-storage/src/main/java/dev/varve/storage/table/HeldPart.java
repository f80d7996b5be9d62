// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.part.Part;
import java.util.concurrent.atomic.AtomicInteger;
import org.roaringbitmap.RoaringBitmap;

/// A part, what of it is deleted, and the number of those who read it. Safe for threads.
///
/// It begins with one holder, the set of active parts. Whoever holds it may read it; when the last
/// holder lets go, of it and of all its successors, the part is closed, and if it is outdated by
/// then, its files are deleted.
public final class HeldPart {
  /// What happens to a part that nobody holds any more. May be called by any thread.
  @FunctionalInterface
  public interface Disposal {
    /// @param outdated whether no state of the catalog names the part any more
    void dispose(Part part, boolean outdated);
  }

  /// The part itself, shared by all forms that it is held in.
  private static final class Stored {
    private final Part part;
    private final Disposal disposal;
    private final AtomicInteger forms = new AtomicInteger(1);
    private volatile boolean outdated;

    Stored(Part part, Disposal disposal) {
      this.part = part;
      this.disposal = disposal;
    }

    void release() {
      if (forms.decrementAndGet() == 0) {
        disposal.dispose(part, outdated);
      }
    }
  }

  private final Stored stored;
  private final Part part;
  private final RoaringBitmap deleted;
  private final AtomicInteger holders = new AtomicInteger(1);

  public HeldPart(Part part, Disposal disposal) {
    this(new Stored(part, disposal), part, null);
  }

  private HeldPart(Stored stored, Part part, RoaringBitmap deleted) {
    this.stored = stored;
    this.part = part;
    this.deleted = deleted;
  }

  /// The same part in another form, to be swapped in for this one. Only to be called by who holds
  /// this one.
  ///
  /// @param seen the part as readers see it from then on: itself, or under another definition
  /// @param rows the rows of it that are deleted, or null; not to be changed any more
  public HeldPart successor(Part seen, RoaringBitmap rows) {
    int before = stored.forms.getAndIncrement();
    assert before > 0 : part.info().name() + " was disposed of";
    return new HeldPart(stored, seen, rows);
  }

  /// The part as readers see it, under the table's definition.
  public Part part() {
    return part;
  }

  /// The part as it was written.
  public Part stored() {
    return stored.part;
  }

  /// Rows of the part that a DELETE took away, as if they had never been inserted; null if there
  /// are none. Not to be changed.
  public RoaringBitmap deleted() {
    return deleted;
  }

  public long id() {
    return part.info().id();
  }

  /// Whether both are the same part, in whatever form.
  boolean isSamePartAs(HeldPart other) {
    return stored == other.stored;
  }

  /// Marks it for deletion. Called once the catalog's record that replaces it is durable.
  void outdate() {
    stored.outdated = true;
  }

  public boolean isOutdated() {
    return stored.outdated;
  }

  /// Gives back the hold that it began with, where no set of active parts took it over.
  public void letGo() {
    release();
  }

  void retain() {
    int before = holders.getAndIncrement();
    assert before > 0 : part.info().name() + " was disposed of";
  }

  void release() {
    int left = holders.decrementAndGet();
    assert left >= 0 : part.info().name() + " was released too often";
    if (left == 0) {
      stored.release();
    }
  }
}
