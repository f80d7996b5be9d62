// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.Resolution;
import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A view of one state of a table. It pins the parts when it opens, and finds out which rows count
/// when it is asked; of a small range of keys only that.
final class OpenView implements TableView {
  /// A range with more than one row of so many is no small one.
  private static final int LEAST_SHARE = 4;

  private final TableDefinition definition;
  private final Sight sight;
  private final TableViews.Resolved resolved;
  private final List<Resolution> narrowed = new ArrayList<>();
  private Runnable release;

  /// @param release gives the parts back
  OpenView(
      TableDefinition definition, Sight sight, TableViews.Resolved resolved, Runnable release) {
    this.definition = definition;
    this.sight = sight;
    this.resolved = resolved;
    this.release = release;
  }

  @Override
  public TableDefinition definition() {
    return definition;
  }

  @Override
  public List<VisiblePart> parts() {
    return resolved.visible(sight);
  }

  /// Finds out which rows count, with breaks for those who wait for it.
  ///
  /// @param goesOn asked at each break; false to leave the rest to others
  void findAhead(BooleanSupplier goesOn) {
    if (sight.reads() != null && !resolved.isKnown()) {
      sight.reads().prepare(TableViews.parts(resolved.readable().parts()), goesOn);
    }
    if (goesOn.getAsBoolean()) {
      parts();
    }
  }

  @Override
  public List<VisiblePart> partsRoughly() {
    return resolved.isKnown() ? parts() : resolved.visible(Sight.raw(sight.skip()));
  }

  @Override
  public boolean isExact() {
    return sight.exact();
  }

  @Override
  public Optional<Stored> stored() {
    return sight.skip() || resolved.readable().unreadable().isEmpty()
        ? sight
            .combined()
            .map(columns ->
                new Stored(new OpenView(definition, Sight.raw(true), resolved, null), columns))
        : Optional.empty();
  }

  @Override
  public TableView within(KeyBounds range) {
    return sight.reads() == null || resolved.isKnown() || !isSmall(range)
        ? this
        : new Within(range);
  }

  private boolean isSmall(KeyBounds range) {
    long inRange = 0;
    long all = 0;
    for (HeldPart held : resolved.readable().parts()) {
      Part part = held.part();
      int from = part.index().from(range);
      int to = part.index().to(range);
      for (int g = from; g < to; g++) {
        inRange += part.granuleRows(g);
      }
      all += part.info().rows();
    }
    return inRange <= all / LEAST_SHARE;
  }

  private List<VisiblePart> find(KeyBounds range) {
    sight.wanted().run();
    Resolution found = sight.resolveWithin(range, resolved.readable().parts());
    synchronized (this) {
      if (release == null) {
        found.close();
        throw new IllegalStateException("a view was closed while it was read");
      }
      narrowed.add(found);
    }
    return resolved.shown(found.parts(), sight);
  }

  @Override
  public synchronized void close() {
    if (release != null) {
      narrowed.forEach(Resolution::close);
      narrowed.clear();
      release.run();
      release = null;
    }
  }

  /// The view to a reader of some keys.
  private final class Within implements TableView {
    private final KeyBounds range;
    private List<VisiblePart> parts;

    Within(KeyBounds range) {
      this.range = range;
    }

    @Override
    public TableDefinition definition() {
      return definition;
    }

    /// Stays what it was for the first who asked.
    @Override
    public synchronized List<VisiblePart> parts() {
      if (parts == null) {
        parts = resolved.isKnown() ? OpenView.this.parts() : find(range);
      }
      return parts;
    }

    @Override
    public List<VisiblePart> partsRoughly() {
      return OpenView.this.partsRoughly();
    }

    @Override
    public boolean isExact() {
      return true;
    }

    @Override
    public Optional<Stored> stored() {
      return OpenView.this.stored();
    }

    @Override
    public void close() {}
  }
}
