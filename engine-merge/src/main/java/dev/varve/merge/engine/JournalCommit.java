// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.journal.JournalEntry;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.RunBytes;
import dev.varve.storage.table.HeldPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The commit of few rows by the journal: they become runs in memory, the journal makes an entry of
/// them durable, and a flush brings them into parts. One thread.
final class JournalCommit implements AutoCloseable {
  private final EngineContext context;
  private final List<Rows> rows = new ArrayList<>();

  /// Rows of one table. Where they are shown, the runs are the table's.
  private record Rows(MergeTable table, List<MemoryPart> runs) {}

  JournalCommit(EngineContext context) {
    this.context = context;
  }

  /// Adds rows of a table; what hangs below another comes before it.
  ///
  /// @param first the first of the sequences taken for the block
  void add(MergeTable table, RowBlock block, long first) {
    List<MemoryPart> runs = table.writer().toMemory(block, sequences(block, first), List.of());
    for (Rows known : rows) {
      if (known.table == table) {
        known.runs.addAll(runs); // a flush must see all rows of an entry or none
        return;
      }
    }
    rows.add(new Rows(table, runs));
  }

  /// The sequence of each row of a block.
  static long[] sequences(RowBlock block, long first) {
    long[] sequences = new long[block.rows()];
    boolean one = block.sequences() == 1;
    Arrays.setAll(sequences, row -> one ? first : first + row);
    return sequences;
  }

  /// Makes the rows durable and visible.
  ///
  /// @param root the table that the notes are about
  void run(MergeTable root, CommitNotes notes) {
    List<JournalEntry.Rows> entry = new ArrayList<>();
    for (Rows one : rows) {
      boolean isRoot = one == rows.getLast();
      assert !isRoot || one.table == root;
      List<byte[]> runs = new ArrayList<>();
      for (MemoryPart run : one.runs) {
        runs.add(RunBytes.encode(run, context.allocator()));
      }
      entry.add(
          new JournalEntry.Rows(
              one.table.id(),
              isRoot ? notes.tokens() : List.of(),
              one.table.sequences().steps(),
              runs));
    }
    context.journal().commit(new JournalEntry(entry), number -> show(number, notes));
    rows.forEach(one -> one.table.tail().settleLater());
  }

  private void show(long number, CommitNotes notes) {
    for (Rows one : rows) {
      List<HeldPart> held = one.runs.stream().map(LogTail::hold).toList();
      one.runs.clear();
      boolean isRoot = one == rows.getLast();
      one.table.tail().showJournaled(held, number, isRoot ? notes.tokens() : List.of());
    }
  }

  /// Gives up what was not shown.
  @Override
  public void close() {
    rows.forEach(one -> one.runs.forEach(MemoryPart::close));
  }
}
