// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.vector.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// An INSERT: rows gather in a block; a full block goes through the materialized views over the
/// table, then it is sorted and written by a worker while the next one fills. One thread calls.
///
/// An insert that a view makes is a child of the insert into its source, and committed with it.
final class BlockInsert implements TableInsert {
  /// A block is also full at this size, so that a table of long strings does not take the memory of
  /// a hundred tables.
  private static final long MAX_BLOCK_BYTES = 192L << 20;

  private static final int BLOCKS_UNDER_WAY = 2;

  private final MergeTable table;
  private final EngineContext context;
  private final TableShape shape;
  private final BlockWriter writer;
  private final List<MergeTable> path;
  private final boolean isJournaled;
  private final Deque<CompletableFuture<List<DiskPart>>> underWay = new ArrayDeque<>();
  private final List<DiskPart> written = new ArrayList<>();
  private List<Child> children;
  private RowBlock block;
  private RowBlock fed;
  private long stamp;
  private long rows;
  private int sequences;
  private boolean done;

  /// What a view makes of the rows goes into another table.
  private record Child(TableFeeds.Feed feed, BlockInsert insert) {}

  /// @param above the tables whose views lead to this insert, the nearest last
  /// @param isJournaled whether few rows may be committed by the journal
  BlockInsert(
      MergeTable table,
      EngineContext context,
      TableShape shape,
      BlockWriter writer,
      List<MergeTable> above,
      boolean isJournaled) {
    this.table = table;
    this.context = context;
    this.shape = shape;
    this.writer = writer;
    this.path = TableFeeds.extended(above, table);
    this.isJournaled = isJournaled;
  }

  @Override
  public void write(Batch batch) {
    if (done) {
      throw new IllegalStateException("rows for an insert that is over");
    }
    if (batch.rows() == 0) {
      return;
    }
    if (children == null) {
      openViews();
    }
    if (block == null) {
      block = new RowBlock(shape, context.allocator());
    }
    block.add(batch);
    rows += batch.rows();
    if (block.rows() >= context.settings().maxInsertBlockRows()
        || block.bytes() >= MAX_BLOCK_BYTES) {
      handOver();
    }
  }

  /// From here on until the end, no view over the table or below it comes or goes.
  private void openViews() {
    if (path.size() == 1) {
      stamp = table.feeding().readLock();
    }
    children = views();
    if (children.isEmpty() && table.definition().readsOutside()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "rows of table "
              + table.definition().name()
              + " go to materialized views over it, and there is none");
    }
  }

  private List<Child> views() {
    List<Child> opened = new ArrayList<>();
    for (TableFeeds.Feed feed : context.feeds().of(table)) {
      opened.add(new Child(feed, feed.target().insertBelow(path)));
    }
    return opened;
  }

  private void feed(RowBlock full) {
    if (fed == full) {
      return;
    }
    fed = full;
    for (Child child : children) {
      context.feeds().transform(table, child.feed(), full, child.insert()::write);
    }
  }

  private void handOver() {
    while (underWay.size() >= BLOCKS_UNDER_WAY) {
      written.addAll(await(underWay.removeFirst()));
    }
    table.awaitRoomForParts();
    feed(block);
    if (table.definition().forgetsRows()) {
      forget();
      return;
    }
    RowBlock full = block;
    block = null;
    long sequence = nextSequence(full);
    underWay.addLast(
        CompletableFuture.supplyAsync(() -> writeAndFree(full, sequence), context.workers()));
  }

  /// The views have seen the rows, and nothing else is to be done with them.
  private void forget() {
    block.close();
    block = null;
  }

  private long nextSequence(RowBlock full) {
    sequences++;
    return table.sequences().ofInsert(full.sequences());
  }

  private void end() {
    table.sequences().published(sequences);
    sequences = 0;
    if (stamp != 0) {
      table.feeding().unlockRead(stamp);
      stamp = 0;
    }
  }

  private List<DiskPart> writeAndFree(RowBlock full, long sequence) {
    try (full) {
      return writer.toDisk(full, sequence);
    }
  }

  @Override
  public long commit(CommitNotes notes) {
    if (done) {
      throw new IllegalStateException("an insert is committed once");
    }
    if (isSmall()) {
      table.joined().commit(this, notes);
      done = true;
    } else {
      commitAlone(rows == 0 ? notes.withoutTokens() : notes);
    }
    return rows;
  }

  /// Whether all rows are here still, and are so few that it is worth to wait for others.
  private boolean isSmall() {
    return path.size() == 1
        && block != null
        && block.rows() == rows
        && rows <= JoinedInserts.SMALL_ROWS
        && block.bytes() <= JoinedInserts.SMALL_BYTES
        && !table.definition().forgetsRows();
  }

  TableShape shape() {
    return shape;
  }

  int blockRows() {
    return block.rows();
  }

  long blockBytes() {
    return block.bytes();
  }

  /// One insert with the rows of several, whose blocks must live as long; it is they that keep
  /// views from coming and going.
  static BlockInsert joined(List<BlockInsert> inserts) {
    BlockInsert first = inserts.getFirst();
    BlockInsert joined =
        new BlockInsert(
            first.table,
            first.context,
            first.shape,
            first.writer,
            List.of(),
            inserts.stream().allMatch(insert -> insert.isJournaled));
    joined.children = joined.views();
    joined.block = new RowBlock(first.shape, first.context.allocator());
    for (BlockInsert insert : inserts) {
      joined.block.addAll(insert.block);
      joined.rows += insert.rows;
    }
    return joined;
  }

  /// Commits few rows: by the journal, or in parts.
  void commitSmall(CommitNotes notes) {
    boolean journals = isJournaled && !context.catalog().isShared();
    if (!journals || !notes.marks().isEmpty() || table.tail().isFull()) {
      commitAlone(notes);
      return;
    }
    List<BlockInsert> all = new ArrayList<>();
    feedBelow(all);
    if (all.stream().allMatch(insert -> insert.underWay.isEmpty() && insert.written.isEmpty())) {
      commitToJournal(all, notes);
    } else {
      commitAlone(notes); // a view made many rows of them
    }
  }

  /// Hands the rows through the views, and theirs through those below.
  private void feedBelow(List<BlockInsert> all) {
    all.add(this);
    if (block != null) {
      table.awaitRoomForParts();
      feed(block);
    }
    if (children != null) {
      children.forEach(child -> child.insert().feedBelow(all));
    }
  }

  private void commitToJournal(List<BlockInsert> all, CommitNotes notes) {
    try (JournalCommit commit = new JournalCommit(context)) {
      for (BlockInsert insert : all.reversed()) { // what hangs below becomes visible first
        if (insert.block != null && !insert.table.definition().forgetsRows()) {
          commit.add(insert.table, insert.block, insert.nextSequence(insert.block));
          insert.table.flushDerived();
        }
      }
      commit.run(table, notes);
    }
    for (BlockInsert insert : all) {
      insert.done = true;
      insert.end();
    }
  }

  void commitAlone(CommitNotes notes) {
    List<BlockInsert> all = new ArrayList<>();
    complete(all);
    Map<MergeTable, List<DiskPart>> parts = new LinkedHashMap<>();
    for (BlockInsert insert : all.reversed()) { // what hangs below becomes visible first
      if (!insert.written.isEmpty()) {
        insert.table.flushDerived();
        parts.computeIfAbsent(insert.table, t -> new ArrayList<>()).addAll(insert.written);
      }
    }
    for (BlockInsert insert : all) {
      insert.done = true;
      insert.written.clear(); // from here on they are the table's, whatever comes of it
    }
    if (!parts.isEmpty() || !notes.isEmpty()) {
      InsertCommit.run(context, parts, table, notes);
    }
    all.forEach(BlockInsert::end);
  }

  /// The parts of all rows, durable and not yet committed; they are the caller's from here on, who
  /// closes the insert when they are visible.
  List<DiskPart> finish() {
    table.flushDerived();
    complete(new ArrayList<>());
    done = true;
    List<DiskPart> parts = List.copyOf(written);
    written.clear();
    return parts;
  }

  /// Rows that no view sees: they stand for rows that it has seen.
  BlockInsert withoutViews() {
    children = List.of();
    return this;
  }

  /// Writes what is left of this insert, then of those below it.
  private void complete(List<BlockInsert> all) {
    all.add(this);
    if (block != null && table.definition().forgetsRows()) {
      feed(block);
      forget();
    } else if (block != null && !underWay.isEmpty()) {
      handOver();
    } else if (block != null) {
      // The whole insert is one block: not worth a hand-over to another thread.
      table.awaitRoomForParts();
      feed(block);
      RowBlock only = block;
      block = null;
      written.addAll(writeAndFree(only, nextSequence(only)));
    }
    while (!underWay.isEmpty()) {
      written.addAll(await(underWay.removeFirst()));
    }
    if (children != null) {
      children.forEach(child -> child.insert().complete(all));
    }
  }

  private static List<DiskPart> await(CompletableFuture<List<DiskPart>> future) {
    try {
      return future.join();
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case RuntimeException error -> throw error;
        case Error error -> throw error;
        default -> throw failed;
      }
    }
  }

  @Override
  public void close() {
    done = true;
    if (children != null) {
      children.forEach(child -> child.insert().close());
    }
    if (block != null) {
      block.close();
      block = null;
    }
    while (!underWay.isEmpty()) {
      CompletableFuture<List<DiskPart>> future = underWay.removeFirst();
      // A block that failed left nothing behind, and its error reached the caller or does not
      // matter any more: the insert is given up.
      List<DiskPart> parts = future.handle((made, failed) -> made).join();
      written.addAll(parts == null ? List.of() : parts);
    }
    writer.discard(written);
    written.clear();
    end();
  }
}
