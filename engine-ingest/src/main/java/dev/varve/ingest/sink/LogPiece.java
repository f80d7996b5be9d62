// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.merge.engine.LogRows;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Rows of neighbouring batches of a partition, to be shown as one. One thread; it does not own the
/// rows.
final class LogPiece {
  private final int partition;
  private final List<DecodedRows> decoded = new ArrayList<>();
  private final List<Long> baseOffsets = new ArrayList<>();
  private int rows;
  private long endOffset;

  LogPiece(int partition) {
    this.partition = partition;
  }

  int rows() {
    return rows;
  }

  void add(DecodedRows batch, long baseOffset, long end) {
    decoded.add(batch);
    baseOffsets.add(baseOffset);
    rows += batch.size();
    endOffset = end;
  }

  /// Covers records up to this offset that have no rows.
  void extendTo(long end) {
    endOffset = Math.max(endOffset, end);
  }

  /// The records that did not fit, at their offsets.
  List<DeadLetter> deadLetters() {
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < decoded.size(); i++) {
      for (DeadLetter letter : decoded.get(i).deadLetters()) {
        letters.add(letter.at(baseOffsets.get(i)));
      }
    }
    return letters;
  }

  void applyTo(TableSink sink, ScratchPool pool) {
    if (decoded.isEmpty()) {
      if (endOffset > 0) {
        LogRange nothing = new LogRange(partition, endOffset, endOffset);
        sink.apply(new LogRows(null, new long[0], nothing));
      }
      return;
    }
    LogRange source = new LogRange(partition, baseOffsets.getFirst(), endOffset);
    Scratch scratch = pool.take();
    try {
      sink.apply(
          new LogRows(
              concat(DecodedRows::rows, scratch),
              offsets(DecodedRows::records),
              concat(DecodedRows::deleted, scratch),
              offsets(DecodedRows::deletedRecords),
              source));
    } finally {
      pool.giveBack(scratch);
    }
  }

  private long[] offsets(Function<DecodedRows, int[]> records) {
    int count = 0;
    for (DecodedRows batch : decoded) {
      count += records.apply(batch).length;
    }
    long[] offsets = new long[count];
    int at = 0;
    for (int i = 0; i < decoded.size(); i++) {
      long base = baseOffsets.get(i);
      for (int record : records.apply(decoded.get(i))) {
        offsets[at++] = base + record;
      }
    }
    return offsets;
  }

  private Batch concat(Function<DecodedRows, Batch> part, Scratch scratch) {
    List<Batch> batches =
        decoded.stream().map(part).filter(batch -> batch != null && batch.rows() > 0).toList();
    if (batches.size() <= 1) {
      return batches.isEmpty() ? part.apply(decoded.getFirst()) : batches.getFirst();
    }
    List<Vector> columns = new ArrayList<>();
    for (int c = 0; c < batches.getFirst().columns().size(); c++) {
      List<Vector> parts = new ArrayList<>(batches.size());
      for (Batch batch : batches) {
        parts.add(batch.column(c));
      }
      columns.add(VectorOps.concat(parts, scratch));
    }
    return new Batch(batches.stream().mapToInt(Batch::rows).sum(), columns);
  }

  /// Gives the memory of all rows back.
  void close() {
    decoded.forEach(DecodedRows::close);
  }
}
