// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.storage.part.LogRange;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

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
    rows += batch.rows().rows();
    endOffset = end;
  }

  void applyTo(TableSink sink, ScratchPool pool) {
    if (decoded.isEmpty()) {
      return;
    }
    LogRange source = new LogRange(partition, baseOffsets.getFirst(), endOffset);
    if (decoded.size() == 1) {
      sink.apply(decoded.getFirst().rows(), offsets(), source);
      return;
    }
    Scratch scratch = pool.take();
    try {
      sink.apply(concat(scratch), offsets(), source);
    } finally {
      pool.giveBack(scratch);
    }
  }

  private long[] offsets() {
    long[] offsets = new long[rows];
    int at = 0;
    for (int i = 0; i < decoded.size(); i++) {
      long base = baseOffsets.get(i);
      for (int record : decoded.get(i).records()) {
        offsets[at++] = base + record;
      }
    }
    return offsets;
  }

  private Batch concat(Scratch scratch) {
    List<Vector> columns = new ArrayList<>();
    for (int c = 0; c < decoded.getFirst().rows().columns().size(); c++) {
      List<Vector> parts = new ArrayList<>(decoded.size());
      for (DecodedRows batch : decoded) {
        parts.add(batch.rows().column(c));
      }
      columns.add(VectorOps.concat(parts, scratch));
    }
    return new Batch(rows, columns);
  }

  /// Gives the memory of all rows back.
  void close() {
    decoded.forEach(DecodedRows::close);
  }
}
