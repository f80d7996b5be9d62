// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.hash.JoinTable;
import dev.varve.sql.hash.KeySet;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// The right side of a join, held whole: its rows, and for each key which of them have it. After it
/// is built it is safe for threads, `seen` marks included: they only ever go from 0 to 1.
final class BuildSide implements AutoCloseable {
  private final QueryContext context;
  private final List<RowStore> stores; // those whose memory the rows lie in
  private final List<Scratch> joined = new ArrayList<>();
  private final Batch rows;
  private final JoinTable table;
  private final byte[] seen;
  private long accounted;

  /// @param stores the right side's rows, closed with this at the latest
  /// @param keys columns of the right side, none for a join without equality
  /// @param keyTypes of both sides: nullable where one side is
  BuildSide(
      List<RowStore> stores,
      List<DataType> types,
      List<Integer> keys,
      List<DataType> keyTypes,
      List<Boolean> nullSafe,
      QueryContext context) {
    this.context = context;
    rows = RowStore.joined(stores, types, context, joined);
    if (stores.stream().mapToInt(store -> store.batches().size()).sum() == 1) {
      this.stores = stores;
    } else {
      // The rows are a copy, and the table of their keys needs the room.
      stores.forEach(RowStore::discard);
      this.stores = List.of();
    }
    reserve(rows.rows());
    seen = new byte[rows.rows()];
    table = keys.isEmpty() ? null : table(keys, keyTypes, nullSafe);
  }

  private JoinTable table(List<Integer> keys, List<DataType> types, List<Boolean> nullSafe) {
    List<Vector> columns = keys.stream().map(rows::column).toList();
    try (Scratch temporary = context.newScratch()) {
      return JoinTable.build(
          types, columns, rows.rows(), nullSafe, tasks(), this::reserve, temporary);
    }
  }

  private void reserve(long bytes) {
    context.reserveHeap(bytes);
    accounted += bytes;
  }

  private JoinTable.ParallelTasks tasks() {
    return new JoinTable.ParallelTasks() {
      @Override
      public void run(int tasks, IntConsumer task) {
        if (tasks == 1) {
          task.accept(0);
        } else {
          context.parallel(
              tasks,
              i -> {
                context.check();
                task.accept(i);
              });
        }
      }

      @Override
      public int threads() {
        return context.threads();
      }

      @Override
      public void check() {
        context.check();
      }
    };
  }

  /// The set of values of a key column.
  KeySet keySet(int key) {
    return KeySet.of(rows.column(key), rows.rows(), tasks());
  }

  Batch rows() {
    return rows;
  }

  /// How many keys there are.
  int groups() {
    return table == null ? 1 : table.groups();
  }

  /// Puts the members of each key in the order of a column, NULLs last. Before any worker reads.
  void sortMembers(int column) {
    if (table.isUnique()) {
      return;
    }
    Vector values = rows.column(column);
    int[] starts = table.starts();
    int[] byGroup = table.members();
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
        : ValueOrder.compare(values, a, values, b);
  }

  JoinTable.Finder finder() {
    return table.finder();
  }

  boolean isKeyed() {
    return table != null;
  }

  /// Whether each key has one row, whose number is the group's.
  boolean isUnique() {
    return table != null && table.isUnique();
  }

  /// First of a group's members; members `from(g)` to `to(g) - 1` are its rows.
  int from(int group) {
    return table == null ? 0 : table.isUnique() ? group : table.starts()[group];
  }

  int to(int group) {
    return table == null ? rows.rows() : table.isUnique() ? group + 1 : table.starts()[group + 1];
  }

  int member(int index) {
    return table == null || table.isUnique() ? index : table.members()[index];
  }

  /// Members by their index; null where a member's index is its row.
  int[] members() {
    return table == null || table.isUnique() ? null : table.members();
  }

  /// Where the members of each group begin; only where there are [#members()].
  int[] starts() {
    return table.starts();
  }

  byte[] seen() {
    return seen;
  }

  /// Whether rows had better point into a right column than be copied out of it: each of its texts
  /// is then moved, hashed or compared where somebody asks for it, and not at every join between.
  boolean isPointedInto(int column) {
    Vector source = rows.column(column);
    return source.isFlat()
        && source.physical() == Physical.BYTES
        && source.validity() == null
        && source.rows() > 0;
  }

  /// Rows as codes of a vector that points into a right column.
  static MemorySegment codes(int[] index, int count, Scratch target) {
    MemorySegment codes = target.allocate(count * 4L);
    MemorySegment.copy(index, 0, codes, Vector.I32, 0, count);
    return codes;
  }

  /// A right column of the rows that these codes name.
  Vector pointed(int column, MemorySegment codes, int count) {
    Vector source = rows.column(column);
    return Vector.dictionary(source.type(), count, codes, source, null);
  }

  /// A right column of these rows; where `mayMiss`, -1 gives NULL.
  Vector gather(int column, int[] index, int count, boolean mayMiss, Scratch target) {
    Vector source = rows.column(column);
    if (!mayMiss) {
      return VectorOps.gather(source, index, count, target);
    }
    DataType type = DataTypes.nullable(source.type());
    if (rows.rows() == 0) {
      return VectorOps.nulls(type, count, target);
    }
    return type.isNullable()
        ? masked(source, index, count, presence(index, count), type, target)
        : orDefault(source, index, count, target);
  }

  /// Rows of a type that cannot be NULL, an array or a tuple: -1 gives its empty value.
  private static Vector orDefault(Vector source, int[] index, int count, Scratch target) {
    int[] present = new int[count];
    int[] places = new int[count];
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (index[i] >= 0) {
        places[i] = found;
        present[found++] = index[i];
      }
    }
    if (found == count) {
      return VectorOps.gather(source, index, count, target);
    }
    for (int i = 0; i < count; i++) {
      places[i] = index[i] < 0 ? found : places[i];
    }
    Vector rows = VectorOps.gather(source, present, found, target);
    Vector empty = VectorOps.defaults(source.type(), 1, target);
    Vector both = VectorOps.concat(List.of(VectorOps.flatten(rows, target), empty), target);
    return VectorOps.gather(both, places, count, target);
  }

  /// Right columns of these rows; -1 gives NULL.
  List<Vector> gather(int[] index, int count, boolean nullable, Scratch target) {
    List<Vector> columns = new ArrayList<>(rows.columns().size());
    for (int c = 0; c < rows.columns().size(); c++) {
      columns.add(gather(c, index, count, nullable, target));
    }
    return columns;
  }

  private static long[] presence(int[] index, int count) {
    long[] present = Masks.all(count);
    for (int i = 0; i < count; i++) {
      if (index[i] < 0) {
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
    var bitmap = Masks.toBitmap(present, target);
    return flat.withValidity(Validity.and(bitmap, flat.validity(), count, target)).as(type);
  }

  @Override
  public void close() {
    stores.forEach(RowStore::close);
    joined.forEach(Scratch::close);
    context.reserveHeap(-accounted);
    accounted = 0;
  }
}
