// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Batches;
import dev.varve.sql.expression.Conjunction;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.hash.GroupTable;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One worker of a join: pairs of a left batch are made a batch at a time, tested, and given; left
/// rows without a partner follow when their batch is through.
final class JoinWorker implements BatchSource {
  private final JoinSource join;
  private final BuildSide build;
  private final BatchSource share;
  private final Scratch keyScratch;
  private final Scratch scratch;
  private final GroupTable.Finder finder;
  private final Conjunction residual;
  private final boolean onlyLeft;
  private final int[] leftRows = new int[Batch.MAX_ROWS];
  private final int[] rightRows = new int[Batch.MAX_ROWS];
  private Batch batch;
  private int[] groups = new int[Batch.MAX_ROWS];
  private boolean[] matched = new boolean[Batch.MAX_ROWS];
  private int row;
  private int member = -1;
  private boolean ended;
  private int unseenFrom = -1;

  JoinWorker(JoinSource join, BatchSource share) {
    this.join = join;
    this.build = join.build;
    this.share = share;
    this.keyScratch = join.context.newScratch();
    this.scratch = join.context.newScratch();
    this.finder = build.isKeyed() ? build.finder() : null;
    this.residual = join.conditions.isEmpty() ? null : new Conjunction(join.conditions);
    this.onlyLeft = !join.kind.givesRight();
  }

  @Override
  public Batch next() {
    while (true) {
      join.context.check();
      if (unseenFrom >= 0) {
        return unseen();
      }
      if (batch == null && !advance()) {
        if (ended) {
          return null;
        }
        ended = true;
        if (!join.isLast() || !join.kind.keepsRight()) {
          return null;
        }
        unseenFrom = 0;
        continue;
      }
      Batch pairs = nextPairs();
      if (pairs != null) {
        return pairs;
      }
      Batch rest = leftovers();
      batch = null;
      if (rest != null) {
        return rest;
      }
    }
  }

  private boolean advance() {
    if (ended) {
      return false;
    }
    batch = share.next();
    if (batch == null) {
      return false;
    }
    int rows = batch.rows();
    if (groups.length < rows) {
      groups = new int[rows];
      matched = new boolean[rows];
    }
    Arrays.fill(matched, 0, rows, false);
    row = 0;
    member = -1;
    keyScratch.reset();
    if (finder == null) {
      Arrays.fill(groups, 0, rows, build.rows().rows() == 0 ? -1 : 0);
      return true;
    }
    List<Vector> keys = new ArrayList<>(join.leftKeys.size());
    for (int key : join.leftKeys) {
      keys.add(batch.column(key));
    }
    finder.find(keys, rows, groups, keyScratch);
    BuildSide.forgetNulls(keys, join.nullSafe, rows, groups, 0);
    return true;
  }

  /// The next pairs that hold, or null when the left batch is through.
  private Batch nextPairs() {
    if (onlyLeft && residual == null) {
      for (int i = 0; i < batch.rows(); i++) {
        matched[i] = groups[i] >= 0 && build.from(groups[i]) < build.to(groups[i]);
      }
      return null;
    }
    while (true) {
      int count = fill();
      if (count == 0) {
        return null;
      }
      scratch.reset();
      Batch pairs = pair(leftRows, rightRows, count);
      if (residual != null) {
        long[] mask = Masks.all(count);
        int left = residual.test(_ -> pairs, count, scratch, mask);
        int[] selection = new int[left];
        Masks.toSelection(mask, selection);
        mark(selection, left);
        if (left > 0 && !onlyLeft) {
          return left == count
              ? typed(pairs)
              : typed(Batches.gather(pairs, selection, left, scratch));
        }
      } else {
        mark(null, count);
        return typed(pairs);
      }
    }
  }

  /// Makes up to a batch of candidates; gives how many.
  private int fill() {
    int count = 0;
    int rows = batch.rows();
    while (row < rows && count < Batch.MAX_ROWS) {
      int group = groups[row];
      boolean done = group < 0 || onlyLeft && matched[row];
      if (!done) {
        member = member < 0 ? build.from(group) : member;
        int end = build.to(group);
        int take = Math.min(end - member, Batch.MAX_ROWS - count);
        for (int i = 0; i < take; i++) {
          leftRows[count] = row;
          rightRows[count++] = build.member(member++);
        }
        done = member == end;
      }
      if (done) {
        row++;
        member = -1;
      }
    }
    return count;
  }

  private void mark(int[] selection, int count) {
    boolean right = join.kind.keepsRight();
    for (int i = 0; i < count; i++) {
      int pair = selection == null ? i : selection[i];
      matched[leftRows[pair]] = true;
      if (right) {
        build.markSeen(rightRows[pair]);
      }
    }
  }

  private Batch pair(int[] left, int[] right, int count) {
    List<Vector> columns = new ArrayList<>();
    for (Vector column : batch.columns()) {
      columns.add(VectorOps.gather(column, left, count, scratch));
    }
    columns.addAll(build.gather(right, count, false, scratch));
    return new Batch(count, columns);
  }

  /// The same columns with the types that the join gives: nullable on a side that may be missing.
  private Batch typed(Batch pairs) {
    List<Vector> columns = new ArrayList<>(pairs.columns().size());
    int leftWidth = join.leftTypes.size();
    for (int c = 0; c < pairs.columns().size(); c++) {
      Vector column = pairs.column(c);
      boolean nullable = c < leftWidth ? join.kind.keepsRight() : join.kind.keepsLeft();
      columns.add(nullable ? column.as(DataTypes.nullable(column.type())) : column);
    }
    return new Batch(pairs.rows(), columns);
  }

  /// Left rows that are given because they have a partner (SEMI) or have none.
  private Batch leftovers() {
    boolean wanted = join.kind == JoinKind.SEMI;
    if (!wanted && !join.kind.keepsLeft() && join.kind != JoinKind.ANTI) {
      return null;
    }
    int rows = batch.rows();
    int[] selection = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (matched[i] == wanted) {
        selection[count++] = i;
      }
    }
    if (count == 0) {
      return null;
    }
    scratch.reset();
    Batch left = count == rows ? batch : Batches.gather(batch, selection, count, scratch);
    if (onlyLeft) {
      return left;
    }
    int[] none = new int[count];
    Arrays.fill(none, -1);
    List<Vector> columns = new ArrayList<>();
    for (Vector column : left.columns()) {
      columns.add(join.kind.keepsRight() ? column.as(DataTypes.nullable(column.type())) : column);
    }
    columns.addAll(build.gather(none, count, true, scratch));
    return new Batch(count, columns);
  }

  /// Right rows that no worker paired.
  private Batch unseen() {
    int total = build.rows().rows();
    int count = 0;
    while (unseenFrom < total && count < Batch.MAX_ROWS) {
      if (!build.isSeen(unseenFrom)) {
        rightRows[count++] = unseenFrom;
      }
      unseenFrom++;
    }
    if (count == 0) {
      unseenFrom = -1;
      return null;
    }
    scratch.reset();
    List<Vector> columns = new ArrayList<>();
    for (DataType type : join.leftTypes) {
      columns.add(VectorOps.nulls(DataTypes.nullable(type), count, scratch));
    }
    columns.addAll(build.gather(rightRows, count, join.kind.keepsLeft(), scratch));
    return new Batch(count, columns);
  }

  @Override
  public void close() {
    share.close();
    keyScratch.close();
    scratch.close();
  }
}
