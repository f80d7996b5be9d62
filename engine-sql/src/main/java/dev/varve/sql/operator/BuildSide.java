// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.GroupTable;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.List;

/// The right side of a join, held whole: its rows, and for each key which of them have it. After it
/// is built it is safe for threads, `seen` marks included: they only ever go from 0 to 1.
final class BuildSide implements AutoCloseable {
  private final QueryContext context;
  private final List<RowStore> stores = new ArrayList<>();
  private final Scratch scratch;
  private final Batch rows;
  private final GroupTable table;
  private final int[] starts;
  private final int[] byGroup;
  private final byte[] seen;
  private final long accounted;

  /// @param keys columns of the right side, none for a join without equality
  /// @param keyTypes of both sides: nullable where one side is
  BuildSide(
      Operator right,
      List<Integer> keys,
      List<DataType> keyTypes,
      List<Boolean> nullSafe,
      QueryContext context) {
    this.context = context;
    List<DataType> types = right.types();
    try (ParallelSource input = context.open(right)) {
      for (int w = 0; w < input.parallelism(); w++) {
        stores.add(new RowStore(types, context));
      }
      context.drain(input, (worker, share) -> collect(share, stores.get(worker)));
    }
    scratch = context.newScratch();
    rows = RowStore.joined(stores, types, scratch);
    table = keys.isEmpty() ? null : new GroupTable(keyTypes);
    seen = new byte[rows.rows()];
    if (table == null) {
      starts = null;
      byGroup = null;
      accounted = seen.length;
    } else {
      int[] groups = groupsOf(keys, nullSafe);
      starts = new int[table.size() + 1];
      byGroup = byGroup(groups);
      accounted = seen.length + 4L * (starts.length + byGroup.length) + table.heapBytes();
    }
    context.reserveHeap(accounted);
  }

  private void collect(BatchSource share, RowStore store) {
    for (Batch batch = share.next(); batch != null; batch = share.next()) {
      context.check();
      store.add(batch);
    }
  }

  private int[] groupsOf(List<Integer> keys, List<Boolean> nullSafe) {
    int total = rows.rows();
    int[] groups = new int[total];
    int[] chunk = new int[Batch.MAX_ROWS];
    try (Scratch temporary = context.newScratch()) {
      for (int from = 0; from < total; from += Batch.MAX_ROWS) {
        int count = Math.min(Batch.MAX_ROWS, total - from);
        temporary.reset();
        List<Vector> vectors = new ArrayList<>(keys.size());
        for (int key : keys) {
          vectors.add(VectorOps.slice(rows.column(key), from, count, temporary));
        }
        table.add(vectors, count, chunk, temporary);
        System.arraycopy(chunk, 0, groups, from, count);
        forgetNulls(vectors, nullSafe, count, groups, from);
      }
    }
    return groups;
  }

  /// A row with a NULL key that equals nothing gets no group.
  static void forgetNulls(
      List<Vector> keys, List<Boolean> nullSafe, int count, int[] groups, int at) {
    for (int k = 0; k < keys.size(); k++) {
      if (nullSafe.get(k) || !keys.get(k).mayHaveNulls()) {
        continue;
      }
      for (int i = 0; i < count; i++) {
        if (keys.get(k).isNull(i)) {
          groups[at + i] = -1;
        }
      }
    }
  }

  private int[] byGroup(int[] groups) {
    int members = 0;
    for (int group : groups) {
      if (group >= 0) {
        starts[group + 1]++;
        members++;
      }
    }
    for (int g = 0; g + 1 < starts.length; g++) {
      starts[g + 1] += starts[g];
    }
    int[] next = starts.clone();
    int[] sorted = new int[members];
    for (int row = 0; row < groups.length; row++) {
      if (groups[row] >= 0) {
        sorted[next[groups[row]]++] = row;
      }
    }
    return sorted;
  }

  Batch rows() {
    return rows;
  }

  /// How many keys there are.
  int groups() {
    return table == null ? 1 : starts.length - 1;
  }

  /// Puts the members of each key in the order of a column, NULLs last. Before any worker reads.
  void sortMembers(int column) {
    Vector values = rows.column(column);
    for (int g = 0; g + 1 < starts.length; g++) {
      Integer[] members = new Integer[starts[g + 1] - starts[g]];
      for (int i = 0; i < members.length; i++) {
        members[i] = byGroup[starts[g] + i];
      }
      java.util.Arrays.sort(members, (a, b) -> compare(values, a, b));
      for (int i = 0; i < members.length; i++) {
        byGroup[starts[g] + i] = members[i];
      }
    }
  }

  private static int compare(Vector values, int a, int b) {
    boolean aNull = values.isNull(a);
    boolean bNull = values.isNull(b);
    return aNull || bNull
        ? Boolean.compare(aNull, bNull)
        : dev.varve.sql.function.number.ValueOrder.compare(values, a, values, b);
  }

  GroupTable.Finder finder() {
    return table.finder();
  }

  boolean isKeyed() {
    return table != null;
  }

  /// First of a group's members; members `from(g)` to `from(g + 1) - 1` are its rows.
  int from(int group) {
    return table == null ? 0 : starts[group];
  }

  int to(int group) {
    return table == null ? rows.rows() : starts[group + 1];
  }

  int member(int index) {
    return table == null ? index : byGroup[index];
  }

  void markSeen(int row) {
    seen[row] = 1;
  }

  boolean isSeen(int row) {
    return seen[row] != 0;
  }

  /// Right columns of these rows; -1 gives NULL.
  List<Vector> gather(int[] index, int count, boolean nullable, Scratch target) {
    List<Vector> columns = new ArrayList<>(rows.columns().size());
    long[] present = nullable ? presence(index, count) : null;
    for (Vector column : rows.columns()) {
      DataType type = nullable ? DataTypes.nullable(column.type()) : column.type();
      if (present == null) {
        columns.add(VectorOps.gather(column, index, count, target).as(type));
      } else if (rows.rows() == 0) {
        columns.add(VectorOps.nulls(type, count, target));
      } else {
        columns.add(masked(column, index, count, present, type, target));
      }
    }
    return columns;
  }

  private static long[] presence(int[] index, int count) {
    long[] present = null;
    for (int i = 0; i < count; i++) {
      if (index[i] < 0) {
        present = present == null ? dev.varve.sql.expression.Masks.all(count) : present;
        present[i >>> 6] &= ~(1L << i);
      }
    }
    return present;
  }

  private static Vector masked(
      Vector column, int[] index, int count, long[] present, DataType type, Scratch target) {
    int[] safe = new int[count];
    for (int i = 0; i < count; i++) {
      safe[i] = Math.max(0, index[i]);
    }
    Vector flat = VectorOps.flatten(VectorOps.gather(column, safe, count, target), target);
    if (!type.isNullable()) {
      return flat;
    }
    var bitmap = dev.varve.sql.expression.Masks.toBitmap(present, target);
    return flat.withValidity(
            dev.varve.storage.vector.Validity.and(bitmap, flat.validity(), count, target))
        .as(type);
  }

  @Override
  public void close() {
    stores.forEach(RowStore::close);
    scratch.close();
    context.reserveHeap(-accounted);
  }
}
