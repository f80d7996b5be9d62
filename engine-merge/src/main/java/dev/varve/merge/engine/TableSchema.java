// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The definition of a table as ALTER changes it, and the shape derived from it. Safe for threads.
///
/// Who reads definition and parts must see both from before a change or both from after it: such a
/// reader takes a [#stamp()] first and begins anew where it [does not hold][#holds] afterwards.
final class TableSchema {
  private static final int SHAPES_KEPT = 8;

  private final EngineContext context;
  private final Deque<TableShape> earlier = new ArrayDeque<>();
  private volatile TableDefinition definition;
  private volatile TableShape shape;
  private volatile int stamp; // odd while a change is half done

  TableSchema(EngineContext context, TableDefinition definition) {
    this.context = context;
    this.definition = definition;
  }

  TableDefinition definition() {
    return definition;
  }

  /// @throws VarveException BAD_ARGUMENTS for a view
  TableShape shape() {
    TableShape made = shape;
    return made == null ? makeShape() : made;
  }

  private synchronized TableShape makeShape() {
    TableShape made = shape;
    if (made == null) {
      if (definition.isView()) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            definition.name() + " is a view: it has no rows of its own, use the tables it reads");
      }
      made = TableShape.of(definition, context.compiler().get());
      shape = made;
    }
    return made;
  }

  /// The shape for rows of these columns: of a definition just before, where they were made for it.
  TableShape fitting(Batch rows) {
    TableShape now = shape();
    if (now.fits(rows)) {
      return now;
    }
    synchronized (this) {
      Optional<TableShape> made = earlier.stream().filter(one -> one.fits(rows)).findFirst();
      return made.orElse(now);
    }
  }

  /// Begins a change; [#taken] ends it, when the parts are seen by the new definition too.
  synchronized void take(Redefinition next) {
    stamp++;
    if (shape != null) {
      earlier.addFirst(shape);
    }
    while (earlier.size() > SHAPES_KEPT) {
      earlier.removeLast();
    }
    definition = next.definition();
    shape = next.shape();
  }

  synchronized void taken() {
    stamp++;
  }

  /// The table goes by another name; its parts are what they were.
  synchronized void rename(TableDefinition renamed) {
    definition = renamed;
    shape = null;
    stamp += 2;
  }

  /// Names the state between two changes. Waits while one is half done, which takes no time.
  int stamp() {
    int now = stamp;
    while ((now & 1) != 0) {
      Thread.onSpinWait();
      now = stamp;
    }
    return now;
  }

  boolean holds(int before) {
    return stamp == before;
  }
}
