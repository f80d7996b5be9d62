// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.Arrays;
import java.util.List;

/// The value of a group's only row: what a subquery in the place of a value gives. A second row is
/// the user's error; a NULL is a row too.
final class SingleValueAccumulator implements Accumulator {
  private final ValueSlots values;
  private long[] rows = new long[16];

  SingleValueAccumulator(DataType type) {
    values = new ValueSlots(type);
  }

  @Override
  public void reserve(int groups) {
    values.reserve(groups);
    if (groups > rows.length) {
      rows = Arrays.copyOf(rows, Math.max(groups, rows.length * 2));
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int count, Scratch scratch) {
    for (int i = 0; i < count; i++) {
      values.set(groups[i], arguments.getFirst(), i);
      rows[groups[i]]++;
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int count, Scratch scratch) {
    if (count > 0) {
      values.set(0, arguments.getFirst(), count - 1);
      rows[0] += count;
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    SingleValueAccumulator that = (SingleValueAccumulator) other;
    for (int i = 0; i < count; i++) {
      if (that.rows[from[i]] > 0) {
        values.copy(to[i], that.values, from[i]);
        rows[to[i]] += that.rows[from[i]];
      }
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    for (int group = from; group < from + count; group++) {
      if (rows[group] > 1) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "a subquery in the place of a value gave "
                + rows[group]
                + " rows; add LIMIT 1 or an aggregate, or ask with IN");
      }
    }
    return values.results(from, count, scratch);
  }

  @Override
  public long heapBytes() {
    return values.heapBytes() + rows.length * 8L;
  }
}
