// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.sql.hash.GroupTable;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One aggregate call of one worker: drops the rows that do not count (filter, NULL, seen before)
/// and hands the rest to the accumulator.
final class CallState implements AutoCloseable {
  private final AggregateCall call;
  private final List<DataType> argumentTypes;
  private final Accumulator accumulator;
  // Of DISTINCT: the pairs of group and arguments seen, kept until the workers' tables are one.
  private final GroupTable seen;
  private int[] kept = new int[0];
  private int[] keptGroups = new int[0];

  CallState(AggregateCall call, List<DataType> inputTypes) {
    this.call = call;
    this.accumulator = call.function().accumulators().get();
    this.argumentTypes = call.arguments().stream().map(inputTypes::get).toList();
    if (call.distinct()) {
      List<DataType> key = new ArrayList<>();
      key.add(DataTypes.UINT32);
      key.addAll(argumentTypes);
      this.seen = new GroupTable(key);
    } else {
      this.seen = null;
    }
  }

  void reserve(int groups) {
    accumulator.reserve(groups);
  }

  /// @param groups of each row, or null where all rows are of group 0
  void update(Batch batch, int[] groups, Scratch scratch) {
    List<Vector> arguments = new ArrayList<>(call.arguments().size());
    for (int c : call.arguments()) {
      arguments.add(batch.column(c));
    }
    int rows = batch.rows();
    Vector filter = call.filter() < 0 ? null : batch.column(call.filter());
    if (filter != null || hasNulls(arguments)) {
      int count = select(arguments, filter, groups, rows);
      if (count < rows) {
        arguments = gathered(arguments, count, scratch);
        groups = groups == null ? null : keptGroups;
        rows = count;
      }
    }
    feed(arguments, groups, rows, scratch);
  }

  private boolean hasNulls(List<Vector> arguments) {
    if (!call.function().skipsNulls()) {
      return false;
    }
    for (Vector argument : arguments) {
      if (argument.mayHaveNulls()) {
        return true;
      }
    }
    return false;
  }

  private int select(List<Vector> arguments, Vector filter, int[] groups, int rows) {
    grow(rows);
    boolean skipsNulls = call.function().skipsNulls();
    int count = 0;
    for (int i = 0; i < rows; i++) {
      boolean counts = filter == null || !filter.isNull(i) && filter.getLong(i) != 0;
      for (int a = 0; counts && skipsNulls && a < arguments.size(); a++) {
        counts = !arguments.get(a).isNull(i);
      }
      if (counts) {
        kept[count] = i;
        keptGroups[count++] = groups == null ? 0 : groups[i];
      }
    }
    return count;
  }

  private void grow(int rows) {
    if (kept.length < rows) {
      kept = new int[rows];
      keptGroups = new int[rows];
    }
  }

  private List<Vector> gathered(List<Vector> vectors, int count, Scratch scratch) {
    List<Vector> gathered = new ArrayList<>(vectors.size());
    for (Vector vector : vectors) {
      gathered.add(VectorOps.gather(vector, kept, count, scratch));
    }
    return gathered;
  }

  private void feed(List<Vector> arguments, int[] groups, int rows, Scratch scratch) {
    if (seen != null) {
      remember(arguments, groups, rows, scratch);
    } else if (groups == null) {
      accumulator.updateSingle(arguments, rows, scratch);
    } else {
      accumulator.update(groups, arguments, rows, scratch);
    }
  }

  private void remember(List<Vector> arguments, int[] groups, int rows, Scratch scratch) {
    MemorySegment numbers = scratch.allocateZeroed(rows * 4L);
    if (groups != null) {
      MemorySegment.copy(groups, 0, numbers, Vector.I32, 0, rows);
    }
    List<Vector> key = new ArrayList<>();
    key.add(Vector.fixed(DataTypes.UINT32, rows, numbers, null));
    key.addAll(arguments);
    seen.add(key, rows, new int[rows], scratch);
  }

  /// Adds groups of another worker's state of the same call.
  void merge(CallState other, int[] from, int[] to, int count, Scratch scratch) {
    if (seen == null) {
      accumulator.merge(other.accumulator, from, to, count, scratch);
      return;
    }
    int[] target = new int[Arrays.stream(from, 0, count).max().orElse(-1) + 1];
    Arrays.fill(target, -1);
    for (int i = 0; i < count; i++) {
      target[from[i]] = to[i];
    }
    other.eachSeen(
        scratch,
        (groups, arguments, rows, chunk) -> {
          grow(rows);
          int taken = 0;
          for (int i = 0; i < rows; i++) {
            if (groups[i] < target.length && target[groups[i]] >= 0) {
              kept[taken] = i;
              keptGroups[taken++] = target[groups[i]];
            }
          }
          remember(gathered(arguments, taken, chunk), keptGroups, taken, chunk);
        });
  }

  private interface SeenSink {
    void accept(int[] groups, List<Vector> arguments, int rows, Scratch scratch);
  }

  private void eachSeen(Scratch scratch, SeenSink sink) {
    try (Scratch chunk = new Scratch(scratch.allocator())) {
      for (int at = 0; at < seen.size(); at += Batch.MAX_ROWS) {
        int rows = Math.min(Batch.MAX_ROWS, seen.size() - at);
        chunk.reset();
        List<Vector> keys = seen.keys(at, rows, chunk);
        int[] groups = new int[rows];
        MemorySegment.copy(keys.getFirst().values(), Vector.I32, 0, groups, 0, rows);
        sink.accept(groups, keys.subList(1, keys.size()), rows, chunk);
      }
    }
  }

  /// Ends DISTINCT: what was seen goes to the accumulator, once. No update may follow.
  void finish(Scratch scratch) {
    if (seen != null) {
      eachSeen(
          scratch,
          (groups, arguments, rows, chunk) ->
              accumulator.update(groups, plain(arguments), rows, chunk));
    }
  }

  private List<Vector> plain(List<Vector> arguments) {
    return call.function().skipsNulls()
        ? arguments.stream().map(v -> v.as(v.type().unwrapped())).toList()
        : arguments;
  }

  Vector results(int from, int count, Scratch scratch) {
    return accumulator.results(from, count, scratch);
  }

  long heapBytes() {
    return accumulator.heapBytes() + (seen == null ? 0 : seen.heapBytes());
  }

  @Override
  public void close() {
    accumulator.close();
  }
}
