// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Batches;
import dev.varve.sql.spill.SpillFile;
import dev.varve.sql.spill.SpillReader;
import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Merges sorted files with one page of each in memory. A batch ends where a page does, as the next
/// page takes the memory of the one before. Deletes the files when closed.
final class RunMerge implements BatchSource {
  private final List<SpillFile> files;
  private final KeyEncoder encoder;
  private final Function<Batch, List<Vector>> keys;
  private final QueryContext context;
  private final Cursor[] cursors;
  private final Scratch scratch;
  // The runs that are not through, as a heap: the one with the least row first.
  private final int[] heap;
  private int open;
  private final int[] sources = new int[Batch.MAX_ROWS];
  private final int[] rows = new int[Batch.MAX_ROWS];

  RunMerge(
      List<SpillFile> files,
      KeyEncoder encoder,
      Function<Batch, List<Vector>> keys,
      QueryContext context) {
    this.files = files;
    this.encoder = encoder;
    this.keys = keys;
    this.context = context;
    this.scratch = context.newScratch();
    this.cursors = new Cursor[files.size()];
    this.heap = new int[files.size()];
    for (int i = 0; i < cursors.length; i++) {
      cursors[i] = new Cursor(files.get(i).reader(context.newScratch()));
      if (cursors[i].nextPage()) {
        heap[open++] = i;
      }
    }
    for (int i = open / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  /// Where a run stands.
  private final class Cursor {
    private final SpillReader reader;
    private Batch page;
    private EncodedKeys encoded;
    private long[] prefixes = new long[0];
    private int row;

    Cursor(SpillReader reader) {
      this.reader = reader;
    }

    boolean nextPage() {
      page = reader.next();
      row = 0;
      if (page == null) {
        encoded = null;
        return false;
      }
      List<Vector> columns = keys.apply(page);
      if (prefixes.length < page.rows()) {
        prefixes = new long[page.rows()];
      }
      encoder.prefixes(columns, page.rows(), prefixes);
      encoded = encoder.isPrefixExact() ? null : encoder.encodeAll(columns, page.rows());
      return true;
    }
  }

  private boolean isBefore(int a, int b) {
    Cursor left = cursors[a];
    Cursor right = cursors[b];
    int order = Long.compareUnsigned(left.prefixes[left.row], right.prefixes[right.row]);
    if (order == 0 && left.encoded != null) {
      order = left.encoded.compare(left.row, right.encoded, right.row);
    }
    return order < 0 || order == 0 && a < b;
  }

  private void sink(int from) {
    int at = from;
    int run = heap[at];
    while (2 * at + 1 < open) {
      int child = 2 * at + 1;
      if (child + 1 < open && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], run)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = run;
  }

  @Override
  public Batch next() {
    context.check();
    if (open == 0) {
      return null;
    }
    int count = 0;
    boolean pageEnds = false;
    while (count < Batch.MAX_ROWS && !pageEnds) {
      int run = heap[0];
      Cursor cursor = cursors[run];
      sources[count] = run;
      rows[count++] = cursor.row++;
      pageEnds = cursor.row == cursor.page.rows();
      if (!pageEnds) {
        sink(0);
      }
    }
    scratch.reset();
    Batch batch = gathered(count);
    if (pageEnds) {
      if (!cursors[heap[0]].nextPage()) {
        heap[0] = heap[--open];
      }
      if (open > 0) {
        sink(0);
      }
    }
    return batch;
  }

  /// The rows taken, first run by run, then put in their order.
  private Batch gathered(int count) {
    int[] starts = new int[cursors.length + 1];
    for (int i = 0; i < count; i++) {
      starts[sources[i] + 1]++;
    }
    for (int i = 0; i < cursors.length; i++) {
      starts[i + 1] += starts[i];
    }
    int[] byRun = new int[count];
    int[] place = new int[count];
    int[] filled = starts.clone();
    for (int i = 0; i < count; i++) {
      int at = filled[sources[i]]++;
      byRun[at] = rows[i];
      place[i] = at;
    }
    List<Batch> pieces = new ArrayList<>();
    for (int run = 0; run < cursors.length; run++) {
      int size = starts[run + 1] - starts[run];
      if (size > 0) {
        int[] selection = Arrays.copyOfRange(byRun, starts[run], starts[run + 1]);
        pieces.add(Batches.gather(cursors[run].page, selection, size, scratch));
      }
    }
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    List<Vector> columns = new ArrayList<>();
    for (int c = 0; c < pieces.getFirst().columns().size(); c++) {
      int column = c;
      Vector all = VectorOps.concat(pieces.stream().map(p -> p.column(column)).toList(), scratch);
      columns.add(VectorOps.gather(all, place, count, scratch));
    }
    return new Batch(count, columns);
  }

  @Override
  public void close() {
    for (Cursor cursor : cursors) {
      cursor.reader.close();
    }
    scratch.close();
    files.forEach(SpillFile::close);
  }
}
