// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.aggregate;

import dev.varve.sql.function.definition.Accumulator;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/// The values of each group as an array: all of them (`groupArray`), or each once
/// (`groupUniqArray`), up to a number of them.
final class ValueLists implements Accumulator {
  private final DataType type;
  private final boolean distinct;
  private final long limit;
  private final List<Collection<Object>> lists = new ArrayList<>();
  private long held;

  /// @param type of the array
  ValueLists(DataType type, boolean distinct, long limit) {
    this.type = type;
    this.distinct = distinct;
    this.limit = limit;
  }

  @Override
  public void reserve(int groups) {
    while (lists.size() < groups) {
      lists.add(distinct ? new LinkedHashSet<>() : new ArrayList<>());
    }
  }

  @Override
  public void update(int[] groups, List<Vector> arguments, int rows, Scratch scratch) {
    Vector values = ValueSlots.addressable(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      add(groups[i], VectorValues.get(values, i));
    }
  }

  @Override
  public void updateSingle(List<Vector> arguments, int rows, Scratch scratch) {
    Vector values = ValueSlots.addressable(arguments.getFirst(), scratch);
    for (int i = 0; i < rows; i++) {
      add(0, VectorValues.get(values, i));
    }
  }

  private void add(int group, Object value) {
    Collection<Object> list = lists.get(group);
    if (list.size() < limit && list.add(value)) {
      held++;
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count, Scratch scratch) {
    ValueLists that = (ValueLists) other;
    for (int i = 0; i < count; i++) {
      for (Object value : that.lists.get(from[i])) {
        add(to[i], value);
      }
    }
  }

  @Override
  public Vector results(int from, int count, Scratch scratch) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (Collection<Object> list : lists.subList(from, from + count)) {
      for (Object value : list) {
        VectorValues.append(builder.child(0), value);
      }
      builder.endList();
    }
    return builder.build();
  }

  @Override
  public long heapBytes() {
    return lists.size() * 64L + held * 40;
  }
}
