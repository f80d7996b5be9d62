// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/// Edges of frames by a distance of values: among the sorted values of a partition, the first that
/// is not before an edge and the one behind the last that is not past it.
///
/// Rows without a value are peers of each other, stand at one end of the partition, and are in no
/// other row's frame by distance.
final class WindowRanges {
  private final Vector column;
  private final DataType type;
  private final boolean descending;
  private final boolean unsigned;
  private final WindowRows rows;
  private int partition = -1;
  private int first;
  private int end;

  WindowRanges(Vector column, boolean descending, WindowRows rows) {
    this.column = column;
    this.type = column.type().unwrapped();
    this.descending = descending;
    this.unsigned = type.isUnsigned();
    this.rows = rows;
    if (!column.physical().isLong() && !(type instanceof DataType.Float)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "RANGE with a distance needs ORDER BY of a number, a date or a time, found "
              + column.type().name()
              + "; use ROWS");
    }
  }

  int start(WindowFrame.Edge edge, int row) {
    if (column.isNull(row)) {
      return rows.peerStart[row];
    }
    enter(row);
    return search(edge, row, false);
  }

  int end(WindowFrame.Edge edge, int row) {
    if (column.isNull(row)) {
      return rows.peerEnd[row];
    }
    enter(row);
    return search(edge, row, true);
  }

  /// Finds the rows of the partition that have a value.
  private void enter(int row) {
    if (rows.partitionStart[row] == partition) {
      return;
    }
    partition = rows.partitionStart[row];
    first = partition;
    end = rows.partitionEnd[row];
    while (first < end && column.isNull(first)) {
      first++;
    }
    while (end > first && column.isNull(end - 1)) {
      end--;
    }
  }

  // The first row whose value is not before the edge, or is past it.
  private int search(WindowFrame.Edge edge, int row, boolean past) {
    int low = first;
    int high = end;
    boolean floats = type instanceof DataType.Float;
    double wantedDouble = floats ? doubleEdge(edge, row) : 0;
    long wantedLong = floats ? 0 : longEdge(edge, row);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order =
          floats
              ? Double.compare(column.getDouble(middle), wantedDouble)
              : unsigned
                  ? Long.compareUnsigned(column.getLong(middle), wantedLong)
                  : Long.compare(column.getLong(middle), wantedLong);
      int inOrder = descending ? -order : order;
      if (inOrder < 0 || (past && inOrder == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private double doubleEdge(WindowFrame.Edge edge, int row) {
    double value = column.getDouble(row);
    return switch (edge) {
      case WindowFrame.Edge.BeforeBy(double distance) ->
          descending ? value + distance : value - distance;
      case WindowFrame.Edge.Before(long distance) ->
          descending ? value + distance : value - distance;
      default -> value;
    };
  }

  // Beyond what the type holds, the edge is its least or greatest value.
  private long longEdge(WindowFrame.Edge edge, int row) {
    long value = column.getLong(row);
    return switch (edge) {
      case WindowFrame.Edge.Before(long distance) ->
          minus(value, descending ? -distance : distance);
      case WindowFrame.Edge.MonthsBefore(long months) ->
          minusMonths(value, descending ? -months : months);
      default -> value;
    };
  }

  private long minus(long value, long distance) {
    long result = value - distance;
    if (unsigned) {
      boolean wrapped =
          distance > 0
              ? Long.compareUnsigned(result, value) > 0
              : Long.compareUnsigned(result, value) < 0;
      return wrapped ? (distance > 0 ? 0 : -1) : result;
    }
    boolean wrapped = ((value ^ distance) & (value ^ result)) < 0;
    return wrapped ? (distance > 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : result;
  }

  private long minusMonths(long value, long months) {
    return switch (type) {
      case DataType.Date _, DataType.Date32 _ ->
          Math.max(
              type.isUnsigned() ? 0 : Long.MIN_VALUE,
              LocalDate.ofEpochDay(value).minusMonths(months).toEpochDay());
      case DataType.DateTime(String zone) ->
          Math.max(0, at(Instant.ofEpochSecond(value), zone).minusMonths(months).toEpochSecond());
      case DataType.DateTime64(int precision, String zone) -> {
        long ticks = Math.powExact(10L, precision);
        long seconds = Math.floorDiv(value, ticks);
        yield at(Instant.ofEpochSecond(seconds), zone).minusMonths(months).toEpochSecond() * ticks
            + Math.floorMod(value, ticks);
      }
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "a distance of months needs ORDER BY of a date or a time, found " + type.name());
    };
  }

  private static ZonedDateTime at(Instant instant, String zone) {
    return instant.atZone(ZoneId.of(zone.isEmpty() ? "UTC" : zone));
  }
}
