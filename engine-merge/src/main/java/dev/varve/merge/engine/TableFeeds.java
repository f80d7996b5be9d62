// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.vector.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which tables feed which others through materialized views. Safe for threads.
///
/// It asks the tables that are there each time, so that no change of a definition can leave it
/// behind.
final class TableFeeds {
  /// How the names of tables begin that materialized views make for themselves.
  static final String INNER = ".inner";

  private final Supplier<Collection<MergeTable>> tables;
  private final Function<TableName, MergeTable> finder;
  private final Supplier<ViewCompiler> compiler;
  private final ReentrantLock publishing = new ReentrantLock();

  /// @param finder gives null for a name without a table
  TableFeeds(
      Supplier<Collection<MergeTable>> tables,
      Function<TableName, MergeTable> finder,
      Supplier<ViewCompiler> compiler) {
    this.tables = tables;
    this.finder = finder;
    this.compiler = compiler;
  }

  /// A view over a table that inserts reach.
  record Feed(TableDefinition view, MergeTable target) {}

  /// Held while rows that a view made of log rows become visible, and while a flush notes which
  /// rows there are: so a flush sees a log row and what views made of it, or neither.
  ReentrantLock publishing() {
    return publishing;
  }

  /// The views over a table, by name.
  ///
  /// @throws VarveException UNKNOWN_TABLE if one of them has lost its target
  List<Feed> of(MergeTable source) {
    List<Feed> feeds = new ArrayList<>();
    for (MergeTable view : tables.get()) {
      TableDefinition definition = view.definition();
      if (definition.isMaterializedView() && source(definition).orElse(null) == source) {
        feeds.add(new Feed(definition, target(definition)));
      }
    }
    feeds.sort(Comparator.comparing(feed -> feed.view().name().toString()));
    return feeds;
  }

  /// Whether there is a view over the table.
  boolean isSource(MergeTable table) {
    for (MergeTable view : tables.get()) {
      TableDefinition definition = view.definition();
      if (definition.isMaterializedView() && source(definition).orElse(null) == table) {
        return true;
      }
    }
    return false;
  }

  /// The table whose rows a materialized view follows, if it is one and the table is there.
  Optional<MergeTable> source(TableDefinition view) {
    if (!view.isMaterializedView()) {
      return Optional.empty();
    }
    MergeTable source = finder.apply(compiler().source(view));
    return source != null && source.definition().isMaterializedView()
        ? Optional.ofNullable(targetIfThere(source.definition()))
        : Optional.ofNullable(source);
  }

  /// The table itself; of a materialized view the one that keeps its rows.
  MergeTable storedBehind(MergeTable table) {
    return table.definition().isMaterializedView() ? target(table.definition()) : table;
  }

  /// The table that a materialized view made for itself.
  Optional<MergeTable> innerTable(TableDefinition view) {
    return view.target()
        .filter(name -> name.table().startsWith(INNER))
        .map(finder)
        .filter(table -> view.isMaterializedView());
  }

  private ViewCompiler compiler() {
    ViewCompiler plugged = compiler.get();
    if (plugged == null) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "materialized views need a compiler for queries, and none is plugged in");
    }
    return plugged;
  }

  /// The table in which a materialized view keeps its rows.
  ///
  /// @throws VarveException UNKNOWN_TABLE
  MergeTable target(TableDefinition view) {
    MergeTable target = targetIfThere(view);
    if (target == null) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TABLE,
          "the materialized view "
              + view.name()
              + " keeps its rows in table "
              + view.target().orElseThrow()
              + ", which is not there; make it again or drop the view");
    }
    return target;
  }

  private MergeTable targetIfThere(TableDefinition view) {
    MergeTable target = finder.apply(view.target().orElseThrow());
    return target != null && target.definition().isMaterializedView()
        ? targetIfThere(target.definition())
        : target;
  }

  /// Hands the rows of a block through one view.
  ///
  /// @throws VarveException whatever the query says, with the name of the view
  void transform(MergeTable source, Feed feed, RowBlock block, Consumer<Batch> sink) {
    List<ColumnDefinition> columns = block.shape().layout().columns();
    ViewCompiler.Block rows =
        new ViewCompiler.Block(
            feed.view(),
            source.definition(),
            columns.subList(0, block.storedColumns()),
            block.batches());
    try {
      compiler().transform(rows, feed.target(), sink);
    } catch (VarveException failed) {
      throw new VarveException(
          failed.code(),
          "the materialized view "
              + feed.view().name()
              + " cannot take rows of "
              + source.definition().name()
              + ": "
              + failed.getMessage(),
          failed);
    }
  }

  /// Refuses a chain of views that comes back to where it began.
  ///
  /// @param path the tables above, the nearest last
  static List<MergeTable> extended(List<MergeTable> path, MergeTable table) {
    List<MergeTable> longer = new ArrayList<>(path);
    longer.add(table);
    if (path.contains(table)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "materialized views feed each other in a circle: "
              + longer.stream().map(t -> t.definition().name().toString()).toList()
              + "; drop one of them");
    }
    return longer;
  }

  /// The table and all that views connect with it, in either direction, by number.
  List<MergeTable> connected(MergeTable table) {
    return walk(table, true, true);
  }

  /// The table and all whose rows reach it through views, by number.
  List<MergeTable> above(MergeTable table) {
    return walk(table, true, false);
  }

  /// Runs something while no rows come into these tables, by themselves or through views.
  void whileNothingComes(List<MergeTable> into, Runnable work) {
    TreeMap<Long, MergeTable> above = new TreeMap<>();
    into.forEach(table -> above(table).forEach(one -> above.put(one.id(), one)));
    Map<MergeTable, Long> stamps = new LinkedHashMap<>();
    try {
      for (MergeTable table : above.values()) { // by number: two of these never wait in a circle
        stamps.put(table, table.feeding().writeLock());
      }
      work.run();
    } finally {
      stamps.forEach((table, stamp) -> table.feeding().unlockWrite(stamp));
    }
  }

  private List<MergeTable> walk(MergeTable from, boolean up, boolean down) {
    List<TableDefinition> views =
        tables.get().stream()
            .map(MergeTable::definition)
            .filter(TableDefinition::isMaterializedView)
            .toList();
    Set<MergeTable> reached = new HashSet<>(Set.of(from));
    Deque<MergeTable> open = new ArrayDeque<>(List.of(from));
    while (!views.isEmpty() && !open.isEmpty()) {
      MergeTable table = open.removeFirst();
      for (TableDefinition view : views) {
        MergeTable source = source(view).orElse(null);
        MergeTable target = targetIfThere(view);
        if (source == null || target == null) {
          continue;
        }
        if (down && source == table && reached.add(target)) {
          open.add(target);
        }
        if (up && target == table && reached.add(source)) {
          open.add(source);
        }
      }
    }
    return reached.stream().sorted(Comparator.comparingLong(MergeTable::id)).toList();
  }
}
