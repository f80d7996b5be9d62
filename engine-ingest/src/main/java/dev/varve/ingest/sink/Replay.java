// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.storage.vector.Batch;
import java.io.IOException;

/// Shows again, after a restart, what is in the log but not in durable parts. One thread.
public final class Replay {
  private final int partition;
  private final PartitionLog log;
  private final TableSink sink;
  private final ScratchPool pool;
  private LogPiece piece;
  private long rows;

  public Replay(int partition, PartitionLog log, TableSink sink, ScratchPool pool) {
    this.partition = partition;
    this.log = log;
    this.sink = sink;
    this.pool = pool;
  }

  /// Returns how many rows were shown.
  ///
  /// @throws dev.varve.ingest.record.RefusedException if a record does not fit the table any more
  public long run() throws IOException {
    long from = sink.durableOffsets().getOrDefault(partition, 0L);
    piece = new LogPiece(partition);
    try {
      log.replay(Math.max(from, log.startOffset()), (batch, _) -> add(batch, from));
      applyPiece();
    } finally {
      piece.close();
    }
    return rows;
  }

  private void add(byte[] batch, long from) {
    long base = BatchLayout.baseOffset(batch, 0);
    long end = base + BatchLayout.lastOffsetDelta(batch, 0) + 1;
    if (end <= from) {
      return;
    }
    DecodedRows decoded = sink.decodeAgain(batch, 0);
    if (piece.rows() > 0 && piece.rows() + decoded.rows().rows() > Batch.MAX_ROWS) {
      applyPiece();
    }
    piece.add(decoded, base, end);
  }

  private void applyPiece() {
    piece.applyTo(sink, pool);
    rows += piece.rows();
    piece.close();
    piece = new LogPiece(partition);
  }
}
