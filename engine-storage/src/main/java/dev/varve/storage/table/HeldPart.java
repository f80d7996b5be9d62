// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.part.Part;
import java.util.concurrent.atomic.AtomicInteger;

/// A part and the number of those who read it. Safe for threads.
///
/// It begins with one holder, the set of active parts. Whoever holds it may read it; when the last
/// holder lets go it is closed, and if it is outdated by then, its files are deleted.
public final class HeldPart {
  /// What happens to a part that nobody holds any more. May be called by any thread.
  @FunctionalInterface
  public interface Disposal {
    /// @param outdated whether no state of the catalog names the part any more
    void dispose(Part part, boolean outdated);
  }

  private final Part part;
  private final Disposal disposal;
  private final AtomicInteger holders = new AtomicInteger(1);
  private volatile boolean outdated;

  public HeldPart(Part part, Disposal disposal) {
    this.part = part;
    this.disposal = disposal;
  }

  public Part part() {
    return part;
  }

  public long id() {
    return part.info().id();
  }

  /// Marks it for deletion. Called once the catalog's record that replaces it is durable.
  void outdate() {
    outdated = true;
  }

  public boolean isOutdated() {
    return outdated;
  }

  void retain() {
    int before = holders.getAndIncrement();
    assert before > 0 : part.info().name() + " was disposed of";
  }

  void release() {
    int left = holders.decrementAndGet();
    assert left >= 0 : part.info().name() + " was released too often";
    if (left == 0) {
      disposal.dispose(part, outdated);
    }
  }
}
