// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.GroupTable;
import dev.varve.sql.hash.KeyMemory;
import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A running INTERSECT or EXCEPT: each distinct row with how often it comes on either side.
final class SetOperationRun {
  private final SetOperation plan;
  private final QueryContext context;
  private final GroupTable table;
  private long[] left = new long[1024];
  private long[] right = new long[0];
  private long reserved;

  private SetOperationRun(SetOperation plan, QueryContext context) {
    this.plan = plan;
    this.context = context;
    // NULL of one side must not be taken for the zero of another that has no NULL.
    this.table = new GroupTable(plan.types(), 0, KeyMemory.of(context.allocator()));
    context.register(table);
  }

  /// @param level how often the inputs were parted before
  static ParallelSource open(SetOperation plan, int level, QueryContext context) {
    PartitionedRows onDisk = partitions(plan, plan.left(), level, context);
    boolean parted = level < context.memory().lastLevel();
    CollectedRows left = CollectedRows.of(plan.left(), parted ? onDisk : null, context);
    if (left.onDisk() == null) {
      SetOperationRun run = new SetOperationRun(plan, context);
      run.addLeft(left);
      run.countRight();
      return ParallelSource.single(run.new Output());
    }
    PartitionedRows right = partitions(plan, plan.right(), level, context);
    CollectedRows.write(plan.right(), right, context);
    return new SpilledJoin(
        left.onDisk(),
        right,
        (l, r) -> ParallelSource.inTurn(open(over(plan, l, r), level + 1, context)),
        context);
  }

  private static PartitionedRows partitions(
      SetOperation plan, Operator side, int level, QueryContext context) {
    List<DataType> types = side.types();
    List<Integer> all = IntStream.range(0, types.size()).boxed().toList();
    return new PartitionedRows(types, all, plan.types(), level, context);
  }

  private static SetOperation over(SetOperation plan, SpillFile left, SpillFile right) {
    return new SetOperation(
        SpillScan.whole(plan.left().types(), left),
        SpillScan.whole(plan.right().types(), right),
        plan.kind(),
        plan.all());
  }

  private void addLeft(CollectedRows rows) {
    long before = table.heapBytes();
    int[] groups = new int[Batch.MAX_ROWS];
    try (Scratch scratch = context.newScratch()) {
      for (RowStore store : rows.stores()) {
        for (Batch batch : store.batches()) {
          context.check();
          scratch.reset();
          groups = groups.length < batch.rows() ? new int[batch.rows()] : groups;
          table.add(batch.columns(), batch.rows(), groups, scratch);
          if (table.size() > left.length) {
            left = Arrays.copyOf(left, Math.max(table.size(), left.length * 2));
          }
          for (int i = 0; i < batch.rows(); i++) {
            left[groups[i]]++;
          }
        }
        store.discard();
      }
    }
    right = new long[table.size()];
    reserved = table.heapBytes() - before + 8L * (left.length + right.length);
    context.reserveHeap(reserved);
  }

  /// Rows of the right side that the left side does not have change nothing.
  private void countRight() {
    int[] groups = new int[Batch.MAX_ROWS];
    GroupTable.Finder finder = table.finder();
    try (BatchSource rows = ParallelSource.inTurn(context.open(plan.right()));
        Scratch scratch = context.newScratch()) {
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        context.check();
        scratch.reset();
        groups = groups.length < batch.rows() ? new int[batch.rows()] : groups;
        finder.find(batch.columns(), batch.rows(), groups, scratch);
        for (int i = 0; i < batch.rows(); i++) {
          if (groups[i] >= 0) {
            right[groups[i]]++;
          }
        }
      }
    }
  }

  private long copies(int group) {
    long l = left[group];
    long r = right[group];
    return switch (plan.kind()) {
      case INTERSECT -> plan.all() ? Math.min(l, r) : l > 0 && r > 0 ? 1 : 0;
      case EXCEPT -> plan.all() ? Math.max(0, l - r) : l > 0 && r == 0 ? 1 : 0;
    };
  }

  private final class Output implements BatchSource {
    private final Scratch scratch = context.newScratch();
    private int group;
    private long given;

    @Override
    public Batch next() {
      context.check();
      int[] members = new int[Batch.MAX_ROWS];
      int count = 0;
      while (group < table.size() && count < Batch.MAX_ROWS) {
        if (given < copies(group)) {
          members[count++] = group;
          given++;
        } else {
          group++;
          given = 0;
        }
      }
      if (count == 0) {
        return null;
      }
      scratch.reset();
      return new Batch(count, table.keys(members, 0, count, scratch));
    }

    @Override
    public void close() {
      scratch.close();
      table.close();
      context.reserveHeap(-reserved);
      reserved = 0;
    }
  }
}
