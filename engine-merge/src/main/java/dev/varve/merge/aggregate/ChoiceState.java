// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `min`, `max`, `any` and `anyLast`: one of the values, NULLs passed over. Form 1: the value, a
/// blob. NaN is neither the least nor the greatest of anything but NaN.
///
/// States of `any` and `anyLast` merge in the order they are given; the merge rule brings them in
/// insert order.
final class ChoiceState implements AggregateState {
  enum Choice {
    MIN,
    MAX,
    FIRST,
    LAST
  }

  private final String function;
  private final Choice choice;
  private final DataType type;
  private final boolean nullable;
  private HeapValue value;

  /// @param type the argument's type, without Nullable
  ChoiceState(String function, Choice choice, DataType type, boolean nullable) {
    this.function = function;
    this.choice = choice;
    this.type = type;
    this.nullable = nullable;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    Vector argument = arguments.getFirst();
    if (!argument.isNull(row) && isBetter(argument, row)) {
      value = HeapValue.of(argument, row, type);
    }
  }

  private boolean isBetter(Vector candidate, int row) {
    if (value == null) {
      return true;
    }
    return switch (choice) {
      case FIRST -> false;
      case LAST -> true;
      case MIN -> ValueOrder.isBetter(candidate, row, value.vector(), 0, false);
      case MAX -> ValueOrder.isBetter(candidate, row, value.vector(), 0, true);
    };
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    HeapValue other = HeapValue.read(reader, type);
    reader.end();
    if (isBetter(other.vector(), 0)) {
      value = other;
    }
  }

  @Override
  public byte[] serialize() {
    if (value == null) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    value.write(writer);
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    if (value != null) {
      value.appendTo(to);
    } else if (nullable) {
      to.appendNull();
    } else {
      to.appendDefault();
    }
  }
}
