// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.TreeSet;

/// `groupBitmapAnd`, `groupBitmapOr` and `groupBitmapXor`: what sets of integers, given as states
/// of `groupBitmap`, have in common, have together, or have an odd number of times. The result is
/// how many that are. Form 1: that of the set.
final class SetCombinationState implements AggregateState {
  private final String function;
  private final DataType type;
  private IntegerSet combined;

  /// @param type of the members
  SetCombinationState(String function, DataType type) {
    this.function = function;
    this.type = type;
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (!arguments.getFirst().isNull(row)) {
      take(IntegerSet.read(function, arguments.getFirst().getSegment(row), type));
    }
  }

  private void take(IntegerSet other) {
    if (combined == null) {
      combined = other;
      return;
    }
    TreeSet<Long> members = combined.members();
    switch (function) {
      case "groupBitmapAnd" -> members.retainAll(other.members());
      case "groupBitmapOr" -> members.addAll(other.members());
      default ->
          other
              .members()
              .forEach(member -> {
                if (!members.remove(member)) {
                  members.add(member);
                }
              });
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() > 0) {
      take(IntegerSet.read(function, serialized, type));
    }
  }

  @Override
  public byte[] serialize() {
    return combined == null ? new byte[0] : combined.serialize();
  }

  @Override
  public void result(VectorBuilder to) {
    to.appendLong(combined == null ? 0 : combined.members().size());
  }
}
