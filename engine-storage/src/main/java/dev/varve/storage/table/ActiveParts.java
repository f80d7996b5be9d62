// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The active parts of one table: each change swaps in a new snapshot, whole. Safe for threads;
/// readers never wait for writers.
public final class ActiveParts implements AutoCloseable {
  private volatile TableSnapshot current = new TableSnapshot(List.of(), 0);
  private boolean closed;
  private boolean dropped;

  /// The parts as of now, under a lease that the caller gives back with [TableSnapshot#release()].
  public TableSnapshot lease() {
    while (true) {
      TableSnapshot snapshot = current;
      if (snapshot.tryLease()) {
        return snapshot;
      }
    }
  }

  /// The parts as of now, only to be looked at: their files may go at any time.
  public List<HeldPart> peek() {
    return current.parts();
  }

  /// Takes parts out and puts others in, at one moment for all readers. Those put in come with the
  /// one hold of their making, which passes to this set; those taken out are outdated, unless a
  /// successor comes in.
  public synchronized void swap(Collection<HeldPart> out, Collection<HeldPart> in) {
    if (closed) {
      letGo(in, dropped);
      return;
    }
    Set<HeldPart> gone = new HashSet<>(out);
    TableSnapshot before = current;
    List<HeldPart> parts =
        before.parts().stream()
            .filter(part -> !gone.contains(part))
            .collect(Collectors.toCollection(ArrayList::new));
    if (parts.size() + gone.size() != before.parts().size()) {
      throw new IllegalStateException("a part to take out is not active");
    }
    parts.addAll(in);
    current = new TableSnapshot(parts, before.version() + 1);
    before.release();
    Set<HeldPart> outdated = new HashSet<>(gone);
    outdated.removeIf(part -> in.stream().anyMatch(part::isSamePartAs));
    gone.removeAll(outdated);
    letGo(outdated, true);
    letGo(gone, false);
  }

  /// Puts one opening of a part in place of another: the files are the same, and stay.
  public synchronized void reopen(HeldPart before, HeldPart after) {
    if (before.id() != after.id()) {
      throw new IllegalStateException(before.id() + " is not " + after.id());
    }
    if (closed) {
      letGo(List.of(after), dropped);
      return;
    }
    TableSnapshot old = current;
    List<HeldPart> parts = new ArrayList<>(old.parts());
    if (!parts.remove(before)) {
      throw new IllegalStateException("a part to reopen is not active");
    }
    parts.add(after);
    current = new TableSnapshot(parts, old.version() + 1);
    old.release();
    letGo(List.of(before), false);
  }

  private static void letGo(Collection<HeldPart> parts, boolean outdated) {
    for (HeldPart part : parts) {
      if (outdated) {
        part.outdate();
      }
      part.release();
    }
  }

  /// Lets go of all parts; their files stay. What is swapped in from now on is let go at once.
  @Override
  public void close() {
    end(false);
  }

  /// Lets go of all parts for good: the table is gone, and the files follow the last lease.
  public void drop() {
    end(true);
  }

  private synchronized void end(boolean drop) {
    dropped |= drop;
    if (closed) {
      return;
    }
    closed = true;
    TableSnapshot before = current;
    current = new TableSnapshot(List.of(), before.version() + 1);
    before.release();
    letGo(before.parts(), drop);
  }
}
