// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.GroupTable;
import dev.varve.sql.hash.KeyMemory;
import dev.varve.sql.hash.PartedRows;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What an aggregate with DISTINCT has seen: its arguments, each behind its group where there is
/// more than one.
///
/// Once a table has outgrown the nearer caches, further rows are put by in partitions where they
/// can be ([RowParting]); where they cannot, a table to which most rows were new is put aside for
/// an empty one. So a row may stand here more than once until [#unite].
final class SeenRows implements AutoCloseable {
  /// So few rows are united by one thread before others are at it.
  private static final int FEW = 1 << 15;

  private final boolean grouped;
  private final QueryContext context;
  private final List<DataType> types;
  // The last one takes rows.
  private List<GroupTable> tables = new ArrayList<>();
  // All that were ever made here.
  private final List<GroupTable> owned = new ArrayList<>();
  // Of rows that are put by; null as long as none are.
  private RowParting parting;
  private boolean cannotPart;
  private long rows;
  private int[] numbers = new int[0];

  /// Another worker's rows that are to become part of these.
  ///
  /// @param target for each group there the group here, or null without groups
  record Share(SeenRows rows, int[] target) {
    /// Adds the rows of a partition that are put by.
    private void addTo(GroupTable to, int partition, int[] numbers) {
      try (Scratch scratch = rows.context.newScratch()) {
        rows.parting.each(
            partition,
            (columns, count) -> {
              scratch.reset();
              to.add(
                  target == null ? columns : renumbered(columns, count), count, numbers, scratch);
            });
      }
    }

    private List<Vector> renumbered(List<Vector> columns, int count) {
      MemorySegment groups = columns.getFirst().values();
      for (int i = 0; i < count; i++) {
        groups.set(Vector.I32, i * 4L, target[groups.get(Vector.I32, i * 4L)]);
      }
      return columns;
    }
  }

  SeenRows(List<DataType> argumentTypes, boolean grouped, QueryContext context) {
    this.context = context;
    this.grouped = grouped;
    List<DataType> key = new ArrayList<>();
    if (grouped) {
      key.add(DataTypes.UINT32);
    }
    key.addAll(argumentTypes);
    types = List.copyOf(key);
    tables.add(own(new GroupTable(key, 0, newMemory())));
  }

  private KeyMemory newMemory() {
    return KeyMemory.of(context.allocator());
  }

  private GroupTable own(GroupTable table) {
    synchronized (owned) {
      owned.add(table);
    }
    return table;
  }

  void add(List<Vector> arguments, int[] groups, int count, Scratch scratch) {
    List<Vector> key = new ArrayList<>();
    if (grouped) {
      MemorySegment values = scratch.allocate(count * 4L);
      MemorySegment.copy(groups, 0, values, Vector.I32, 0, count);
      key.add(Vector.fixed(DataTypes.UINT32, count, values, null));
    }
    key.addAll(arguments);
    if (parting != null) {
      parting.addOnce(key, count, scratch);
      if (parting.isFull()) {
        drain();
      }
      return;
    }
    look(key, count, scratch);
    rows += count;
    GroupTable table = tables.getLast();
    if (!cannotPart && RowParting.isWorth(table.size(), rows, context.memory())) {
      parting = RowParting.of(types, arguments(types.size()), types.size(), context);
      cannotPart = parting == null;
    } else if (WorkerGroups.isFull(table.size(), rows, tables.size() - 1, context.memory())) {
      byte[] owners = owners(table, GroupParts.MOST);
      table.seal(GroupParts.order(owners, GroupParts.starts(owners)));
      tables.add(own(table.emptyCopy(WorkerGroups.groupsOfTable(context.memory()), newMemory())));
      rows = 0;
    }
  }

  /// The places of the arguments behind the group.
  private List<Integer> arguments(int width) {
    return IntStream.range(grouped ? 1 : 0, width).boxed().toList();
  }

  private void look(List<Vector> key, int count, Scratch scratch) {
    tables.getLast().add(key, count, numbered(count), scratch);
  }

  /// Brings rows that are put by into the table, where the others are.
  private void settle() {
    if (parting != null) {
      drain();
      parting.close();
      parting = null;
      cannotPart = true;
    }
  }

  private void drain() {
    Scratch scratch = context.newScratch();
    parting.drain((columns, count) -> {
      scratch.reset();
      look(columns, count, scratch);
    });
    context.forget(scratch);
    scratch.close();
  }

  private int[] numbered(int count) {
    if (numbers.length < count) {
      numbers = new int[Math.max(count, Batch.MAX_ROWS)];
    }
    return numbers;
  }

  private long size() {
    long put = parting == null ? 0 : parting.rows().rows();
    return put + tables.stream().mapToLong(GroupTable::size).sum();
  }

  /// For each table and partition the rows whose group belongs there.
  ///
  /// @param owner the partition of each group
  int[][][] byGroup(byte[] owner, int partitions) {
    settle();
    int[][][] members = new int[tables.size()][][];
    int[] groups = new int[Batch.MAX_ROWS];
    for (int t = 0; t < members.length; t++) {
      GroupTable table = tables.get(t);
      byte[] owners = new byte[table.size()];
      for (int at = 0; at < owners.length; at += Batch.MAX_ROWS) {
        int count = Math.min(Batch.MAX_ROWS, owners.length - at);
        table.firsts(at, count, groups);
        for (int i = 0; i < count; i++) {
          owners[at + i] = owner[groups[i]];
        }
      }
      members[t] = GroupParts.members(owners, partitions);
    }
    return members;
  }

  /// Adds rows of another.
  ///
  /// @param members of each of its tables the rows that count
  /// @param target for each of its groups the group here
  void addFrom(SeenRows other, int[][] members, int[] target) {
    for (int t = 0; t < members.length; t++) {
      addFrom(
          tables.getLast(),
          other.tables.get(t),
          members[t],
          target,
          false,
          numbered(Batch.MAX_ROWS));
    }
  }

  private static void addFrom(
      GroupTable to, GroupTable from, int[] members, int[] target, boolean points, int[] numbers) {
    int[] rows = new int[Math.min(members.length, Batch.MAX_ROWS)];
    for (int at = 0; at < members.length; at += rows.length) {
      int count = Math.min(rows.length, members.length - at);
      System.arraycopy(members, at, rows, 0, count);
      to.addFrom(from, rows, count, target, points, numbers);
    }
  }

  /// Makes these rows and those of others one, each once; on all workers where they are many. The
  /// others must stay open as long as these.
  void unite(List<Share> others) {
    if (others.isEmpty() && tables.size() == 1 && parting == null) {
      return;
    }
    List<Share> put = new ArrayList<>();
    put.add(new Share(this, null));
    put.addAll(others);
    put.removeIf(share -> share.rows.parting == null);
    List<GroupTable> from = new ArrayList<>(tables);
    List<int[]> targets = new ArrayList<>();
    tables.forEach(_ -> targets.add(null));
    long total = size();
    for (Share share : others) {
      total += share.rows.size();
      for (GroupTable table : share.rows.tables) {
        from.add(table);
        targets.add(share.target);
      }
    }
    if (tables.size() == 1 && put.isEmpty() && total <= FEW) {
      for (int t = 1; t < from.size(); t++) {
        int[] all = new int[from.get(t).size()];
        Arrays.setAll(all, i -> i);
        addFrom(
            tables.getFirst(), from.get(t), all, targets.get(t), true, numbered(Batch.MAX_ROWS));
      }
      return;
    }
    int partitions =
        put.isEmpty() ? GroupParts.partitions(total, context.threads()) : PartedRows.PARTITIONS;
    int[][][] members = new int[from.size()][][];
    context.parallel(
        from.size(),
        t -> members[t] = GroupParts.members(owners(from.get(t), partitions), partitions));
    int expected = (int) (total / partitions);
    GroupTable[] united = new GroupTable[partitions];
    context.parallel(
        partitions,
        p -> {
          GroupTable to = own(from.getFirst().emptyCopy(expected, newMemory()));
          int[] found = new int[Batch.MAX_ROWS];
          for (int t = 0; t < from.size(); t++) {
            context.check();
            addFrom(to, from.get(t), members[t][p], targets.get(t), true, found);
          }
          put.forEach(share -> share.addTo(to, p, found));
          united[p] = to;
        });
    from.forEach(GroupTable::retire);
    put.forEach(share -> share.rows.parting.close());
    parting = null;
    tables = List.of(united);
  }

  /// By the hash of the arguments alone, as groups have other numbers elsewhere.
  private byte[] owners(GroupTable table, int partitions) {
    byte[] owners = new byte[table.size()];
    long[] hashes = new long[Batch.MAX_ROWS];
    for (int at = 0; at < owners.length; at += Batch.MAX_ROWS) {
      int count = Math.min(Batch.MAX_ROWS, owners.length - at);
      table.hashes(grouped ? 1 : 0, at, count, hashes);
      for (int i = 0; i < count; i++) {
        owners[at + i] = (byte) GroupParts.of(hashes[i], partitions);
      }
    }
    return owners;
  }

  interface Sink {
    void accept(int[] groups, List<Vector> arguments, int rows, Scratch scratch);
  }

  /// All rows, each once.
  ///
  /// @param counts whether the arguments themselves are not asked for
  void each(boolean counts, Scratch scratch, Sink sink) {
    try (Scratch chunk = new Scratch(scratch.allocator())) {
      for (GroupTable table : tables) {
        for (int at = 0; at < table.size(); at += Batch.MAX_ROWS) {
          int count = Math.min(Batch.MAX_ROWS, table.size() - at);
          chunk.reset();
          int[] groups = new int[count];
          if (grouped) {
            table.firsts(at, count, groups);
          }
          List<Vector> keys = counts ? List.of() : table.keys(at, count, chunk);
          sink.accept(
              groups, grouped && !counts ? keys.subList(1, keys.size()) : keys, count, chunk);
        }
      }
    }
  }

  long heapBytes() {
    long bytes = 0;
    for (GroupTable table : tables) {
      bytes += table.heapBytes();
    }
    return bytes;
  }

  /// Bytes held, on the heap and beside it.
  long bytes() {
    long bytes = parting == null ? 0 : parting.bytes();
    for (GroupTable table : tables) {
      bytes += table.bytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    owned.forEach(GroupTable::close);
    if (parting != null) {
      parting.close();
    }
  }
}
