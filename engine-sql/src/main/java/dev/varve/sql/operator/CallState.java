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
  // Of DISTINCT: the arguments seen, behind the group where there is more than one, kept until the
  // workers' tables are one.
  private final GroupTable seen;
  private final boolean grouped;
  private int[] kept = new int[0];
  private int[] keptGroups = new int[0];
  private int[] numbers = new int[0];

  /// @param grouped whether there are groups other than 0
  CallState(AggregateCall call, List<DataType> inputTypes, boolean grouped) {
    this.call = call;
    this.grouped = grouped;
    this.accumulator = call.function().accumulators().get();
    this.argumentTypes = call.arguments().stream().map(inputTypes::get).toList();
    if (call.distinct()) {
      List<DataType> key = new ArrayList<>();
      if (grouped) {
        key.add(DataTypes.UINT32);
      }
      key.addAll(argumentTypes);
      this.seen = new GroupTable(key);
    } else {
      this.seen = null;
    }
  }

  /// Lets this call read what an earlier one of the same groups keeps already.
  void share(CallState earlier) {
    if (call.distinct() || earlier.call.distinct() || call.filter() != earlier.call.filter()) {
      return;
    }
    boolean sameArguments = call.arguments().equals(earlier.call.arguments());
    boolean sameRows =
        sameArguments
            ? call.function().skipsNulls() == earlier.call.function().skipsNulls()
            : seesAllRows() && earlier.seesAllRows();
    if (sameRows) {
      accumulator.share(earlier.accumulator, sameArguments);
    }
  }

  /// Whether no row is left out but by a filter.
  private boolean seesAllRows() {
    return !call.function().skipsNulls() || argumentTypes.stream().noneMatch(DataType::isNullable);
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
    List<Vector> key = new ArrayList<>();
    if (grouped) {
      MemorySegment numbers = scratch.allocate(rows * 4L);
      MemorySegment.copy(groups, 0, numbers, Vector.I32, 0, rows);
      key.add(Vector.fixed(DataTypes.UINT32, rows, numbers, null));
    }
    key.addAll(arguments);
    seen.add(key, rows, numbered(rows), scratch);
  }

  private int[] numbered(int rows) {
    if (numbers.length < rows) {
      numbers = new int[Math.max(rows, Batch.MAX_ROWS)];
    }
    return numbers;
  }

  /// Adds groups of another worker's state of the same call.
  void merge(CallState other, int[] from, int[] to, int count, Scratch scratch) {
    if (seen == null) {
      accumulator.merge(other.accumulator, from, to, count, scratch);
      return;
    }
    int[] target = null;
    if (grouped) {
      target = new int[Arrays.stream(from, 0, count).max().orElse(-1) + 1];
      Arrays.fill(target, -1);
      for (int i = 0; i < count; i++) {
        target[from[i]] = to[i];
      }
    }
    int[] rows = new int[Batch.MAX_ROWS];
    for (int at = 0; at < other.seen.size(); at += Batch.MAX_ROWS) {
      int chunk = Math.min(Batch.MAX_ROWS, other.seen.size() - at);
      int taken =
          grouped ? other.taken(target, at, chunk, rows, numbered(chunk)) : all(at, chunk, rows);
      seen.addFrom(other.seen, rows, taken, target, numbered(taken));
    }
  }

  private static int all(int at, int count, int[] rows) {
    for (int i = 0; i < count; i++) {
      rows[i] = at + i;
    }
    return count;
  }

  /// Which of the pairs from `at` on belong to a group that is wanted. Many threads may ask at
  /// once, each with a buffer of its own.
  private int taken(int[] target, int at, int count, int[] rows, int[] groups) {
    seen.firsts(at, count, groups);
    int taken = 0;
    for (int i = 0; i < count; i++) {
      if (groups[i] < target.length && target[groups[i]] >= 0) {
        rows[taken++] = at + i;
      }
    }
    return taken;
  }

  private interface SeenSink {
    void accept(int[] groups, List<Vector> arguments, int rows, Scratch scratch);
  }

  private void eachSeen(Scratch scratch, SeenSink sink) {
    // How often a value was seen is all that a count asks for.
    boolean counts = call.function().name().equals("count");
    try (Scratch chunk = new Scratch(scratch.allocator())) {
      for (int at = 0; at < seen.size(); at += Batch.MAX_ROWS) {
        int rows = Math.min(Batch.MAX_ROWS, seen.size() - at);
        chunk.reset();
        int[] groups = new int[rows];
        if (grouped) {
          seen.firsts(at, rows, groups);
        }
        List<Vector> keys = counts ? List.of() : seen.keys(at, rows, chunk);
        sink.accept(groups, grouped && !counts ? keys.subList(1, keys.size()) : keys, rows, chunk);
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
