// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.util.Set;

/// Shows again, after a restart, what is in the log but not in durable parts. One thread.
public final class Replay {
  private final int partition;
  private final PartitionLog log;
  private final TableSink sink;
  private final DeadLetters deadLetters;
  private final boolean keepsBad;
  private final ScratchPool pool;
  private LogPiece piece;
  private Set<Long> dead;
  private long rows;

  /// @param keepsBad whether records that do not fit become dead letters
  public Replay(
      int partition,
      PartitionLog log,
      TableSink sink,
      DeadLetters deadLetters,
      boolean keepsBad,
      ScratchPool pool) {
    this.partition = partition;
    this.log = log;
    this.sink = sink;
    this.deadLetters = deadLetters;
    this.keepsBad = keepsBad || deadLetters.isUsed();
    this.pool = pool;
  }

  /// Returns how many rows were shown.
  ///
  /// @throws dev.varve.ingest.record.RefusedException if a record does not fit the table any more
  public long run() throws IOException {
    long from = sink.durableOffsets().getOrDefault(partition, 0L);
    dead = deadLetters.offsetsFrom(from);
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
    DecodedRows decoded =
        sink.decodeAgain(
            partition, batch, 0, record -> dead.contains(base + record), keepsBad);
    if (piece.rows() > 0 && piece.rows() + decoded.size() > Batch.MAX_ROWS) {
      applyPiece();
    }
    piece.add(decoded, base, end);
  }

  private void applyPiece() {
    deadLetters.add(piece.deadLetters());
    piece.applyTo(sink, pool);
    rows += piece.rows();
    piece.close();
    piece = new LogPiece(partition);
  }
}
