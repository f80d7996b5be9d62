// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// Passes on the rows whose last argument is true, without that argument.
final class IfAccumulator implements Accumulator {
  private final Accumulator inner;
  private int[] kept = new int[0];
  private int[] keptGroups = new int[0];

  IfAccumulator(Accumulator inner) {
    this.inner = inner;
  }

  /// The same condition over an inner aggregate that gives NULL where no row passed.
  IfAccumulator orNull() {
    return new IfAccumulator(new OrNullAccumulator(inner));
  }

  @Override
  public void reserve(int groups) {
    inner.reserve(groups);
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    int count = select(arguments.getLast(), rows);
    for (int i = 0; i < count; i++) {
      keptGroups[i] = groups[kept[i]];
    }
    inner.update(keptGroups, gathered(arguments, rows, count, scratch), count, scratch);
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    int count = select(arguments.getLast(), rows);
    inner.updateSingle(gathered(arguments, rows, count, scratch), count, scratch);
  }

  private int select(Vector condition, int rows) {
    if (kept.length < rows) {
      kept = new int[rows];
      keptGroups = new int[rows];
    }
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (!condition.isNull(i) && condition.getLong(i) != 0) {
        kept[count++] = i;
      }
    }
    return count;
  }

  private List<Vector> gathered(List<Vector> arguments, int rows, int count, Scratch scratch) {
    List<Vector> plain = arguments.subList(0, arguments.size() - 1);
    if (count == rows) {
      return plain;
    }
    List<Vector> gathered = new ArrayList<>(plain.size());
    for (Vector argument : plain) {
      gathered.add(VectorOps.gather(argument, kept, count, scratch));
    }
    return gathered;
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    inner.merge(((IfAccumulator) other).inner, from, to, count, scratch);
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    return inner.results(from, count, scratch);
  }

  @Override
  public long heapBytes() {
    return inner.heapBytes() + kept.length * 8L;
  }

  @Override
  public void close() {
    inner.close();
  }
}
