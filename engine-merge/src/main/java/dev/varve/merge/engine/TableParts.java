// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.ActiveParts;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The active parts of a table, and which of them a merge, fold or flush has reserved. Safe for
/// threads.
///
/// A reserved part stays active and readable; nobody else may replace it. So a change that reserved
/// its inputs cannot fail for want of them.
final class TableParts {
  private final ActiveParts active = new ActiveParts();
  private final PartQuarantine quarantine;
  private final TableViews views;
  private final Set<HeldPart> reserved = new HashSet<>();
  private Runnable listener = () -> {};
  private UnaryOperator<Part> lens = UnaryOperator.identity();
  private boolean ended;

  /// @param openViews counts the views of all tables that are open
  TableParts(PartQuarantine quarantine, AtomicInteger openViews) {
    this.quarantine = quarantine;
    this.views = new TableViews(active, quarantine, openViews);
  }

  /// Called after each change of the parts; must return at once.
  synchronized void onChange(Runnable changed) {
    listener = changed;
  }

  TableViews views() {
    return views;
  }

  /// Active parts, only to be looked at.
  List<HeldPart> peek() {
    return active.peek();
  }

  static boolean isRun(HeldPart part) {
    return part.stored() instanceof MemoryPart;
  }

  /// Those active parts that nobody has reserved, that are wanted and not in quarantine.
  synchronized List<HeldPart> free(Predicate<HeldPart> wanted) {
    List<HeldPart> free = new ArrayList<>();
    for (HeldPart part : active.peek()) {
      if (!reserved.contains(part) && !quarantine.holds(part) && wanted.test(part)) {
        free.add(part);
      }
    }
    return free;
  }

  /// Reserves all of these parts, or none if one of them is reserved or no more active.
  synchronized boolean reserve(Collection<HeldPart> parts) {
    refuseWhenEnded();
    Set<HeldPart> now = Set.copyOf(active.peek());
    for (HeldPart part : parts) {
      if (reserved.contains(part) || !now.contains(part)) {
        return false;
      }
    }
    reserved.addAll(parts);
    return true;
  }

  /// All active parts as of now, under a lease that the caller gives back: what a rewrite reads.
  TableSnapshot lease() {
    return active.lease();
  }

  private void refuseWhenEnded() {
    if (ended) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE, "the table was dropped or its engine was closed meanwhile");
    }
  }

  synchronized void release(Collection<HeldPart> parts) {
    parts.forEach(reserved::remove);
    notifyAll();
  }

  /// Makes a committed change visible, at one moment for all readers.
  synchronized void swap(Collection<HeldPart> out, Collection<HeldPart> in) {
    active.swap(out, seen(in));
    Set<Long> stay = in.stream().map(HeldPart::id).collect(Collectors.toSet());
    quarantine.forget(out.stream().filter(part -> !stay.contains(part.id())).toList());
    views.forget();
    notifyAll();
    listener.run();
  }

  /// Puts a new opening of a part in place of the old one; the files stay.
  synchronized void reopen(HeldPart before, HeldPart after) {
    active.reopen(before, after);
    views.forget();
    notifyAll();
  }

  /// Parts on disk of the partition that has the most.
  int mostParts() {
    Map<String, Integer> counts = new HashMap<>();
    int most = 0;
    for (HeldPart part : active.peek()) {
      if (!isRun(part)) {
        most = Math.max(most, counts.merge(part.part().info().partition(), 1, Integer::sum));
      }
    }
    return most;
  }

  /// From now on all parts, those that come later included, are shown through this; unless one of
  /// them is reserved by somebody else: then nothing happens.
  ///
  /// @param own parts that the caller has reserved
  /// @param before done just before the parts are shown so
  /// @param after done just after
  synchronized boolean showThrough(
      UnaryOperator<Part> newLens, Collection<HeldPart> own, Runnable before, Runnable after) {
    refuseWhenEnded();
    List<HeldPart> shown = active.peek();
    if (shown.stream().anyMatch(part -> reserved.contains(part) && !own.contains(part))) {
      return false;
    }
    lens = newLens;
    before.run();
    try {
      List<HeldPart> out = new ArrayList<>();
      List<HeldPart> in = new ArrayList<>();
      for (HeldPart part : shown) {
        Part seen = newLens.apply(part.stored());
        if (seen != part.part()) {
          out.add(part);
          in.add(part.successor(seen, part.deleted()));
        }
      }
      active.swap(out, in);
      views.forget();
    } finally {
      after.run();
    }
    notifyAll();
    return true;
  }

  private List<HeldPart> seen(Collection<HeldPart> parts) {
    List<HeldPart> seen = new ArrayList<>();
    for (HeldPart part : parts) {
      Part through = lens.apply(part.stored());
      if (through == part.part()) {
        seen.add(part);
      } else {
        seen.add(part.successor(through, part.deleted()));
        part.letGo();
      }
    }
    return seen;
  }

  /// Waits until parts change or are released, or this long.
  synchronized void awaitChange(long millis) {
    try {
      if (!ended) {
        wait(millis);
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new VarveException(
          ErrorCode.QUERY_WAS_CANCELLED, "cancelled while waiting for merges", asked);
    }
  }

  /// Lets go of all parts; for good where the table was dropped.
  synchronized void end(boolean dropped) {
    ended = true;
    views.end();
    if (dropped) {
      active.drop();
    } else {
      active.close();
    }
    notifyAll();
  }
}
