// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// A join of rows on disk that no hash parts any further, as they have no key or all the same: as
/// much of the right side as fits at a time, against the whole left side.
///
/// Right rows see all left rows in their chunk. Left rows that found no partner yet are kept in a
/// file that shrinks from chunk to chunk; what is left of it in the end has none.
final class BlockJoin implements BatchSource {
  private final HashJoin plan;
  private final SpillFile left;
  private final SpillFile right;
  private final List<SpillFile.Chunk> chunks;
  private final QueryContext context;
  private SpillFile alone;
  private BatchSource current;
  private int chunk = -1;

  /// @param left null for no rows
  /// @param right null for no rows
  BlockJoin(HashJoin plan, SpillFile left, SpillFile right, QueryContext context) {
    this.plan = plan;
    this.left = left;
    this.right = right;
    this.context = context;
    this.alone = left;
    this.chunks =
        right == null
            ? List.of()
            : right.chunks(context.memory().roomFor(context.threads()), context.newScratch());
  }

  @Override
  public Batch next() {
    while (true) {
      context.check();
      if (current != null) {
        Batch batch = current.next();
        if (batch != null) {
          return typed(batch);
        }
        current.close();
        current = null;
        if (chunk < chunks.size()) {
          dropPartnered();
        }
      }
      if (chunk == chunks.size()) {
        return null;
      }
      chunk++;
      current = chunk < chunks.size() ? step() : end();
    }
  }

  /// What is given of a chunk of the right side.
  private BatchSource step() {
    return switch (plan.kind()) {
      case INNER, RIGHT, RIGHT_SEMI, RIGHT_ANTI -> join(left, plan.kind(), plan.output());
      case LEFT -> join(left, JoinKind.INNER, plan.output());
      case FULL -> join(left, JoinKind.RIGHT, plan.output());
      case SEMI -> join(alone, JoinKind.SEMI, plan.output());
      case ANTI -> nothing();
    };
  }

  /// Left rows that no chunk had a partner for.
  private BatchSource end() {
    return switch (plan.kind()) {
      case LEFT, FULL, ANTI -> open(scan(alone), empty(), plan.kind(), plan.output());
      case INNER, RIGHT, RIGHT_SEMI, RIGHT_ANTI, SEMI -> nothing();
    };
  }

  private void dropPartnered() {
    switch (plan.kind()) {
      case LEFT, FULL, SEMI, ANTI -> {
        if (alone == null) {
          return;
        }
        List<DataType> types = plan.left().types();
        SpillFile rest = context.memory().newFile(types);
        context.register(rest);
        List<Integer> all = HashJoin.allColumns(plan.left(), plan.right(), JoinKind.ANTI);
        try (BatchSource rows = join(alone, JoinKind.ANTI, all);
            Scratch scratch = new Scratch(context.allocator())) {
          for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
            scratch.reset();
            rest.append(batch, scratch);
          }
        }
        forgetAlone();
        alone = rest;
      }
      case INNER, RIGHT, RIGHT_SEMI, RIGHT_ANTI -> {}
    }
  }

  private void forgetAlone() {
    if (alone != left) {
      PartitionedRows.drop(alone, context);
    }
  }

  private BatchSource join(SpillFile rows, JoinKind kind, List<Integer> output) {
    SpillScan part = new SpillScan(plan.right().types(), right, chunks.get(chunk));
    return open(scan(rows), part, kind, output);
  }

  private SpillScan scan(SpillFile rows) {
    return SpillScan.whole(plan.left().types(), rows);
  }

  private SpillScan empty() {
    return SpillScan.whole(plan.right().types(), null);
  }

  private BatchSource nothing() {
    return empty().open(context).worker(0);
  }

  private BatchSource open(
      Operator leftRows, Operator rightRows, JoinKind kind, List<Integer> output) {
    HashJoin part =
        new HashJoin(
            leftRows,
            rightRows,
            kind,
            plan.leftKeys(),
            plan.rightKeys(),
            plan.nullSafe(),
            plan.residual(),
            output,
            List.of());
    return ParallelSource.inTurn(JoinSource.inMemory(part, context));
  }

  /// The same columns with the types that the join gives.
  private Batch typed(Batch batch) {
    List<DataType> types = plan.types();
    List<Vector> columns = new ArrayList<>(types.size());
    for (int c = 0; c < types.size(); c++) {
      Vector column = batch.column(c);
      boolean wider = types.get(c).isNullable() && !column.type().isNullable();
      columns.add(wider ? column.as(types.get(c)) : column);
    }
    return new Batch(batch.rows(), columns);
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
    }
    forgetAlone();
  }
}
