// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// The rows of a [Window], a number of whole partitions at a time: sorted input is collected until
/// a piece is large enough, and cut where its last partition begins. That one opens the next piece.
final class WindowPieces implements BatchSource {
  /// A piece of so many rows is worth the arrays that are made for it.
  private static final int PIECE_ROWS = 1 << 18;

  private static final long PIECE_BYTES = 16L << 20;

  private final Window window;
  private final BatchSource input;
  private final QueryContext context;
  private final KeyEncoder encoder;
  private RowStore waiting;
  private WindowSource piece;
  private byte[] lastKey;
  private boolean ended;

  WindowPieces(Window window, BatchSource input, QueryContext context) {
    this.window = window;
    this.input = input;
    this.context = context;
    this.encoder =
        KeyEncoder.ascending(
            window.partition().stream().map(c -> window.input().types().get(c)).toList());
    this.waiting = newStore();
  }

  private RowStore newStore() {
    return new RowStore(window.input().types(), context);
  }

  @Override
  public Batch next() {
    while (true) {
      context.check();
      if (piece != null) {
        Batch batch = piece.next();
        if (batch != null) {
          return batch;
        }
        piece.close();
        piece = null;
      }
      if (ended && waiting.rows() == 0) {
        return null;
      }
      collect();
      if (piece == null && !ended) {
        continue;
      }
      if (piece == null) {
        RowStore rest = waiting;
        waiting = newStore();
        piece = rest.rows() == 0 ? null : new WindowSource(window, rest, context);
      }
    }
  }

  /// Takes input until a piece of whole partitions is there, or the input ends.
  private void collect() {
    while (!ended) {
      context.check();
      Batch batch = input.next();
      if (batch == null) {
        ended = true;
        return;
      }
      if (batch.rows() == 0) {
        continue;
      }
      boolean large =
          waiting.rows() >= PIECE_ROWS
              || waiting.bytes() >= PIECE_BYTES
              || waiting.rows() > 0 && context.memory().mustSpillSort(waiting.bytes(), 1);
      int cut = window.partition().isEmpty() ? -1 : lastPartition(batch, large);
      if (cut < 0) {
        waiting.add(batch);
        continue;
      }
      try (Scratch scratch = new Scratch(context.allocator())) {
        if (cut > 0) {
          waiting.add(slice(batch, 0, cut, scratch));
        }
        RowStore whole = waiting;
        waiting = newStore();
        waiting.add(slice(batch, cut, batch.rows() - cut, scratch));
        piece = new WindowSource(window, whole, context);
      }
      return;
    }
  }

  /// Where the last partition of a batch begins, -1 where nothing is to be cut.
  private int lastPartition(Batch batch, boolean large) {
    if (!large) {
      lastKey = null;
      return -1;
    }
    int rows = batch.rows();
    List<Vector> columns = window.partition().stream().map(batch::column).toList();
    EncodedKeys keys = encoder.encodeAll(columns, rows);
    int start = rows - 1;
    while (start > 0 && keys.compare(start - 1, start) == 0) {
      start--;
    }
    boolean begins = start > 0 || lastKey != null && keys.compare(0, lastKey) != 0;
    lastKey = keys.key(rows - 1);
    return begins ? start : -1;
  }

  private static Batch slice(Batch batch, int from, int count, Scratch scratch) {
    List<Vector> columns = new ArrayList<>(batch.columns().size());
    for (Vector column : batch.columns()) {
      columns.add(VectorOps.slice(column, from, count, scratch));
    }
    return new Batch(count, columns);
  }

  @Override
  public void close() {
    if (piece != null) {
      piece.close();
    }
    waiting.close();
    input.close();
  }
}
