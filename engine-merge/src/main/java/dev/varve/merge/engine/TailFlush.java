// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.engine.LogTail.Taken;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.HeldPart;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// Writes the runs in memory of a table to parts and commits these with the log offsets they reach
/// to. One thread.
///
/// Tables that materialized views connect are flushed in one commit: the rows that a view made of
/// log records stand in another table than the offsets that say so.
final class TailFlush {
  private final EngineContext context;
  private final MergeTable table;
  private final List<MergeTable> connected;

  private TailFlush(EngineContext context, MergeTable table, List<MergeTable> connected) {
    this.context = context;
    this.table = table;
    this.connected = connected;
  }

  static void run(EngineContext context, MergeTable table) {
    runLocked(
        context,
        table,
        lock -> {
          lock.lock();
          return true;
        });
  }

  /// False, and nothing done, where another flush of these tables is under way.
  static boolean runUnlessBusy(EngineContext context, MergeTable table) {
    return runLocked(context, table, ReentrantLock::tryLock);
  }

  private static boolean runLocked(
      EngineContext context, MergeTable table, Predicate<ReentrantLock> locking) {
    boolean done = false;
    while (!done) {
      List<MergeTable> connected = context.feeds().connected(table);
      List<ReentrantLock> locked = new ArrayList<>();
      try {
        for (MergeTable one : connected) { // by number, so that two flushes cannot wait in a circle
          if (!locking.test(one.tail().flushing())) {
            return false;
          }
          locked.add(one.tail().flushing());
        }
        done = new TailFlush(context, table, connected).run();
      } finally {
        locked.forEach(ReentrantLock::unlock);
      }
    }
    return true;
  }

  /// False if another view has connected more tables meanwhile.
  private boolean run() {
    List<Taken> taken = new ArrayList<>();
    try {
      ReentrantLock publishing = context.feeds().publishing();
      publishing.lock();
      try {
        if (!context.feeds().connected(table).equals(connected)) {
          return false;
        }
        for (MergeTable one : connected) {
          taken.add(one.tail().take());
        }
      } finally {
        publishing.unlock();
      }
      write(taken);
      return true;
    } finally {
      taken.forEach(Taken::release);
    }
  }

  private void write(List<Taken> taken) {
    List<DiskPart> made = new ArrayList<>();
    CatalogChange.Builder change = CatalogChange.builder();
    DeletesOfMade deletes = new DeletesOfMade(context);
    int[] ends = new int[taken.size()];
    try {
      for (int i = 0; i < ends.length; i++) {
        taken.get(i).write(made, change, deletes);
        ends[i] = made.size();
      }
    } catch (RuntimeException | Error failed) {
      table.writer().discard(made);
      deletes.drop();
      throw failed;
    }
    if (change.isEmpty()) {
      return;
    }
    List<HeldPart> held = InsertCommit.commit(context, change.build(), made, deletes);
    for (int i = ends.length - 1; i >= 0; i--) {
      taken.get(i).show(held.subList(i == 0 ? 0 : ends[i - 1], ends[i]));
    }
    context.journal().trim(id -> JournaledRows.durable(context, id));
  }
}
