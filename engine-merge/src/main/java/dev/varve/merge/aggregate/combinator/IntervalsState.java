// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate.combinator;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.Numeric;
import dev.varve.merge.aggregate.StateReader;
import dev.varve.merge.aggregate.StateWriter;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `-Resample(start, end, step)`: a state for each interval of the last argument. Form 1: the
/// number of intervals, a varint; each state a blob.
final class IntervalsState implements AggregateState {
  private final String name;
  private final long start;
  private final long end;
  private final long step;
  private final AggregateState[] intervals;

  IntervalsState(String name, AggregateFunction function, long start, long end, long step) {
    this.name = name;
    this.start = start;
    this.end = end;
    this.step = step;
    this.intervals = new AggregateState[(int) Math.max(0, Math.ceilDiv(end - start, step))];
    for (int i = 0; i < intervals.length; i++) {
      intervals[i] = function.newState();
    }
  }

  @Override
  public void update(List<Vector> arguments, int row) {
    if (arguments.getLast().isNull(row)) {
      return;
    }
    long key = Numeric.longOf(arguments.getLast(), row);
    if (key >= start && key < end) {
      int interval = (int) ((key - start) / step);
      intervals[interval].update(arguments.subList(0, arguments.size() - 1), row);
    }
  }

  @Override
  public void merge(MemorySegment serialized) {
    if (serialized.byteSize() == 0) {
      return;
    }
    StateReader reader = new StateReader(name, serialized, 1);
    int count = reader.readCount();
    if (count != intervals.length) {
      throw reader.bad(count + " intervals, expected " + intervals.length);
    }
    for (AggregateState interval : intervals) {
      interval.merge(MemorySegment.ofArray(reader.readBlob()));
    }
    reader.end();
  }

  @Override
  public byte[] serialize() {
    StateWriter writer = new StateWriter(1);
    writer.putVarint(intervals.length);
    boolean empty = true;
    for (AggregateState interval : intervals) {
      byte[] bytes = interval.serialize();
      empty &= bytes.length == 0;
      writer.putBlob(bytes);
    }
    return empty ? new byte[0] : writer.bytes();
  }

  @Override
  public void result(VectorBuilder to) {
    for (AggregateState interval : intervals) {
      interval.result(to.child(0));
    }
    to.endList();
  }
}
