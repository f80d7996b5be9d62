// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.part.LogRange;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A piece of a log partition: rows, and keys that are deleted. Which of both counts for a key is
/// decided by their offsets.
///
/// @param rows the insertable columns
/// @param offsets of each row, ascending
/// @param deleted rows of the same columns of which only the sorting key counts; null for none
/// @param deletedOffsets as `offsets`, for `deleted`
/// @param source what the piece covers, records without a row included
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record LogRows(
    Batch rows, long[] offsets, Batch deleted, long[] deletedOffsets, LogRange source) {
  /// Rows and nothing else.
  public LogRows(Batch rows, long[] offsets, LogRange source) {
    this(rows, offsets, null, new long[0], source);
  }

  /// What lies at or behind an offset.
  LogRows from(long next, Scratch scratch) {
    int known = before(offsets, next);
    int deletedKnown = before(deletedOffsets, next);
    return new LogRows(
        tail(rows, known, scratch),
        Arrays.copyOfRange(offsets, known, offsets.length),
        deleted == null ? null : tail(deleted, deletedKnown, scratch),
        Arrays.copyOfRange(deletedOffsets, deletedKnown, deletedOffsets.length),
        new LogRange(source.partition(), Math.max(next, source.from()), source.to()));
  }

  private static int before(long[] offsets, long next) {
    int known = 0;
    while (known < offsets.length && offsets[known] < next) {
      known++;
    }
    return known;
  }

  private static Batch tail(Batch rows, int skip, Scratch scratch) {
    if (skip == 0) {
      return rows;
    }
    int count = rows.rows() - skip;
    List<Vector> columns = new ArrayList<>();
    for (Vector column : rows.columns()) {
      columns.add(VectorOps.slice(column, skip, count, scratch));
    }
    return new Batch(count, columns);
  }

  /// Rows that tell the columns, if there are any.
  Batch any() {
    return offsets.length > 0 || deleted == null ? rows : deleted;
  }

  boolean isEmpty() {
    return offsets.length == 0 && deletedOffsets.length == 0;
  }

  /// The offsets of rows, then of deleted keys.
  long[] allOffsets() {
    long[] all = Arrays.copyOf(offsets, offsets.length + deletedOffsets.length);
    System.arraycopy(deletedOffsets, 0, all, offsets.length, deletedOffsets.length);
    return all;
  }
}
