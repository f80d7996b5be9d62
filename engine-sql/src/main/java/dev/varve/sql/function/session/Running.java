// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.session;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateState;
import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Functions that go from row to row. They see the rows in the order of the batches they are given,
/// and all but `rowNumberInAllBlocks` begin anew with each batch: window functions do not.
public final class Running {
  private Running() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.bound(
                "rowNumberInAllBlocks()",
                "The number of the row in the order that rows are come upon, from 0.",
                _ -> {
                  AtomicLong next = new AtomicLong();
                  return numbered(next, true);
                })
            .that(Stability.VOLATILE),
        Declared.bound(
                "blockNumber()",
                "The number of the batch in the order that batches are come upon, from 0.",
                _ -> numbered(new AtomicLong(), false))
            .that(Stability.VOLATILE),
        ScalarFunction.of(
                "runningAccumulate",
                "runningAccumulate(state[, key])",
                "The result of all states of the batch up to the row's, or of those with its key.",
                Running::accumulated)
            .that(Stability.VOLATILE),
        ScalarFunction.of(
                "runningConcurrency",
                "runningConcurrency(start, end)",
                "How many of the batch's spans, in order of their starts, the row's start is in.",
                Running::concurrency)
            .that(Stability.VOLATILE));
  }

  private static Binding numbered(AtomicLong next, boolean rowByRow) {
    return new Binding(
        DataTypes.UINT64,
        (_, rows, scratch) -> {
          long first = next.getAndAdd(rowByRow ? rows : 1);
          VectorBuilder to = new VectorBuilder(DataTypes.UINT64, scratch);
          for (int row = 0; row < rows; row++) {
            to.appendLong(rowByRow ? first + row : first);
          }
          return to.build();
        });
  }

  private static Binding accumulated(List<Argument> args) {
    Arguments.count("runningAccumulate", args, 1, 2);
    if (!(args.getFirst().plain() instanceof DataType.AggregateState type)) {
      throw Arguments.illegal(
          "runningAccumulate", 0, args.getFirst().type(), "the state of an aggregate");
    }
    AggregateFunction function =
        AggregateStates.of(type.function(), type.parameters(), type.arguments());
    return new Binding(
        function.resultType(),
        (v, rows, scratch) -> {
          VectorBuilder to = new VectorBuilder(function.resultType(), scratch);
          Vector keys = v.size() > 1 ? VectorOps.flatten(v.get(1), scratch) : null;
          AggregateState state = function.newState();
          for (int row = 0; row < rows; row++) {
            if (keys != null && row > 0 && !same(keys, row)) {
              state = function.newState();
            }
            if (!v.getFirst().isNull(row)) {
              state.merge(v.getFirst().getSegment(row));
            }
            state.result(to);
          }
          return to.build();
        });
  }

  private static boolean same(Vector keys, int row) {
    return ValueOrder.compare(keys, row - 1, keys, row) == 0;
  }

  private static Binding concurrency(List<Argument> args) {
    String name = "runningConcurrency";
    Arguments.count(name, args, 2, 2);
    if (!Arguments.isTime(args.getFirst().type())) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "a date or time");
    }
    if (!args.get(1).plain().equals(args.get(0).plain())) {
      throw Arguments.illegal(name, 1, args.get(1).type(), args.get(0).type().name());
    }
    return new Binding(
        DataTypes.UINT32,
        (v, rows, scratch) -> {
          VectorBuilder to = new VectorBuilder(DataTypes.UINT32, scratch);
          PriorityQueue<Long> ends = new PriorityQueue<>();
          long before = Long.MIN_VALUE;
          for (int row = 0; row < rows; row++) {
            if (v.get(0).isNull(row) || v.get(1).isNull(row)) {
              to.appendDefault();
              continue;
            }
            long start = v.get(0).getLong(row);
            long end = v.get(1).getLong(row);
            requireOrder(before, start, end);
            before = start;
            while (!ends.isEmpty() && ends.peek() <= start) {
              ends.poll();
            }
            ends.add(end);
            to.appendLong(ends.size());
          }
          return to.build();
        });
  }

  private static void requireOrder(long before, long start, long end) {
    if (start < before || end < start) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "runningConcurrency takes spans in order of their starts, each ending after it starts;"
              + " use ORDER BY in a subquery");
    }
  }
}
