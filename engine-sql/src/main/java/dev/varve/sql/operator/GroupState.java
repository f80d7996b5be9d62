// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.GroupTable;
import dev.varve.sql.hash.KeyHashes;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Groups and their states, of one worker or of one partition of all groups. One thread.
final class GroupState implements AutoCloseable {
  private final List<DataType> keyTypes;
  private final List<AggregateCall> aggregates;
  private final List<DataType> inputTypes;
  private final GroupTable table;
  private List<CallState> calls;
  private final QueryContext context;
  private final boolean single;
  private int[] groups = new int[Batch.MAX_ROWS];
  // Of a sealed state.
  private int[] starts;
  private int reserved;
  private long accounted;
  private boolean hasRows;

  GroupState(
      List<DataType> keyTypes,
      List<AggregateCall> aggregates,
      List<DataType> inputTypes,
      QueryContext context) {
    this(keyTypes, new GroupTable(keyTypes), aggregates, inputTypes, context);
  }

  /// An empty state of the same kind.
  ///
  /// @param expected about how many groups will come
  GroupState empty(int expected) {
    GroupTable empty = new GroupTable(keyTypes, expected);
    GroupState state = new GroupState(keyTypes, empty, aggregates, inputTypes, context);
    state.reserve(expected);
    return state;
  }

  private GroupState(
      List<DataType> keyTypes,
      GroupTable table,
      List<AggregateCall> aggregates,
      List<DataType> inputTypes,
      QueryContext context) {
    this.keyTypes = keyTypes;
    this.aggregates = aggregates;
    this.inputTypes = inputTypes;
    this.context = context;
    this.single = keyTypes.isEmpty();
    this.table = table;
    this.calls = newCalls();
    if (single) {
      reserve(1);
    }
  }

  private List<CallState> newCalls() {
    List<CallState> made = new ArrayList<>();
    for (AggregateCall call : aggregates) {
      CallState state = new CallState(call, inputTypes, !single, context);
      made.forEach(state::share);
      made.add(state);
    }
    return made;
  }

  /// Whether [#seal] is for this state: what DISTINCT has seen stays with its groups.
  boolean canSeal() {
    return !single && aggregates.stream().noneMatch(AggregateCall::distinct);
  }

  boolean isSealed() {
    return starts != null;
  }

  /// Ends updates of this state: it can be parted and merged into others, for which its groups are
  /// put in the order of their partitions.
  void seal(Scratch scratch) {
    byte[] owners = owners(GroupParts.MOST, -1, scratch);
    starts = GroupParts.starts(owners);
    int[] order = GroupParts.order(owners, starts);
    table.seal(order);
    int[] to = new int[order.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = i;
    }
    List<CallState> ordered = newCalls();
    for (int c = 0; c < ordered.size(); c++) {
      ordered.get(c).reserve(order.length);
      ordered.get(c).merge(calls.get(c), order, to, order.length, null, null, scratch);
    }
    calls.forEach(CallState::close);
    calls = ordered;
    account();
  }

  int size() {
    return single ? 1 : table.size();
  }

  boolean hasRows() {
    return hasRows;
  }

  void update(List<Vector> keys, Batch batch, Scratch scratch) {
    hasRows = true;
    int[] of = null;
    if (!single) {
      if (groups.length < batch.rows()) {
        groups = new int[batch.rows()];
      }
      table.add(keys, batch.rows(), groups, scratch);
      reserve(table.size());
      of = groups;
    }
    for (CallState call : calls) {
      call.update(batch, of, scratch);
    }
    account();
  }

  private void reserve(int count) {
    if (count > reserved) {
      reserved = count;
      for (CallState call : calls) {
        call.reserve(count);
      }
    }
  }

  /// Bytes held.
  long bytes() {
    return accounted;
  }

  boolean isSingle() {
    return single;
  }

  private void account() {
    long held = table.heapBytes();
    for (CallState call : calls) {
      held += call.heapBytes();
    }
    if (held != accounted) {
      context.reserveHeap(held - accounted);
      accounted = held;
    }
  }

  /// Which of `partitions` each group belongs to, by the hash of its key.
  GroupParts partition(int partitions, Scratch scratch) {
    return partition(partitions, -1, scratch);
  }

  /// As the other, by the bits of the hash that belong to a level of [PartitionedRows].
  GroupParts partition(int partitions, int level, Scratch scratch) {
    if (starts != null && level < 0) {
      return GroupParts.ofOrdered(starts, partitions, calls.size());
    }
    byte[] owners = owners(partitions, level, scratch);
    int[][][][] seen = new int[calls.size()][][][];
    for (int c = 0; c < seen.length; c++) {
      seen[c] = calls.get(c).seenByGroup(owners, partitions);
    }
    return GroupParts.of(owners, partitions, seen);
  }

  private byte[] owners(int partitions, int level, Scratch scratch) {
    int total = table.size();
    byte[] owners = new byte[total];
    long[] hashes = new long[Batch.MAX_ROWS];
    for (int at = 0; at < total; at += Batch.MAX_ROWS) {
      int rows = Math.min(Batch.MAX_ROWS, total - at);
      if (level < 0) {
        table.hashes(at, rows, hashes);
      } else {
        // The hashes of rows that are on disk already.
        scratch.reset();
        KeyHashes.of(keyTypes, table.keys(at, rows, scratch), rows, hashes, scratch);
      }
      for (int i = 0; i < rows; i++) {
        owners[at + i] =
            (byte)
                (level < 0
                    ? GroupParts.of(hashes[i], partitions)
                    : PartitionedRows.of(hashes[i], level));
      }
    }
    return owners;
  }

  /// Adds the groups of a partition of another state.
  void merge(GroupState other, GroupParts parts, int partition, Scratch scratch) {
    hasRows |= other.hasRows;
    int[] from = parts.members(partition);
    int[] to = numbers(other, from);
    int[] target = parts.target();
    for (int i = 0; target != null && i < from.length; i++) {
      target[from[i]] = to[i];
    }
    for (int c = 0; c < calls.size(); c++) {
      int[][] seen = parts.seen(c, partition);
      CallState theirs = other.calls.get(c);
      calls.get(c).merge(theirs, from, to, from.length, seen, target, scratch);
    }
    account();
  }

  /// Adds all groups of another state, which must stay until this one is finished.
  void mergeAll(GroupState other, Scratch scratch) {
    hasRows |= other.hasRows;
    int[] from = new int[other.size()];
    for (int i = 0; i < from.length; i++) {
      from[i] = i;
    }
    int[] to = single ? new int[1] : numbers(other, from);
    for (int c = 0; c < calls.size(); c++) {
      calls.get(c).mergeAll(other.calls.get(c), from, to, scratch);
    }
    account();
  }

  /// The numbers here of groups of another state; those that were not there are added.
  private int[] numbers(GroupState other, int[] theirs) {
    int total = theirs.length;
    int[] numbers = new int[total];
    int[] rows = new int[Math.min(total, Batch.MAX_ROWS)];
    int[] found = new int[rows.length];
    for (int at = 0; at < total; at += rows.length) {
      context.check();
      int count = Math.min(rows.length, total - at);
      System.arraycopy(theirs, at, rows, 0, count);
      table.addFrom(other.table, rows, count, null, found);
      System.arraycopy(found, 0, numbers, at, count);
    }
    reserve(table.size());
    return numbers;
  }

  void finish(Scratch scratch) {
    calls.forEach(call -> call.finish(scratch));
    table.seal(null);
    account();
  }

  List<Vector> keys(int from, int count, Scratch scratch) {
    return single ? List.of() : table.keys(from, count, scratch);
  }

  /// The keys of these groups.
  List<Vector> keys(int[] members, Scratch scratch) {
    return single ? List.of() : table.keys(members, 0, members.length, scratch);
  }

  List<Vector> results(int from, int count, Scratch scratch) {
    List<Vector> results = new ArrayList<>(calls.size());
    for (CallState call : calls) {
      results.add(call.results(from, count, scratch));
    }
    return results;
  }

  @Override
  public void close() {
    calls.forEach(CallState::close);
    context.reserveHeap(-accounted);
    accounted = 0;
  }
}
