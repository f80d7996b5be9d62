// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.GroupTable;
import dev.varve.sql.hash.KeyHashes;
import dev.varve.sql.hash.KeyMemory;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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
  // Bytes on the heap that are accounted for; those beside it are by their allocator.
  private long accounted;
  private long bytes;
  private boolean hasRows;

  GroupState(
      List<DataType> keyTypes,
      List<AggregateCall> aggregates,
      List<DataType> inputTypes,
      QueryContext context) {
    this(keyTypes, newTable(keyTypes, 0, context), aggregates, inputTypes, context);
  }

  /// An empty state of the same kind.
  ///
  /// @param expected about how many groups will come
  GroupState empty(int expected) {
    GroupTable empty = newTable(keyTypes, expected, context);
    GroupState state = new GroupState(keyTypes, empty, aggregates, inputTypes, context);
    state.reserve(expected);
    return state;
  }

  private static GroupTable newTable(List<DataType> types, int expected, QueryContext context) {
    return new GroupTable(types, expected, KeyMemory.of(context.allocator()));
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
    return CallState.all(aggregates, inputTypes, !single, context);
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
    context.check();
    int[] order = GroupParts.order(owners, starts);
    context.check();
    table.seal(order);
    context.check();
    int[] to = new int[order.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = i;
    }
    List<CallState> ordered = newCalls();
    for (int c = 0; c < ordered.size(); c++) {
      context.check();
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
    return bytes;
  }

  /// Bytes that the keys of one more batch may ask for at once.
  long growth() {
    return single ? 0 : table.growth(Batch.MAX_ROWS);
  }

  boolean isSingle() {
    return single;
  }

  private void account() {
    long held = table.heapBytes();
    bytes = table.bytes();
    for (CallState call : calls) {
      held += call.heapBytes();
      bytes += call.bytes();
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
  ///
  /// @param points whether texts of keys may stay with the other, which then must stay open
  void merge(GroupState other, GroupParts parts, int partition, boolean points, Scratch scratch) {
    hasRows |= other.hasRows;
    int[] from = parts.members(partition);
    int[] to = numbers(other, from, points);
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

  /// Adds groups whose states others hold.
  ///
  /// @param keys of these groups
  /// @param theirs the calls of this state, elsewhere
  /// @param from the groups' numbers there
  void merge(List<Vector> keys, List<CallState> theirs, int[] from, Scratch scratch) {
    hasRows = true;
    int[] to = new int[from.length];
    table.add(keys, from.length, to, scratch);
    reserve(table.size());
    for (int c = 0; c < calls.size(); c++) {
      calls.get(c).merge(theirs.get(c), from, to, from.length, null, null, scratch);
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
    int[] to = single ? new int[1] : numbers(other, from, false);
    for (int c = 0; c < calls.size(); c++) {
      calls.get(c).mergeAll(other.calls.get(c), from, to, scratch);
    }
    account();
  }

  /// Adds all groups of a state whose keys hold those of this one; both may go on taking rows.
  ///
  /// @param places of this state's keys among the other's
  void mergeFiner(GroupState finer, List<Integer> places, Scratch scratch) {
    if (!finer.hasRows) {
      return;
    }
    hasRows = true;
    int[] from = IntStream.range(0, finer.size()).toArray();
    int[] to = new int[from.length];
    int[] found = new int[Batch.MAX_ROWS];
    for (int at = 0; !single && at < from.length; at += found.length) {
      context.check();
      scratch.reset();
      int count = Math.min(found.length, from.length - at);
      List<Vector> keys = finer.keys(at, count, scratch);
      table.add(places.stream().map(keys::get).toList(), count, found, scratch);
      System.arraycopy(found, 0, to, at, count);
    }
    reserve(size());
    for (int c = 0; c < calls.size(); c++) {
      calls.get(c).merge(finer.calls.get(c), from, to, from.length, null, null, scratch);
    }
    account();
  }

  /// The numbers here of groups of another state; those that were not there are added.
  private int[] numbers(GroupState other, int[] theirs, boolean points) {
    int total = theirs.length;
    int[] numbers = new int[total];
    int[] rows = new int[Math.min(total, Batch.MAX_ROWS)];
    int[] found = new int[rows.length];
    for (int at = 0; at < total; at += rows.length) {
      context.check();
      int count = Math.min(rows.length, total - at);
      System.arraycopy(theirs, at, rows, 0, count);
      table.addFrom(other.table, rows, count, null, points, found);
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

  Vector result(int call, int from, int count, Scratch scratch) {
    return calls.get(call).results(from, count, scratch);
  }

  List<Vector> results(int from, int count, Scratch scratch) {
    List<Vector> results = new ArrayList<>(calls.size());
    for (CallState call : calls) {
      results.add(call.results(from, count, scratch));
    }
    return results;
  }

  /// Gives memory back but for texts that other states point to; only closing may follow.
  void retire() {
    calls.forEach(CallState::close);
    calls = List.of();
    table.retire();
    account();
  }

  @Override
  public void close() {
    calls.forEach(CallState::close);
    table.close();
    context.reserveHeap(-accounted);
    accounted = 0;
  }
}
