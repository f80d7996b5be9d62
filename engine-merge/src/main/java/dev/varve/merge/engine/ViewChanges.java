// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Changes of the views over tables, made while no rows come through them. Safe for threads.
final class ViewChanges {
  private final EngineContext context;
  private final TableRegistry tables;
  private final Supplier<ViewCompiler> views;

  ViewChanges(EngineContext context, TableRegistry tables, Supplier<ViewCompiler> views) {
    this.context = context;
    this.tables = tables;
    this.views = views;
  }

  /// The table whose inserts a view follows.
  MergeTable sourceOf(TableDefinition view) {
    TableName sourceName = views.get().source(view);
    MergeTable source = tables.get(sourceName);
    if (source == null) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE,
          "no table "
              + sourceName
              + " for the materialized view "
              + view.name()
              + " to follow"
              + tables.near(sourceName));
    }
    MergeTable stored = context.feeds().storedBehind(source);
    if (stored.definition().isView()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the materialized view "
              + view.name()
              + " cannot follow "
              + sourceName
              + ": nothing is inserted into a view; name the table that it reads");
    }
    return stored;
  }

  /// The tables whose rows reach others through views that a change of these names touches.
  List<MergeTable> followed(Collection<TableName> names) {
    Set<MergeTable> followed = new LinkedHashSet<>();
    for (TableName name : names) {
      MergeTable table = tables.get(name);
      if (table != null && table.definition().isView()) {
        context.feeds().source(table.definition()).ifPresent(followed::add);
      } else if (table != null) {
        List<MergeTable> connected = context.feeds().connected(table);
        followed.addAll(connected.size() > 1 ? connected : List.of());
      }
    }
    return List.copyOf(followed);
  }

  /// Runs a change of the views over tables while no rows come into them, with all rows of the log
  /// that did come in parts: what a replay brings must go through the views it went through.
  void whileNothingComes(List<MergeTable> sources, Runnable change) {
    context
        .feeds()
        .whileNothingComes(
            sources,
            () -> {
              sources.forEach(MergeTable::flush);
              change.run();
            });
  }
}
