// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Where partitions and peers begin and end among sorted rows, and from that the frame of each row.
/// Ends are one past the last row.
final class WindowRows {
  /// Long loops look after so many rows, a power of two less one, whether the query is to end.
  static final int CHECKED = (1 << 16) - 1;

  final int rows;
  final int[] partitionStart;
  final int[] partitionEnd;
  final int[] peerStart;
  final int[] peerEnd;
  private final Batch batch;
  private final List<SortKey> order;
  private WindowRanges ranges;

  /// @param check called now and then; what it throws ends the work
  WindowRows(Batch batch, List<Integer> partition, List<SortKey> order, Runnable check) {
    this.batch = batch;
    this.order = order;
    this.rows = batch.rows();
    boolean[] newPartition = changes(partition, check);
    boolean[] newPeers = changes(order.stream().map(SortKey::column).toList(), check);
    for (int i = 0; i < rows; i++) {
      newPeers[i] |= newPartition[i];
    }
    check.run();
    partitionStart = starts(newPartition);
    partitionEnd = ends(newPartition);
    peerStart = starts(newPeers);
    peerEnd = ends(newPeers);
  }

  // Whether a row differs from the one before it in these columns.
  private boolean[] changes(List<Integer> columns, Runnable check) {
    boolean[] changes = new boolean[rows];
    if (rows > 0) {
      changes[0] = true;
    }
    if (columns.isEmpty()) {
      return changes;
    }
    List<Vector> vectors = columns.stream().map(batch::column).toList();
    EncodedKeys keys =
        KeyEncoder.ascending(vectors.stream().map(Vector::type).toList()).encodeAll(vectors, rows);
    check.run();
    for (int i = 1; i < rows; i++) {
      if ((i & CHECKED) == 0) {
        check.run();
      }
      changes[i] = keys.compare(i - 1, i) != 0;
    }
    return changes;
  }

  private static int[] starts(boolean[] changes) {
    int[] starts = new int[changes.length];
    int start = 0;
    for (int i = 0; i < changes.length; i++) {
      start = changes[i] ? i : start;
      starts[i] = start;
    }
    return starts;
  }

  private static int[] ends(boolean[] changes) {
    int[] ends = new int[changes.length];
    int end = changes.length;
    for (int i = changes.length - 1; i >= 0; i--) {
      ends[i] = end;
      end = changes[i] ? i : end;
    }
    return ends;
  }

  int frameStart(WindowFrame frame, int row) {
    return switch (frame.start()) {
      case WindowFrame.Edge.Unbounded _ -> partitionStart[row];
      case WindowFrame.Edge.Current _ -> frame.rows() ? row : peerStart[row];
      case WindowFrame.Edge.Before(long distance) when frame.rows() ->
          (int) Math.clamp(row - distance, partitionStart[row], partitionEnd[row]);
      case WindowFrame.Edge edge -> ranges().start(edge, row);
    };
  }

  int frameEnd(WindowFrame frame, int row) {
    return switch (frame.end()) {
      case WindowFrame.Edge.Unbounded _ -> partitionEnd[row];
      case WindowFrame.Edge.Current _ -> frame.rows() ? row + 1 : peerEnd[row];
      case WindowFrame.Edge.Before(long distance) when frame.rows() ->
          (int) Math.clamp(row - distance + 1, partitionStart[row], partitionEnd[row]);
      case WindowFrame.Edge edge -> ranges().end(edge, row);
    };
  }

  /// The rows of a frame as up to three pieces, `from` and `to` in turn; empty ones count too.
  int[] pieces(WindowFrame frame, int row) {
    int start = frameStart(frame, row);
    int end = Math.max(start, frameEnd(frame, row));
    return switch (frame.exclude()) {
      case NONE -> new int[] {start, end};
      case ROW -> around(start, end, row, row + 1, row, row);
      case GROUP -> around(start, end, peerStart[row], peerEnd[row], row, row);
      case TIES -> around(start, end, peerStart[row], peerEnd[row], row, row + 1);
    };
  }

  // The frame without `from` to `to`, but with what of it lies from `keep` to `keepEnd`.
  private static int[] around(int start, int end, int from, int to, int keep, int keepEnd) {
    int before = Math.clamp(from, start, end);
    int behind = Math.clamp(to, start, end);
    return new int[] {
      start,
      before,
      Math.clamp(keep, before, behind),
      Math.clamp(keepEnd, before, behind),
      behind,
      end
    };
  }

  private WindowRanges ranges() {
    if (ranges == null) {
      if (order.size() != 1) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "RANGE with a distance needs ORDER BY of one column, found " + order.size());
      }
      SortKey key = order.getFirst();
      ranges = new WindowRanges(batch.column(key.column()), key.descending(), this);
    }
    return ranges;
  }
}
