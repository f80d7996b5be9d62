// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.engine.TableFeeds.Feed;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.table.HeldPart;
import java.util.ArrayList;
import java.util.List;

/// What materialized views make of one piece of the log: blocks for other tables, then runs in
/// memory that become visible together with the rows of the piece. One thread.
///
/// The log makes these rows durable until a flush does: a replay makes them again. So they are
/// flushed only together with the offsets of the piece, see [TailFlush].
final class DerivedRuns implements AutoCloseable {
  /// Rows for a table below.
  private record Derived(MergeTable table, RowBlock block) {}

  private final EngineContext context;
  private final List<Derived> derived = new ArrayList<>();

  DerivedRuns(EngineContext context) {
    this.context = context;
  }

  /// Hands rows through the views over a table, and what comes out through those below.
  void take(MergeTable table, RowBlock block, List<MergeTable> above) {
    List<MergeTable> path = TableFeeds.extended(above, table);
    for (Feed feed : context.feeds().of(table)) {
      RowBlock below = new RowBlock(feed.target().shape(), context.allocator());
      derived.add(new Derived(feed.target(), below));
      context
          .feeds()
          .transform(
              table,
              feed,
              block,
              rows -> {
                if (rows.rows() > 0) {
                  below.add(rows);
                }
              });
      if (below.rows() > 0) {
        take(feed.target(), below, path);
      }
    }
  }

  boolean isEmpty() {
    return derived.stream().allMatch(d -> d.block().rows() == 0);
  }

  /// Gives the rows their sequences and shows them. The caller holds [TableFeeds#publishing].
  void publish() {
    List<List<HeldPart>> runs = new ArrayList<>();
    int sequenced = 0;
    try {
      for (Derived rows : derived) {
        sequenced++;
        runs.add(runs(rows));
      }
      for (int i = 0; i < derived.size(); i++) {
        derived.get(i).table().tail().adopt(runs.get(i));
      }
      runs.clear();
    } finally {
      runs.forEach(list -> list.forEach(run -> ((MemoryPart) run.part()).close()));
      for (Derived rows : derived.subList(0, sequenced)) {
        rows.table().sequences().published(rows.block().rows() == 0 ? 0 : 1);
      }
    }
  }

  private static List<HeldPart> runs(Derived rows) {
    RowBlock block = rows.block();
    if (block.rows() == 0) {
      return List.of();
    }
    long first = rows.table().sequences().ofInsert(block.sequences());
    long[] sequences = JournalCommit.sequences(block, first);
    return rows.table().writer().toMemory(block, sequences, List.of()).stream()
        .map(LogTail::hold)
        .toList();
  }

  /// Flushes are due for the tables that got rows.
  void scheduleFlushes() {
    derived.forEach(rows -> rows.table().tail().settle());
  }

  @Override
  public void close() {
    derived.forEach(rows -> rows.block().close());
  }
}
