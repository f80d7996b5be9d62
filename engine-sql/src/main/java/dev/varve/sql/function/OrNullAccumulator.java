// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Remembers which groups had a row, and gives NULL for the others.
final class OrNullAccumulator implements Accumulator {
  private final Accumulator inner;
  private boolean[] seen = new boolean[16];

  OrNullAccumulator(Accumulator inner) {
    this.inner = inner;
  }

  @Override
  public void reserve(int groups) {
    inner.reserve(groups);
    if (groups > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(groups, seen.length * 2));
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    for (int i = 0; i < rows; i++) {
      seen[groups[i]] = true;
    }
    inner.update(groups, arguments, rows, scratch);
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    seen[0] |= rows > 0;
    inner.updateSingle(arguments, rows, scratch);
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    OrNullAccumulator that = (OrNullAccumulator) other;
    for (int i = 0; i < count; i++) {
      seen[to[i]] |= that.seen[from[i]];
    }
    inner.merge(that.inner, from, to, count, scratch);
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    Vector values = inner.results(from, count, scratch);
    boolean complete = true;
    for (int i = 0; i < count; i++) {
      complete &= seen[from + i];
    }
    if (complete) {
      return values.as(DataTypes.nullable(values.type()));
    }
    MemorySegment validity = scratch.allocateZeroed(Validity.bytes(count));
    for (int i = 0; i < count; i++) {
      if (seen[from + i]) {
        Validity.set(validity, i);
      }
    }
    Vector flat = VectorOps.flatten(values, scratch);
    return flat.withValidity(Validity.and(validity, flat.validity(), count, scratch))
        .as(DataTypes.nullable(values.type()));
  }

  @Override
  public long heapBytes() {
    return inner.heapBytes() + seen.length;
  }

  @Override
  public void close() {
    inner.close();
  }
}
