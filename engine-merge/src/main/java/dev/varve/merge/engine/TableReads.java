// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.order.MergeTrace;
import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.TableView;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import java.util.concurrent.atomic.AtomicInteger;

/// What is read of a table: the parts of one state and the rows of them that count, found ahead of
/// queries where somebody reads. Safe for threads.
final class TableReads {
  private final EngineContext context;
  private final TableSchema schema;
  private final TableParts parts;
  private final ReadAhead ahead;
  private volatile ExactReads exact;
  private volatile boolean readsAhead;
  private volatile boolean ended;
  private final AtomicInteger pauses = new AtomicInteger();
  private volatile boolean readInPause;

  TableReads(EngineContext context, TableSchema schema, TableParts parts) {
    this.context = context;
    this.schema = schema;
    this.parts = parts;
    this.ahead = new ReadAhead(context.workers(), context.timer(), this::resolveAndStore);
  }

  /// From now on rows are found whenever parts change.
  void readAhead() {
    readsAhead = true;
    parts.onChange(ahead::changed);
  }

  /// Some rows were found in haste, where it is known that whole parts are found ahead.
  private void wantAll() {
    if (readsAhead) {
      ahead.changed();
    }
  }

  /// While it is open nothing is found ahead, unless somebody reads the table.
  interface Pause extends AutoCloseable {
    @Override
    void close();
  }

  /// For who is about to make one part of many: what would be found of the many is gone with them,
  /// and finding it takes cores that the merge could have.
  Pause pause() {
    if (pauses.getAndIncrement() == 0) {
      readInPause = false;
    }
    return () -> {
      if (pauses.decrementAndGet() == 0) {
        wantAll();
      }
    };
  }

  private boolean findsAhead() {
    return pauses.get() == 0 || readInPause;
  }

  /// @param exactly false for raw rows
  /// @param skipQuarantined leaves out the rows of parts in quarantine
  TableView view(boolean exactly, boolean skipQuarantined) {
    while (true) {
      int before = schema.stamp();
      try {
        TableView view = open(exactly, skipQuarantined);
        if (schema.holds(before)) {
          return view;
        }
        view.close(); // an ALTER came between the definition and the parts
      } catch (RuntimeException failed) {
        if (schema.holds(before)) {
          throw failed;
        }
      }
    }
  }

  private TableView open(boolean exactly, boolean skipQuarantined) {
    if (!exactly) {
      return parts.views().raw(schema.definition(), skipQuarantined);
    }
    ahead.read();
    if (!findsAhead()) {
      readInPause = true;
      wantAll();
    }
    return exactView(skipQuarantined);
  }

  private OpenView exactView(boolean skipQuarantined) {
    boolean independent = schema.shape().layout().partitionsIndependent();
    Sight sight =
        new Sight(
            true,
            exact(),
            (a, b) -> !independent || a.info().partition().equals(b.info().partition()),
            skipQuarantined,
            this::wantAll);
    return parts.views().exact(schema.definition(), sight);
  }

  private boolean collapsesKeys() {
    return schema.shape().layout().rule().collapsesKeys();
  }

  /// Finds the rows that count where rows beat each other; null where every row counts.
  synchronized ExactReads exact() {
    if (exact == null && collapsesKeys()) {
      exact =
          new ExactReads(
              schema.shape().layout(),
              new StoredPairs(context.files()),
              context.keyBudget(),
              context.allocator());
      if (ended) {
        exact.close(); // it was forgotten before the end, and nobody would close it again
      }
    }
    return exact;
  }

  /// Finds the rows that count, for the next view to show, and stores what was found out.
  void resolveAndStore() {
    if (ended || !findsAhead() || schema.definition().isView() || !collapsesKeys()) {
      return;
    }
    int before = schema.stamp();
    TableSnapshot snapshot = parts.lease();
    try {
      try (OpenView view = exactView(true)) {
        view.findAhead(this::findsAhead);
      }
      if (findsAhead()) {
        exact().store(TableViews.parts(snapshot.parts()));
      }
    } catch (RuntimeException failed) {
      if (schema.holds(before)) {
        throw failed; // else an ALTER took the reads away under it
      }
    } finally {
      snapshot.release();
    }
  }

  /// Tells what a merge made of its inputs, before a view shows the merged part.
  ///
  /// @param merged null when no row was left
  void inherit(Part merged, MergeTrace trace) {
    ExactReads known = exact;
    if (known == null || merged == null) {
      return;
    }
    TableSnapshot snapshot = parts.lease();
    try {
      known.inherit(
          merged,
          trace,
          TableViews.parts(snapshot.parts()),
          TableViews.deletedRows(snapshot.parts()));
    } finally {
      snapshot.release();
    }
  }

  /// Pairs of parts whose keys had to be compared since the start.
  long comparedPairs() {
    ExactReads known = exact;
    return known == null ? 0 : known.comparedPairs();
  }

  /// Rows of a part that do not count now.
  long deadRowsOf(HeldPart part) {
    if (!collapsesKeys()) {
      return 0;
    }
    try (TableView view = view(true, true)) {
      return part.part().info().rows() - visibleRows(view, part.part());
    }
  }

  private static long visibleRows(TableView view, Part part) {
    return view.parts().stream()
        .filter(visible -> visible.part() == part)
        .mapToLong(visible -> part.info().rows() - visible.dead().total())
        .sum();
  }

  /// Forgets what was found out under a definition that is no more.
  synchronized void forget() {
    ExactReads before = exact;
    exact = null;
    if (before != null) {
      before.close();
    }
  }

  /// Nothing is found ahead any more, and nothing kept.
  synchronized void end() {
    ended = true;
    if (exact != null) {
      exact.close();
    }
  }
}
