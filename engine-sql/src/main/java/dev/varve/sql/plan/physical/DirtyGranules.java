// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.merge.read.VisiblePart;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.math.BigInteger;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Reads granules that have dead rows, one column at a time. One thread.
final class DirtyGranules implements AutoCloseable {
  private final BufferAllocator allocator;
  private Part part;
  private String column;
  private PartReader reader;

  DirtyGranules(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  private Vector read(VisiblePart visible, int granule, String wanted) {
    if (part != visible.part() || !wanted.equals(column)) {
      close();
      part = visible.part();
      column = wanted;
      reader = part.openCached(List.of(wanted), allocator);
    }
    reader.seek(granule);
    return reader.read(0);
  }

  private static boolean isAlive(long[] alive, int row) {
    return (alive[row >> 6] >>> row & 1) != 0;
  }

  /// Dead rows of a granule that are not NULL.
  long deadPresent(VisiblePart visible, int granule, String wanted) {
    Vector values = read(visible, granule, wanted);
    long[] alive = visible.dead().alive(granule);
    long count = 0;
    for (int row = 0; row < values.rows(); row++) {
      count += isAlive(alive, row) || values.isNull(row) ? 0 : 1;
    }
    return count;
  }

  /// What the dead rows of a granule add to its sum.
  BigInteger deadSum(VisiblePart visible, int granule, String wanted) {
    Vector values = read(visible, granule, wanted);
    long[] alive = visible.dead().alive(granule);
    BigInteger sum = BigInteger.ZERO;
    for (int row = 0; row < values.rows(); row++) {
      if (!isAlive(alive, row) && !values.isNull(row)) {
        sum = sum.add(integer(values, row));
      }
    }
    return sum;
  }

  private static BigInteger integer(Vector values, int row) {
    return switch (raw(values, row)) {
      case Long number when number < 0 && values.type().unwrapped().isUnsigned() ->
          new BigInteger(Long.toUnsignedString(number));
      case Long number -> BigInteger.valueOf(number);
      case BigInteger number -> number;
      default -> throw new IllegalStateException("no sum of " + values.type());
    };
  }

  /// The least or greatest value of the rows that count, or null where all of them are NULL.
  Object extreme(VisiblePart visible, int granule, String wanted, DataType type, boolean greatest) {
    Vector values = read(visible, granule, wanted);
    long[] alive = visible.dead().alive(granule);
    Object best = null;
    for (int row = 0; row < values.rows(); row++) {
      if (isAlive(alive, row) && !values.isNull(row)) {
        best = MetadataAnswers.better(best, raw(values, row), type, greatest);
      }
    }
    return best;
  }

  /// A value in the form in which bounds are kept.
  private static Object raw(Vector values, int row) {
    Vector base = values.base();
    int at = values.valueRow(row);
    return switch (base.physical()) {
      case INT8, INT16, INT32, INT64 -> base.getLong(at);
      case INT128, INT256 -> base.getInteger(at);
      default -> base.getBytes(at);
    };
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
