// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `argMin(value, by)` and `argMax(value, by)`, and `argAndMin` and `argAndMax`, which give both;
/// rows where either is NULL are passed over. Where `by` ties, the least value stays, so that no
/// order of merges shows. Form 1: both as blobs.
final class ArgumentState implements AggregateState {
  private final String function;
  private final boolean greatest;
  private final boolean both;
  private final DataType type;
  private final DataType byType;
  private final boolean nullable;
  private HeapValue value;
  private HeapValue by;

  /// @param both whether the result is a tuple of the value and what it was chosen by
  ArgumentState(
      String function,
      boolean greatest,
      DataType type,
      DataType byType,
      boolean nullable,
      boolean both) {
    this.function = function;
    this.both = both;
    this.greatest = greatest;
    this.type = type;
    this.byType = byType;
    this.nullable = nullable;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    Vector values = arguments.get(0);
    Vector order = arguments.get(1);
    if (values.isNull(row) || order.isNull(row)) {
      return;
    }
    if (by != null && ValueOrder.isBetter(by.vector(), 0, order, row, greatest)) {
      return;
    }
    take(HeapValue.of(values, row, type), HeapValue.of(order, row, byType));
  }

  private void take(HeapValue otherValue, HeapValue otherBy) {
    boolean better =
        by == null || ValueOrder.isBetter(otherBy.vector(), 0, by.vector(), 0, greatest);
    boolean tied = by != null && otherBy.compareTo(by) == 0;
    if ((better && !tied) || (tied && otherValue.compareTo(value) < 0)) {
      value = otherValue;
      by = otherBy;
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(function, serialized, 1);
    HeapValue otherValue = HeapValue.read(reader, type);
    HeapValue otherBy = HeapValue.read(reader, byType);
    reader.end();
    take(otherValue, otherBy);
  }

  @Override
  public byte[] serialize() {
    if (value == null) {
      return new byte[0];
    }
    StateWriter writer = new StateWriter(1);
    value.write(writer);
    by.write(writer);
    return writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    if (value != null && both) {
      value.appendTo(to.child(0));
      by.appendTo(to.child(1));
      to.endStruct();
    } else if (value != null) {
      value.appendTo(to);
    } else if (nullable) {
      to.appendNull();
    } else {
      to.appendDefault();
    }
  }
}
