// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.ExactReads;
import dev.varve.merge.read.KeyMatches;
import dev.varve.merge.read.Resolution;
import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.merge.rule.MergeRule;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.Part;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableSnapshot;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// A DELETE or UPDATE under way, over the rows that count and were there when it began. Rows that
/// are inserted meanwhile are not touched; no merge touches the parts meanwhile. All it does
/// becomes durable and visible in one commit. One thread; closing without a commit changes nothing.
///
/// Under the rules that collapse keys, deleting a row deletes every stored row of its key, so that
/// no older one comes back: what is inserted later begins anew.
public final class TableMutation implements AutoCloseable {
  private final MergeTable table;
  private final EngineContext context;
  private final List<HeldPart> reserved;
  private final TableSnapshot snapshot;
  private final Resolution resolution;
  private final TableView view;
  private final List<RoaringBitmap> marked = new ArrayList<>();
  private final MutationLog.Entry entry;
  private final Runnable release;
  private BlockInsert rows;
  private boolean closed;

  /// @param reserved the parts it may change
  /// @param snapshot holds them
  /// @param reads null where every row counts that is not deleted
  /// @param entry what is shown of it
  /// @param release lets go of the reserved parts
  TableMutation(
      MergeTable table,
      EngineContext context,
      List<HeldPart> reserved,
      TableSnapshot snapshot,
      ExactReads reads,
      MutationLog.Entry entry,
      Runnable release) {
    this.table = table;
    this.context = context;
    this.reserved = reserved;
    this.snapshot = snapshot;
    this.entry = entry;
    this.release = release;
    this.resolution =
        reads == null
            ? TableViews.withoutDeleted(reserved)
            : reads.resolve(TableViews.parts(reserved), TableViews.deletedRows(reserved));
    this.view = TableViews.unowned(table.definition(), resolution.parts());
    resolution.parts().forEach(_ -> marked.add(new RoaringBitmap()));
  }

  /// What it works on. Stays open as long as the mutation.
  public TableView view() {
    return view;
  }

  /// Deletes a row.
  ///
  /// @param part the position of its part in the view
  /// @param row its number in the part
  public void delete(int part, int row) {
    marked.get(part).add(row);
  }

  /// Memory for who works on it.
  public Scratch newScratch() {
    return new Scratch(context.allocator());
  }

  /// Takes rows to insert in the same commit, as [TableInsert#write] does.
  public void insert(Batch batch) {
    if (rows == null) {
      rows = table.blockInsert();
    }
    rows.write(batch);
  }

  /// Rows marked so far.
  public long deleted() {
    return marked.stream().mapToLong(RoaringBitmap::getLongCardinality).sum();
  }

  /// Makes it durable and visible. Returns how many rows were deleted.
  public long commit() {
    long count = deleted();
    PartExchange exchange = new PartExchange(context, table.id());
    List<RoaringBitmap> gone = gone();
    for (int p = 0; p < reserved.size(); p++) {
      change(exchange, reserved.get(p), gone.get(p));
    }
    List<DiskPart> made = rows == null ? List.of() : rows.finish();
    made.forEach(exchange::add);
    if (!made.isEmpty()) {
      InsertCommit.describeSequences(table, made, exchange::also);
    }
    if (!exchange.isEmpty()) {
      table.exchange(exchange);
    }
    entry.done(count);
    return count;
  }

  private void change(PartExchange exchange, HeldPart part, RoaringBitmap rows) {
    if (rows.isEmpty()) {
      return;
    }
    if (part.deleted() != null) {
      rows.or(part.deleted());
    }
    rows.runOptimize();
    if (rows.getLongCardinality() == part.part().info().rows() && !outlivesDeletion()) {
      exchange.remove(part);
    } else {
      exchange.delete(part, rows);
    }
  }

  /// Whether deleted rows go on to beat rows of a lower version that come later: then a part of
  /// nothing else has to stay too, until a merge may drop them.
  private boolean outlivesDeletion() {
    return table.rule() instanceof MergeRule.Replacing replacing && replacing.version().isPresent();
  }

  /// The rows to delete of each reserved part.
  private List<RoaringBitmap> gone() {
    List<Part> parts = TableViews.parts(reserved);
    List<Part> visible = resolution.parts().stream().map(VisiblePart::part).toList();
    if (deleted() == 0) {
      return parts.stream().map(_ -> new RoaringBitmap()).toList();
    }
    if (table.rule().collapsesKeys() && (parts.size() > 1 || !visible.equals(parts))) {
      return new KeyMatches(table.shape().layout(), context.allocator())
          .find(visible, marked, parts);
    }
    List<RoaringBitmap> gone = new ArrayList<>();
    for (Part part : parts) {
      int at = visible.indexOf(part);
      gone.add(at < 0 ? new RoaringBitmap() : marked.get(at));
    }
    return gone;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    entry.ended();
    if (rows != null) {
      rows.close();
    }
    resolution.close();
    release.run();
    snapshot.release();
  }
}
