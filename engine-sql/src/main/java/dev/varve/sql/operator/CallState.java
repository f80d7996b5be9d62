// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// One aggregate call of one worker: drops the rows that do not count (filter, NULL, seen before)
/// and hands the rest to the accumulator.
final class CallState implements AutoCloseable {
  private final AggregateCall call;
  private final boolean grouped;
  private final List<DataType> argumentTypes;
  private final Accumulator accumulator;
  // Of DISTINCT; null for other calls.
  private final SeenRows seen;
  private final List<SeenRows.Share> others = new ArrayList<>();
  private int[] kept = new int[0];
  private int[] keptGroups = new int[0];

  /// @param grouped whether there are groups other than 0
  CallState(AggregateCall call, List<DataType> inputTypes, boolean grouped, QueryContext context) {
    this.call = call;
    this.grouped = grouped;
    this.accumulator = call.function().accumulators().get();
    this.argumentTypes = call.arguments().stream().map(inputTypes::get).toList();
    this.seen = call.distinct() ? new SeenRows(argumentTypes, grouped, context) : null;
  }

  /// The states of all calls of a GROUP BY, for the same groups.
  static List<CallState> all(
      List<AggregateCall> calls, List<DataType> inputTypes, boolean grouped, QueryContext context) {
    List<CallState> made = new ArrayList<>();
    for (AggregateCall call : calls) {
      CallState state = new CallState(call, inputTypes, grouped, context);
      made.forEach(state::share);
      made.add(state);
    }
    return made;
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
      seen.add(arguments, groups, rows, scratch);
    } else if (groups == null) {
      accumulator.updateSingle(arguments, rows, scratch);
    } else {
      accumulator.update(groups, arguments, rows, scratch);
    }
  }

  /// What DISTINCT has seen, by the partition of its group; null for other calls.
  int[][][] seenByGroup(byte[] owner, int partitions) {
    return seen == null ? null : seen.byGroup(owner, partitions);
  }

  /// Adds some groups of another state of the same call.
  ///
  /// @param members of DISTINCT: for each table of the other the rows of these groups
  /// @param target of DISTINCT: for each group of the other its number here
  void merge(
      CallState other,
      int[] from,
      int[] to,
      int count,
      int[][] members,
      int[] target,
      Scratch scratch) {
    if (seen == null) {
      accumulator.merge(other.accumulator, from, to, count, scratch);
    } else {
      seen.addFrom(other.seen, members, target);
    }
  }

  /// Adds all groups of another state of the same call; what DISTINCT has seen follows when this
  /// one ends.
  ///
  /// @param to for each group of the other its number here
  void mergeAll(CallState other, int[] from, int[] to, Scratch scratch) {
    if (seen == null) {
      accumulator.merge(other.accumulator, from, to, from.length, scratch);
    } else {
      others.add(new SeenRows.Share(other.seen, grouped ? to : null));
    }
  }

  /// Ends DISTINCT: what was seen goes to the accumulator, once. No update may follow.
  void finish(Scratch scratch) {
    if (seen != null) {
      seen.unite(others);
      // How often a value was seen is all that a count asks for.
      seen.each(
          call.function().name().equals("count"),
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

  /// Bytes held, on the heap and beside it.
  long bytes() {
    return accumulator.heapBytes() + (seen == null ? 0 : seen.bytes());
  }

  @Override
  public void close() {
    if (seen != null) {
      seen.close();
    }
    accumulator.close();
  }
}
