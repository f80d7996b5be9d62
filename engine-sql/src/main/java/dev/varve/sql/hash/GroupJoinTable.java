// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A table of keys of any type, over a [GroupTable]. Built by one thread. Never unique: a group is
/// the number of a key, not of a row.
final class GroupJoinTable extends JoinTable {
  private final GroupTable table;
  private final List<Boolean> nullSafe;

  GroupJoinTable(
      List<DataType> types,
      List<Vector> columns,
      int rows,
      List<Boolean> nullSafe,
      Runnable check,
      Scratch scratch) {
    this.table = new GroupTable(types);
    this.nullSafe = nullSafe;
    int[] groups = groupsOf(columns, rows, check, scratch);
    check.run();
    setChains(chains(groups, table.size()));
  }

  private int[] groupsOf(List<Vector> columns, int rows, Runnable check, Scratch scratch) {
    int[] groups = new int[rows];
    int[] chunk = new int[Batch.MAX_ROWS];
    for (int from = 0; from < rows; from += Batch.MAX_ROWS) {
      check.run();
      int count = Math.min(Batch.MAX_ROWS, rows - from);
      scratch.reset();
      List<Vector> vectors = new ArrayList<>(columns.size());
      for (Vector column : columns) {
        vectors.add(VectorOps.slice(column, from, count, scratch));
      }
      table.add(vectors, count, chunk, scratch);
      forgetNulls(vectors, nullSafe, count, chunk);
      System.arraycopy(chunk, 0, groups, from, count);
    }
    return groups;
  }

  /// A row with a NULL key that equals nothing gets no group.
  private static void forgetNulls(
      List<Vector> keys, List<Boolean> nullSafe, int count, int[] groups) {
    for (int k = 0; k < keys.size(); k++) {
      if (nullSafe.get(k) || !keys.get(k).mayHaveNulls()) {
        continue;
      }
      for (int i = 0; i < count; i++) {
        if (keys.get(k).isNull(i)) {
          groups[i] = -1;
        }
      }
    }
  }

  private static Chains chains(int[] groups, int size) {
    int[] starts = new int[size + 1];
    int total = 0;
    for (int group : groups) {
      if (group >= 0) {
        starts[group + 1]++;
        total++;
      }
    }
    for (int g = 0; g < size; g++) {
      starts[g + 1] += starts[g];
    }
    int[] next = Arrays.copyOf(starts, size);
    int[] members = new int[total];
    for (int row = 0; row < groups.length; row++) {
      if (groups[row] >= 0) {
        members[next[groups[row]]++] = row;
      }
    }
    return new Chains(starts, members);
  }

  @Override
  public int groups() {
    return table.size();
  }

  @Override
  public long heapBytes() {
    return table.heapBytes() + chainBytes();
  }

  @Override
  public Finder finder() {
    GroupTable.Finder finder = table.finder();
    return (keys, rows, groups, scratch) -> {
      finder.find(keys, rows, groups, scratch);
      forgetNulls(keys, nullSafe, rows, groups);
    };
  }
}
