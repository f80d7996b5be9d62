// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.log.AbortedTransaction;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// Shows what is in the log and not in the table: after a restart what is not in durable parts, and
/// rows of transactions once their fate is known. Rows of aborted ones never. One thread at a time.
public final class Replay {
  private final int partition;
  private final PartitionLog log;
  private final TableSink sink;
  private final DeadLetters deadLetters;
  private final boolean keepsBad;
  private final ScratchPool pool;
  private LogPiece piece;
  private Set<Long> dead;
  private List<AbortedTransaction> aborted;
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
    return run(sink.durableOffsets().getOrDefault(partition, 0L), log.lastStableOffset());
  }

  /// As [#run()], for the records from one offset to another, at which no transaction is open.
  long run(long from, long to) throws IOException {
    rows = 0;
    dead = deadLetters.offsetsFrom(from);
    aborted = log.aborted(from, to);
    piece = new LogPiece(partition);
    try {
      log.replay(Math.max(from, log.startOffset()), to, (batch, _) -> add(batch, from));
      piece.extendTo(to);
      applyPiece();
    } finally {
      piece.close();
    }
    return rows;
  }

  private void add(byte[] batch, long from) {
    long base = BatchLayout.baseOffset(batch, 0);
    long end = base + BatchLayout.lastOffsetDelta(batch, 0) + 1;
    if (end <= from || isLeftOut(batch, base)) {
      return;
    }
    DecodedRows decoded =
        sink.decodeAgain(partition, batch, 0, record -> dead.contains(base + record), keepsBad);
    if (piece.rows() > 0 && piece.rows() + decoded.size() > Batch.MAX_ROWS) {
      applyPiece();
    }
    piece.add(decoded, base, end);
  }

  private boolean isLeftOut(byte[] batch, long base) {
    if (!BatchLayout.isTransactional(batch, 0)) {
      return BatchLayout.isControl(batch, 0);
    }
    long producer = BatchLayout.producerId(batch, 0);
    return BatchLayout.isControl(batch, 0)
        || aborted.stream().anyMatch(each -> each.covers(producer, base));
  }

  private void applyPiece() {
    deadLetters.add(piece.deadLetters());
    piece.applyTo(sink, pool);
    rows += piece.rows();
    piece.close();
    piece = new LogPiece(partition);
  }
}
