// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Conjunction;
import dev.varve.sql.expression.Masks;
import dev.varve.sql.hash.JoinTable;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// One worker of a join: pairs of a left batch are made a batch at a time, tested, and given; left
/// rows without a partner follow when their batch is through. Only the columns that are given are
/// gathered, and those of the left side not at all where each of its rows has one partner.
final class JoinWorker implements BatchSource {
  private final JoinSource join;
  private final JoinKind kind;
  private final BuildSide build;
  private final BatchSource share;
  private final Scratch keyScratch;
  private final Scratch scratch;
  private final JoinTable.Finder finder;
  private final Conjunction residual;
  private final Scratch constants;
  private final Vector nothing;
  private int[] leftRows = new int[Batch.MAX_ROWS];
  private int[] rightRows = new int[Batch.MAX_ROWS];
  private int[] groups = new int[Batch.MAX_ROWS];
  private boolean[] matched = new boolean[Batch.MAX_ROWS];
  private Batch batch;
  private int row;
  private int member = -1;
  private boolean ended;
  private int unseenFrom = -1;

  JoinWorker(JoinSource join, BatchSource share) {
    this.join = join;
    this.kind = join.plan.kind();
    this.build = join.build;
    this.share = share;
    this.keyScratch = join.context.newScratch();
    this.scratch = join.context.newScratch();
    this.finder = build.isKeyed() ? build.finder() : null;
    this.residual = join.plan.residual().isEmpty() ? null : new Conjunction(join.plan.residual());
    this.constants = join.context.newScratch();
    this.nothing = VectorOps.nulls(DataTypes.NOTHING, 1, constants);
  }

  @Override
  public Batch next() {
    while (true) {
      join.context.check();
      if (unseenFrom >= 0) {
        return fromRight();
      }
      if (batch == null && !advance()) {
        if (ended) {
          return null;
        }
        ended = true;
        if (!join.isLast() || !kind.marksRight()) {
          return null;
        }
        unseenFrom = 0;
        continue;
      }
      if (residual == null && (build.isUnique() || !kind.givesRight())) {
        Batch only = single();
        batch = null;
        if (only != null) {
          return only;
        }
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
      leftRows = new int[rows];
      rightRows = new int[rows];
    }
    Arrays.fill(matched, 0, rows, false);
    row = 0;
    member = -1;
    keyScratch.reset();
    scratch.reset();
    if (finder == null) {
      Arrays.fill(groups, 0, rows, build.rows().rows() == 0 ? -1 : 0);
      return true;
    }
    List<Vector> keys = new ArrayList<>(join.plan.leftKeys().size());
    for (int key : join.plan.leftKeys()) {
      keys.add(batch.column(key));
    }
    finder.find(keys, rows, groups, keyScratch);
    return true;
  }

  /// All of a left batch at once, where a row has one partner at most or needs no more than one.
  private Batch single() {
    int rows = batch.rows();
    return switch (kind) {
      case LEFT, FULL -> {
        if (kind == JoinKind.FULL) {
          markAll(groups, rows, build.seen());
        }
        yield given(null, groups, rows, true);
      }
      case SEMI, ANTI -> {
        int count = select(groups, rows, kind == JoinKind.SEMI, leftRows);
        yield count == 0 ? null : given(count == rows ? null : leftRows, null, count, false);
      }
      case RIGHT_SEMI, RIGHT_ANTI -> {
        markAll(groups, rows, build.seen());
        yield null;
      }
      case INNER, RIGHT -> {
        int count = partners(groups, rows, leftRows, rightRows);
        if (kind == JoinKind.RIGHT) {
          markAll(rightRows, count, build.seen());
        }
        yield count == 0 ? null : given(count == rows ? null : leftRows, rightRows, count, false);
      }
    };
  }

  private static int partners(int[] groups, int rows, int[] left, int[] right) {
    int count = 0;
    for (int i = 0; i < rows; i++) {
      int group = groups[i];
      if (group >= 0) {
        left[count] = i;
        right[count++] = group;
      }
    }
    return count;
  }

  private static int select(int[] groups, int rows, boolean partnered, int[] selection) {
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (groups[i] >= 0 == partnered) {
        selection[count++] = i;
      }
    }
    return count;
  }

  private static void markAll(int[] members, int count, byte[] seen) {
    for (int i = 0; i < count; i++) {
      if (members[i] >= 0) {
        seen[members[i]] = 1;
      }
    }
  }

  /// The next pairs that hold, or null when the left batch is through.
  private Batch nextPairs() {
    while (true) {
      join.context.check(); // one batch may have billions of candidates, none of which holds
      int count = kind.givesLeft() ? fill() : fillUnseen();
      if (count == 0) {
        return null;
      }
      scratch.reset();
      if (residual != null) {
        long[] mask = Masks.all(count);
        int candidates = count;
        count = residual.test(wanted -> candidates(wanted, candidates), count, scratch, mask);
        keep(mask, leftRows, rightRows);
      }
      mark(count);
      if (count > 0 && kind.givesLeft() && kind.givesRight()) {
        return given(leftRows, rightRows, count, false);
      }
    }
  }

  private static void keep(long[] mask, int[] left, int[] right) {
    int kept = 0;
    for (int w = 0; w < mask.length; w++) {
      for (long rest = mask[w]; rest != 0; rest &= rest - 1) {
        int pair = (w << 6) + Long.numberOfTrailingZeros(rest);
        left[kept] = left[pair];
        right[kept++] = right[pair];
      }
    }
  }

  /// The columns that a condition reads, of the candidates.
  private Batch candidates(BitSet wanted, int count) {
    int leftWidth = batch.columns().size();
    int width = leftWidth + build.rows().columns().size();
    List<Vector> columns = new ArrayList<>(width);
    for (int c = 0; c < width; c++) {
      columns.add(
          !wanted.get(c)
              ? Vector.constant(DataTypes.NOTHING, count, nothing)
              : c < leftWidth
                  ? VectorOps.gather(batch.column(c), leftRows, count, scratch)
                  : build.gather(c - leftWidth, rightRows, count, false, scratch));
    }
    return new Batch(count, columns);
  }

  /// Makes up to a batch of candidates; gives how many. Who only asks whether there is a partner is
  /// done with a row at its first.
  private int fill() {
    boolean firstOnly = !kind.givesRight();
    int[] members = build.members();
    if (members != null && !firstOnly) {
      return fillChains(members, build.starts());
    }
    int count = 0;
    int rows = batch.rows();
    while (row < rows && count < Batch.MAX_ROWS) {
      int group = groups[row];
      boolean done = group < 0 || firstOnly && matched[row];
      if (!done) {
        member = member < 0 ? build.from(group) : member;
        int end = build.to(group);
        int take = Math.min(end - member, Batch.MAX_ROWS - count);
        for (int i = 0; i < take; i++) {
          leftRows[count] = row;
          rightRows[count++] = members == null ? member : members[member];
          member++;
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

  /// As the other, for all pairs over chains of members: the loop of most joins.
  private int fillChains(int[] members, int[] starts) {
    int[] left = leftRows;
    int[] right = rightRows;
    int[] of = groups;
    int count = 0;
    int at = row;
    int next = member;
    int rows = batch.rows();
    while (at < rows && count < Batch.MAX_ROWS) {
      int group = of[at];
      if (group >= 0) {
        int end = starts[group + 1];
        next = next < 0 ? starts[group] : next;
        int stop = Math.min(end, next + Batch.MAX_ROWS - count);
        while (next < stop) {
          left[count] = at;
          right[count++] = members[next++];
        }
        if (next < end) {
          break;
        }
      }
      at++;
      next = -1;
    }
    row = at;
    member = next;
    return count;
  }

  /// As the other, where right rows that have a partner need no second.
  private int fillUnseen() {
    byte[] seen = build.seen();
    int[] members = build.members();
    int count = 0;
    int rows = batch.rows();
    while (row < rows && count < Batch.MAX_ROWS) {
      int group = groups[row];
      if (group >= 0) {
        int end = build.to(group);
        member = member < 0 ? build.from(group) : member;
        while (member < end && count < Batch.MAX_ROWS) {
          int right = members == null ? member : members[member];
          if (seen[right] == 0) {
            leftRows[count] = row;
            rightRows[count++] = right;
          }
          member++;
        }
        if (member < end) {
          return count;
        }
      }
      row++;
      member = -1;
    }
    return count;
  }

  private void mark(int count) {
    if (kind.marksRight()) {
      markAll(rightRows, count, build.seen());
    }
    if (kind.givesLeft()) {
      for (int i = 0; i < count; i++) {
        matched[leftRows[i]] = true;
      }
    }
  }

  /// A batch of what the join gives.
  ///
  /// @param left rows of the left batch; null for all of them as they are
  /// @param right rows of the right side
  /// @param mayMiss whether -1 stands among `right`, for NULL
  private Batch given(int[] left, int[] right, int count, boolean mayMiss) {
    List<Integer> output = join.plan.output();
    int leftWidth = join.leftTypes.size();
    List<Vector> columns = new ArrayList<>(output.size());
    MemorySegment codes = null;
    for (int o = 0; o < output.size(); o++) {
      int c = output.get(o);
      DataType type = join.types.get(o);
      Vector column;
      if (c >= leftWidth && !mayMiss && build.isPointedInto(c - leftWidth)) {
        codes = codes == null ? BuildSide.codes(right, count, scratch) : codes;
        column = build.pointed(c - leftWidth, codes, count);
      } else if (c >= leftWidth) {
        column = build.gather(c - leftWidth, right, count, mayMiss, scratch);
      } else {
        Vector source = batch.column(c);
        column = left == null ? source : VectorOps.gather(source, left, count, scratch);
      }
      columns.add(type.isNullable() && !column.type().isNullable() ? column.as(type) : column);
    }
    return new Batch(count, columns);
  }

  /// Left rows that are given because they have a partner (SEMI) or have none.
  private Batch leftovers() {
    boolean wanted = kind == JoinKind.SEMI;
    if (!wanted && !kind.keepsLeft() && kind != JoinKind.ANTI) {
      return null;
    }
    int rows = batch.rows();
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (matched[i] == wanted) {
        leftRows[count++] = i;
      }
    }
    if (count == 0) {
      return null;
    }
    scratch.reset();
    Arrays.fill(rightRows, 0, count, -1);
    return given(count == rows ? null : leftRows, rightRows, count, true);
  }

  /// Right rows that no worker paired; those that one did, for RIGHT_SEMI.
  private Batch fromRight() {
    byte wanted = (byte) (kind == JoinKind.RIGHT_SEMI ? 1 : 0);
    byte[] seen = build.seen();
    int total = build.rows().rows();
    int count = 0;
    while (unseenFrom < total && count < Batch.MAX_ROWS) {
      if (seen[unseenFrom] == wanted) {
        rightRows[count++] = unseenFrom;
      }
      unseenFrom++;
    }
    if (count == 0) {
      unseenFrom = -1;
      return null;
    }
    scratch.reset();
    int leftWidth = join.leftTypes.size();
    List<Vector> columns = new ArrayList<>();
    for (int o = 0; o < join.plan.output().size(); o++) {
      int c = join.plan.output().get(o);
      DataType type = join.types.get(o);
      Vector column =
          c < leftWidth
              ? VectorOps.nulls(type, count, scratch)
              : build.gather(c - leftWidth, rightRows, count, false, scratch);
      columns.add(type.isNullable() && !column.type().isNullable() ? column.as(type) : column);
    }
    return new Batch(count, columns);
  }

  @Override
  public void close() {
    share.close();
    keyScratch.close();
    scratch.close();
    constants.close();
  }
}
