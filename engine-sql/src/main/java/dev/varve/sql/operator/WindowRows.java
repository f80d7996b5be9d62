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
  final int rows;
  final int[] partitionStart;
  final int[] partitionEnd;
  final int[] peerStart;
  final int[] peerEnd;
  private final Batch batch;
  private final List<SortKey> order;

  WindowRows(Batch batch, List<Integer> partition, List<SortKey> order) {
    this.batch = batch;
    this.order = order;
    this.rows = batch.rows();
    boolean[] newPartition = changes(partition);
    boolean[] newPeers = changes(order.stream().map(SortKey::column).toList());
    for (int i = 0; i < rows; i++) {
      newPeers[i] |= newPartition[i];
    }
    partitionStart = starts(newPartition);
    partitionEnd = ends(newPartition);
    peerStart = starts(newPeers);
    peerEnd = ends(newPeers);
  }

  // Whether a row differs from the one before it in these columns.
  private boolean[] changes(List<Integer> columns) {
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
    for (int i = 1; i < rows; i++) {
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
      case WindowFrame.Edge.Before(long distance) ->
          frame.rows()
              ? (int) Math.clamp(row - distance, partitionStart[row], partitionEnd[row])
              : rangeStart(row, distance);
    };
  }

  int frameEnd(WindowFrame frame, int row) {
    return switch (frame.end()) {
      case WindowFrame.Edge.Unbounded _ -> partitionEnd[row];
      case WindowFrame.Edge.Current _ -> frame.rows() ? row + 1 : peerEnd[row];
      case WindowFrame.Edge.Before(long distance) ->
          frame.rows()
              ? (int) Math.clamp(row - distance + 1, partitionStart[row], partitionEnd[row])
              : rangeEnd(row, distance);
    };
  }

  // The first row whose value is not more than `distance` before the row's own.
  private int rangeStart(int row, long distance) {
    if (orderColumn().isNull(row)) {
      return peerStart[row];
    }
    int at = distance >= 0 ? row : partitionEnd[row] - 1;
    while (at >= partitionStart[row] && !isNull(at) && before(at, row) <= distance) {
      at--;
    }
    return nullsAside(row, at + 1);
  }

  private int rangeEnd(int row, long distance) {
    if (orderColumn().isNull(row)) {
      return peerEnd[row];
    }
    int at = distance <= 0 ? row : partitionStart[row];
    while (at < partitionEnd[row] && (isNull(at) || before(at, row) >= distance)) {
      at++;
    }
    return at;
  }

  private int nullsAside(int row, int start) {
    int at = start;
    while (at < partitionEnd[row] && isNull(at)) {
      at++;
    }
    return at;
  }

  private boolean isNull(int row) {
    return orderColumn().isNull(row);
  }

  // How far a row's value lies before another's, in the direction of the order.
  private long before(int row, int other) {
    Vector column = orderColumn();
    long distance = Math.subtractExact(column.getLong(other), column.getLong(row));
    return order.getFirst().descending() ? -distance : distance;
  }

  private Vector orderColumn() {
    if (order.size() != 1 || !batch.column(order.getFirst().column()).physical().isLong()) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "RANGE with a distance needs ORDER BY of one whole number or date; use ROWS");
    }
    return batch.column(order.getFirst().column());
  }
}
