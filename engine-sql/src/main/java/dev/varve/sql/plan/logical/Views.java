// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.storage.index.KeyBounds;
import java.util.LinkedHashMap;
import java.util.Map;

/// One view of each table that a query reads, however often it names it. Closing gives the parts
/// back.
public final class Views implements AutoCloseable {
  private final boolean exact;
  private final boolean skipQuarantined;
  private final Map<MergeTable, TableView> pinned;
  private final Map<MergeTable, TableView> views = new LinkedHashMap<>();

  /// @param pinned views of some tables that are the caller's, who closes them
  public Views(boolean exact, boolean skipQuarantined, Map<MergeTable, TableView> pinned) {
    this.exact = exact;
    this.skipQuarantined = skipQuarantined;
    this.pinned = Map.copyOf(pinned);
  }

  public TableView of(MergeTable table) {
    TableView held = pinned.get(table);
    return held != null ? held : views.computeIfAbsent(table, t -> t.view(exact, skipQuarantined));
  }

  /// The view of a table for a scan that wants keys of a range only.
  public TableView of(MergeTable table, KeyBounds keys) {
    TableView view = of(table);
    return pinned.containsKey(table) || keys.equals(KeyBounds.ALL) ? view : view.within(keys);
  }

  @Override
  public void close() {
    views.values().forEach(TableView::close);
    views.clear();
  }
}
