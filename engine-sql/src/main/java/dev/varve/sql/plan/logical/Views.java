// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import java.util.LinkedHashMap;
import java.util.Map;

/// One view of each table that a query reads, however often it names it. Closing gives the parts
/// back.
public final class Views implements AutoCloseable {
  private final boolean exact;
  private final boolean skipQuarantined;
  private final Map<MergeTable, TableView> views = new LinkedHashMap<>();

  public Views(boolean exact, boolean skipQuarantined) {
    this.exact = exact;
    this.skipQuarantined = skipQuarantined;
  }

  public TableView of(MergeTable table) {
    return views.computeIfAbsent(table, t -> t.view(exact, skipQuarantined));
  }

  @Override
  public void close() {
    views.values().forEach(TableView::close);
    views.clear();
  }
}
