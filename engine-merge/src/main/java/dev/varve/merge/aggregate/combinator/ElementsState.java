// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.HeapValue;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// `-Array`: takes every element of its arrays as a row. The form is the other state's.
final class ElementsState implements AggregateState {
  private final AggregateState inner;

  ElementsState(AggregateState inner) {
    this.inner = inner;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    Lists lists = Lists.of(arguments, row);
    for (int e = 0; e < lists.count(); e++) {
      inner.update(lists.elements(), lists.from() + e);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    inner.merge(serialized);
  }

  @Override
  public byte[] serialize() {
    return inner.serialize();
  }

  @Override
  public void result(VectorBuilder to) {
    inner.result(to);
  }

  /// The elements of one row's arrays side by side, from one place on.
  record Lists(List<Vector> elements, int from, int count) {
    static Lists of(List<Vector> arguments, int row) {
      Vector first = arguments.getFirst().base();
      int firstRow = arguments.getFirst().valueRow(row);
      int from = first.listFrom(firstRow);
      int count = first.listTo(firstRow) - from;
      if (arguments.size() == 1) {
        return new Lists(List.of(first.elements()), from, count);
      }
      List<Vector> elements = new ArrayList<>();
      for (Vector argument : arguments) {
        DataType type = argument.type().unwrapped();
        // A copy of the row's array, so that all begin at 0.
        Vector copy = HeapValue.of(argument, row, type).vector();
        if (copy.listTo(0) != count) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "arrays of one row differ in length: " + count + " and " + copy.listTo(0));
        }
        elements.add(copy.elements());
      }
      return new Lists(elements, 0, count);
    }
  }
}
