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
  private final GroupTable table;
  private final List<CallState> calls = new ArrayList<>();
  private final QueryContext context;
  private final boolean single;
  private int[] groups = new int[Batch.MAX_ROWS];
  private int reserved;
  private long accounted;
  private boolean hasRows;

  GroupState(
      List<DataType> keyTypes,
      List<AggregateCall> aggregates,
      List<DataType> inputTypes,
      QueryContext context) {
    this.keyTypes = keyTypes;
    this.context = context;
    this.single = keyTypes.isEmpty();
    this.table = new GroupTable(keyTypes);
    for (AggregateCall call : aggregates) {
      CallState state = new CallState(call, inputTypes, !single);
      calls.forEach(state::share);
      calls.add(state);
    }
    if (single) {
      reserve(1);
    }
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
  int[][] partition(int partitions, Scratch scratch) {
    return partition(partitions, -1, scratch);
  }

  /// As the other, by the bits of the hash that belong to a level of [PartitionedRows].
  int[][] partition(int partitions, int level, Scratch scratch) {
    int total = table.size();
    int[] sizes = new int[partitions];
    byte[] owner = new byte[total];
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
        int p =
            level < 0
                ? (int) ((hashes[i] & 0xFFFFFF) * partitions >>> 24)
                : PartitionedRows.of(hashes[i], level);
        owner[at + i] = (byte) p;
        sizes[p]++;
      }
    }
    int[][] members = new int[partitions][];
    for (int p = 0; p < partitions; p++) {
      members[p] = new int[sizes[p]];
    }
    int[] filled = new int[partitions];
    for (int g = 0; g < total; g++) {
      int p = owner[g] & 0xFF;
      members[p][filled[p]++] = g;
    }
    return members;
  }

  /// Adds some groups of another state.
  ///
  /// @param members groups of the other in rising order, or null for all
  void merge(GroupState other, int[] members, Scratch scratch) {
    hasRows |= other.hasRows;
    if (single) {
      mergeCalls(other, new int[] {0}, new int[] {0}, 1, scratch);
      return;
    }
    int total = members == null ? other.size() : members.length;
    int[] from = new int[total];
    int[] to = new int[total];
    int[] chunk = new int[Batch.MAX_ROWS];
    int[] chunkGroups = new int[Batch.MAX_ROWS];
    int at = 0;
    while (at < total) {
      context.check();
      int rows = Math.min(Batch.MAX_ROWS, total - at);
      for (int i = 0; i < rows; i++) {
        chunk[i] = members == null ? at + i : members[at + i];
      }
      table.addFrom(other.table, chunk, rows, null, chunkGroups);
      System.arraycopy(chunk, 0, from, at, rows);
      System.arraycopy(chunkGroups, 0, to, at, rows);
      at += rows;
    }
    reserve(table.size());
    mergeCalls(other, from, to, total, scratch);
    account();
  }

  private void mergeCalls(GroupState other, int[] from, int[] to, int count, Scratch scratch) {
    for (int c = 0; c < calls.size(); c++) {
      calls.get(c).merge(other.calls.get(c), from, to, count, scratch);
    }
  }

  void finish(Scratch scratch) {
    calls.forEach(call -> call.finish(scratch));
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
