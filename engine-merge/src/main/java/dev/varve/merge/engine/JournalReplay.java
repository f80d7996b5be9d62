// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.journal.JournalEntry;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.RunBytes;
import dev.varve.storage.table.HeldPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/// Shows again what the journal holds and no part does, when an engine is opened. One thread.
final class JournalReplay {
  private final EngineContext context;
  private final LongFunction<MergeTable> tables;

  /// @param tables gives null for a number of no table
  JournalReplay(EngineContext context, LongFunction<MergeTable> tables) {
    this.context = context;
    this.tables = tables;
  }

  void run() {
    context.journal().recover(this::show);
  }

  private void show(Path path, long number, JournalEntry entry) {
    for (JournalEntry.Rows rows : entry.rows()) {
      MergeTable table = tables.apply(rows.table());
      if (table != null && number >= table.tail().durableEntries()) {
        show(table, path, number, rows);
      }
    }
  }

  private void show(MergeTable table, Path path, long number, JournalEntry.Rows rows) {
    List<HeldPart> runs = new ArrayList<>();
    try {
      for (byte[] bytes : rows.runs()) {
        long id = context.catalog().newPartId();
        MemoryPart run = RunBytes.decode(path, bytes, id, table.id(), context.allocator());
        runs.add(LogTail.hold(run));
        table.sequences().restore(run.info().sequences().last(), rows.steps());
      }
      table.tail().showJournaled(runs, number, rows.tokens());
    } catch (RuntimeException | Error failed) {
      runs.forEach(HeldPart::letGo);
      throw failed;
    }
  }
}
