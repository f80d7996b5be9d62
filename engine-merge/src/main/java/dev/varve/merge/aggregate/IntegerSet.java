// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// A set of integers of at most eight bytes, in the form of the states of `groupBitmap`.
///
/// Members are longs as vectors give them: those of UInt64 above half its range are negative here,
/// and come in their order as longs.
public final class IntegerSet {
  private final DataType type;
  private final TreeSet<Long> members = new TreeSet<>();

  public IntegerSet(DataType type) {
    this.type = type;
  }

  /// @param state what `groupBitmap` or a set like this one wrote; no bytes are the empty set
  public static IntegerSet read(String function, MemorySegment state, DataType type) {
    IntegerSet set = new IntegerSet(type);
    if (state.byteSize() == 0) {
      return set;
    }
    StateReader reader = new StateReader(function, state, 1);
    int count = reader.readCount();
    for (int i = 0; i < count; i++) {
      set.members.add(HeapValue.read(reader, type).vector().getLong(0));
    }
    reader.end();
    return set;
  }

  /// The type of the integers in states of `groupBitmap` and of what combines such states.
  public static Optional<DataType> membersOf(DataType type) {
    if (!(type instanceof DataType.AggregateState state)
        || !state.function().startsWith("groupBitmap")) {
      return Optional.empty();
    }
    DataType argument = state.arguments().getFirst().unwrapped();
    return argument instanceof DataType.AggregateState
        ? membersOf(argument)
        : Optional.of(argument).filter(members -> members.physical().isLong());
  }

  /// The type of the members.
  public DataType type() {
    return type;
  }

  public TreeSet<Long> members() {
    return members;
  }

  /// The bytes, at least two: an empty set is told from the state of no rows.
  public byte[] serialize() {
    List<ByteBuffer> values = new ArrayList<>();
    for (long member : members) {
      values.add(ByteBuffer.wrap(HeapValue.little(member, type.width())));
    }
    values.sort(null);
    StateWriter writer = new StateWriter(1);
    writer.putVarint(values.size());
    values.forEach(value -> writer.putBlob(value.array()));
    return writer.bytes();
  }
}
