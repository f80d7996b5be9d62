// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.Conjunction;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.hash.JoinTable;
import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// A running [PickJoin]: the right side held whole, the members of a key in order where the nearest
/// is wanted.
final class PickSource implements ParallelSource {
  private final PickJoin plan;
  private final QueryContext context;
  private final BuildSide build;
  private final ParallelSource left;
  private final AtomicIntegerArray taken;

  private PickSource(PickJoin plan, CollectedRows right, QueryContext context) {
    this.plan = plan;
    this.context = context;
    List<DataType> keyTypes =
        CollectedRows.keyTypes(plan.left(), plan.leftKeys(), plan.right(), plan.rightKeys());
    List<Boolean> nullSafe = Collections.nCopies(keyTypes.size(), false);
    build =
        new BuildSide(
            right.stores(), plan.right().types(), plan.rightKeys(), keyTypes, nullSafe, context);
    plan.nearest().ifPresent(nearest -> build.sortMembers(nearest.right()));
    taken = plan.oncePerKey() ? new AtomicIntegerArray(Math.max(1, build.groups())) : null;
    left = context.open(plan.left());
  }

  /// @param level how often the sides were parted before; rows of one key have to fit
  static ParallelSource open(PickJoin plan, int level, QueryContext context) {
    boolean parted = !plan.leftKeys().isEmpty() && level < context.memory().lastLevel();
    List<DataType> keyTypes =
        CollectedRows.keyTypes(plan.left(), plan.leftKeys(), plan.right(), plan.rightKeys());
    PartitionedRows rows =
        new PartitionedRows(plan.right().types(), plan.rightKeys(), keyTypes, level, context);
    CollectedRows right = CollectedRows.of(plan.right(), parted ? rows : null, context);
    if (right.onDisk() == null) {
      return new PickSource(plan, right, context);
    }
    PartitionedRows left =
        new PartitionedRows(plan.left().types(), plan.leftKeys(), keyTypes, level, context);
    CollectedRows.write(plan.left(), left, context);
    return new SpilledJoin(
        left,
        right.onDisk(),
        (l, r) -> ParallelSource.inTurn(open(over(plan, l, r), level + 1, context)),
        context);
  }

  private static PickJoin over(PickJoin plan, SpillFile left, SpillFile right) {
    return new PickJoin(
        SpillScan.whole(plan.left().types(), left),
        SpillScan.whole(plan.right().types(), right),
        plan.leftKeys(),
        plan.rightKeys(),
        plan.nearest(),
        plan.conditions(),
        plan.keepsUnmatched(),
        plan.keepsMatched(),
        plan.oncePerKey());
  }

  @Override
  public int parallelism() {
    return left.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    return new Worker(left.worker(index));
  }

  @Override
  public void close() {
    left.close();
    build.close();
  }

  private final class Worker implements BatchSource {
    private final BatchSource share;
    private final Scratch keyScratch = context.newScratch();
    private final Scratch scratch = context.newScratch();
    private final JoinTable.Finder finder = build.isKeyed() ? build.finder() : null;
    private final Conjunction residual =
        plan.conditions().isEmpty() ? null : new Conjunction(plan.conditions());
    private int[] groups = new int[Batch.MAX_ROWS];
    private int[] next = new int[Batch.MAX_ROWS];
    private int[] partner = new int[Batch.MAX_ROWS];

    Worker(BatchSource share) {
      this.share = share;
    }

    @Override
    public Batch next() {
      for (Batch batch = share.next(); batch != null; batch = share.next()) {
        context.check();
        Batch joined = joined(batch);
        if (joined.rows() > 0) {
          return joined;
        }
      }
      return null;
    }

    private Batch joined(Batch batch) {
      int rows = batch.rows();
      if (groups.length < rows) {
        groups = new int[rows];
        next = new int[rows];
        partner = new int[rows];
      }
      find(batch);
      place(batch);
      scratch.reset();
      if (residual == null) {
        for (int i = 0; i < rows; i++) {
          partner[i] = candidate(i);
        }
      } else {
        test(batch);
      }
      return given(batch);
    }

    private void find(Batch batch) {
      int rows = batch.rows();
      keyScratch.reset();
      if (finder == null) {
        Arrays.fill(groups, 0, rows, build.rows().rows() == 0 ? -1 : 0);
        return;
      }
      List<Vector> keys = new ArrayList<>(plan.leftKeys().size());
      for (int key : plan.leftKeys()) {
        keys.add(batch.column(key));
      }
      finder.find(keys, rows, groups, keyScratch);
    }

    /// The first member to look at for each row.
    private void place(Batch batch) {
      for (int i = 0; i < batch.rows(); i++) {
        next[i] = groups[i] < 0 ? 0 : build.from(groups[i]);
      }
      if (plan.nearest().isEmpty()) {
        return;
      }
      PickJoin.Nearest nearest = plan.nearest().get();
      Vector wanted = batch.column(nearest.left());
      Vector values = build.rows().column(nearest.right());
      for (int i = 0; i < batch.rows(); i++) {
        if (groups[i] < 0) {
          continue;
        }
        if (wanted.isNull(i)) {
          groups[i] = -1;
          continue;
        }
        // The first member above the wanted value, or at it where equal ones are on that side.
        boolean equalAbove = nearest.below() != nearest.orEqual();
        int low = build.from(groups[i]);
        int high = presentTo(values, groups[i]);
        while (low < high) {
          int middle = (low + high) >>> 1;
          int order = ValueOrder.compare(values, build.member(middle), wanted, i);
          if (order > 0 || (order == 0 && equalAbove)) {
            high = middle;
          } else {
            low = middle + 1;
          }
        }
        next[i] = nearest.below() ? low - 1 : low;
      }
    }

    // NULLs are last.
    private int presentTo(Vector values, int group) {
      int to = build.to(group);
      while (to > build.from(group) && values.isNull(build.member(to - 1))) {
        to--;
      }
      return to;
    }

    /// The right row to look at now, or -1.
    private int candidate(int row) {
      int group = groups[row];
      if (group < 0 || next[row] < build.from(group) || next[row] >= build.to(group)) {
        return -1;
      }
      int member = build.member(next[row]);
      boolean isNull =
          plan.nearest().isPresent()
              && build.rows().column(plan.nearest().get().right()).isNull(member);
      return isNull ? -1 : member;
    }

    /// Looks at the candidates of all rows that have none yet, until nothing is left to look at.
    private void test(Batch batch) {
      int step = plan.nearest().map(PickJoin.Nearest::below).orElse(false) ? -1 : 1;
      int[] open = new int[batch.rows()];
      int[] rights = new int[batch.rows()];
      Arrays.fill(partner, 0, batch.rows(), -1);
      int count = batch.rows();
      for (int i = 0; i < count; i++) {
        open[i] = i;
      }
      try (Scratch pairs = context.newScratch()) {
        while (count > 0) {
          pairs.reset();
          int kept = 0;
          for (int i = 0; i < count; i++) {
            int right = candidate(open[i]);
            if (right >= 0) {
              open[kept] = open[i];
              rights[kept++] = right;
            }
          }
          if (kept == 0) {
            return;
          }
          List<Vector> columns = new ArrayList<>();
          for (Vector column : batch.columns()) {
            columns.add(VectorOps.gather(column, open, kept, pairs));
          }
          columns.addAll(build.gather(rights, kept, false, pairs));
          Batch both = new Batch(kept, columns);
          long[] mask = Masks.all(kept);
          residual.test(_ -> both, kept, pairs, mask);
          count = 0;
          for (int i = 0; i < kept; i++) {
            if ((mask[i >>> 6] >>> i & 1) != 0) {
              partner[open[i]] = rights[i];
            } else {
              next[open[i]] += step;
              open[count++] = open[i];
            }
          }
        }
      }
    }

    private Batch given(Batch batch) {
      int[] rows = new int[batch.rows()];
      int[] rights = new int[batch.rows()];
      int count = 0;
      for (int i = 0; i < batch.rows(); i++) {
        boolean matched = partner[i] >= 0;
        boolean gives = matched ? plan.keepsMatched() && isFirst(groups[i]) : plan.keepsUnmatched();
        if (gives) {
          rows[count] = i;
          rights[count++] = partner[i];
        }
      }
      List<Vector> columns = new ArrayList<>();
      for (Vector column : batch.columns()) {
        columns.add(
            count == batch.rows() ? column : VectorOps.gather(column, rows, count, scratch));
      }
      columns.addAll(build.gather(rights, count, plan.keepsUnmatched(), scratch));
      return new Batch(count, columns);
    }

    private boolean isFirst(int group) {
      return taken == null || taken.compareAndSet(group, 0, 1);
    }

    @Override
    public void close() {
      share.close();
      keyScratch.close();
      scratch.close();
    }
  }
}
