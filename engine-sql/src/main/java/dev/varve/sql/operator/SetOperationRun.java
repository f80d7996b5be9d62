// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.GroupTable;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.Arrays;

/// A running INTERSECT or EXCEPT: each distinct row with how often it comes on either side.
final class SetOperationRun {
  private final SetOperation plan;
  private final QueryContext context;
  private final GroupTable table;
  private long[] left = new long[1024];
  private long[] right = new long[1024];

  SetOperationRun(SetOperation plan, QueryContext context) {
    this.plan = plan;
    this.context = context;
    this.table = new GroupTable(plan.types());
  }

  ParallelSource run() {
    count(plan.left(), true);
    count(plan.right(), false);
    return ParallelSource.single(new Output());
  }

  private void count(Operator input, boolean isLeft) {
    int[] groups = new int[Batch.MAX_ROWS];
    long before = table.heapBytes();
    try (ParallelSource source = context.open(input);
        Scratch scratch = context.newScratch()) {
      // One table, one thread: the shares one after another.
      for (int w = 0; w < source.parallelism(); w++) {
        try (BatchSource share = source.worker(w)) {
          for (Batch batch = share.next(); batch != null; batch = share.next()) {
            context.check();
            scratch.reset();
            groups = groups.length < batch.rows() ? new int[batch.rows()] : groups;
            table.add(batch.columns(), batch.rows(), groups, scratch);
            if (table.size() > left.length) {
              left = Arrays.copyOf(left, Math.max(table.size(), left.length * 2));
              right = Arrays.copyOf(right, left.length);
            }
            long[] counts = isLeft ? left : right;
            for (int i = 0; i < batch.rows(); i++) {
              counts[groups[i]]++;
            }
          }
        }
      }
    }
    context.reserveHeap(table.heapBytes() - before);
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
      context.reserveHeap(-table.heapBytes());
    }
  }
}
