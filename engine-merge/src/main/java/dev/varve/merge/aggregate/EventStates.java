// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Functions over events in time: `windowFunnel`, `sequenceMatch`, `sequenceCount`, `retention`.
final class EventStates {
  static final List<String> NAMES =
      List.of("windowFunnel", "sequenceMatch", "sequenceCount", "retention");

  private EventStates() {}

  static AggregateFunction bind(StateCall call) {
    String function = call.function();
    if (function.equals("retention")) {
      call.requireArguments(2, 32);
      conditions(call, 0);
      int count = call.arguments().size();
      return new AggregateFunction(
          DataTypes.array(DataTypes.UINT8), () -> new RetentionState(count));
    }
    call.requireArguments(2, 33);
    call.moment(0);
    conditions(call, 1);
    List<DataType> types = call.types(2, 33);
    if (function.equals("windowFunnel")) {
      long window = call.wholeParameter(0, 0, 0);
      List<String> modes = new ArrayList<>();
      for (int i = 1; i < call.parameters().size(); i++) {
        modes.add(call.textParameter(i, ""));
      }
      return call.skippingNulls(
          DataTypes.UINT8,
          () ->
              new RowsState(
                  function, types, (rows, to) -> to.appendLong(Funnel.level(rows, window, modes))));
    }
    call.requireParameters(1, 1);
    EventPattern pattern = EventPattern.parse(call.textParameter(0, ""), types.size() - 1);
    boolean counts = function.equals("sequenceCount");
    return call.skippingNulls(
        counts ? DataTypes.UINT64 : DataTypes.UINT8,
        () ->
            new RowsState(
                function,
                types,
                (rows, to) -> {
                  long matches = pattern.count(Deltas.byTime(rows, 0), !counts);
                  to.appendLong(matches);
                }));
  }

  private static void conditions(StateCall call, int from) {
    for (int i = from; i < call.arguments().size(); i++) {
      call.integer(i);
    }
  }

  /// Which conditions were ever true. Form 1: a bit for each, a varint.
  private static final class RetentionState implements AggregateState {
    private final int count;
    private long seen;

    RetentionState(int count) {
      this.count = count;
    }

    @Override
    public void update(List<Vector> arguments, int row) {
      for (int i = 0; i < count; i++) {
        if (!arguments.get(i).isNull(row) && arguments.get(i).getLong(row) != 0) {
          seen |= 1L << i;
        }
      }
    }

    @Override
    public void merge(MemorySegment serialized) {
      if (serialized.byteSize() > 0) {
        StateReader reader = new StateReader("retention", serialized, 1);
        seen |= reader.readVarint();
        reader.end();
      }
    }

    @Override
    public byte[] serialize() {
      if (seen == 0) {
        return new byte[0];
      }
      StateWriter writer = new StateWriter(1);
      writer.putVarint(seen);
      return writer.bytes();
    }

    @Override
    public void result(VectorBuilder to) {
      for (int i = 0; i < count; i++) {
        to.child(0).appendLong(seen & (seen >> i) & 1);
      }
      to.endList();
    }
  }
}
