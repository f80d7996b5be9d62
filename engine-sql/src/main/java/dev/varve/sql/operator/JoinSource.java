// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.BatchSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A running join: left shares are probed against the build side. Where right rows are given at the
/// end, the worker that ends last gives them.
///
/// The build side is ready before the left side is opened, so that scans there find its key sets.
final class JoinSource implements ParallelSource {
  final HashJoin plan;
  final BuildSide build;
  final List<DataType> leftTypes;
  final List<DataType> types;
  final QueryContext context;
  private final ParallelSource left;
  private final AtomicInteger running;

  private JoinSource(HashJoin plan, BuildSide build, QueryContext context) {
    this.plan = plan;
    this.context = context;
    this.leftTypes = plan.left().types();
    this.types = plan.types();
    this.build = build;
    for (HashJoin.Published published : plan.published()) {
      context.publish(published.slot(), build.keySet(published.rightColumn()));
    }
    this.left = context.open(plan.left());
    this.running = new AtomicInteger(this.left.parallelism());
  }

  /// A join that goes to disk if its right side does not fit.
  static ParallelSource open(HashJoin plan, QueryContext context) {
    return open(plan, 0, context);
  }

  /// A join whose right side has to fit.
  static ParallelSource inMemory(HashJoin plan, QueryContext context) {
    return joined(plan, CollectedRows.of(plan.right(), null, context), context);
  }

  /// @param level how often the sides were parted before
  private static ParallelSource open(HashJoin plan, int level, QueryContext context) {
    // Without a key, and where keys were parted in vain, all rows are one partition.
    boolean parted = !plan.leftKeys().isEmpty() && level < context.memory().lastLevel();
    List<Integer> leftKeys = parted ? plan.leftKeys() : List.of();
    List<Integer> rightKeys = parted ? plan.rightKeys() : List.of();
    List<DataType> keyTypes =
        CollectedRows.keyTypes(plan.left(), leftKeys, plan.right(), rightKeys);
    CollectedRows right =
        CollectedRows.of(
            plan.right(),
            new PartitionedRows(plan.right().types(), rightKeys, keyTypes, level, context),
            context);
    if (right.onDisk() == null) {
      return joined(plan, right, context);
    }
    PartitionedRows left =
        new PartitionedRows(plan.left().types(), leftKeys, keyTypes, level, context);
    CollectedRows.write(plan.left(), left, context);
    return new SpilledJoin(
        left,
        right.onDisk(),
        (l, r) ->
            parted
                ? ParallelSource.inTurn(open(over(plan, l, r), level + 1, context))
                : new BlockJoin(plan, l, r, context),
        context);
  }

  private static HashJoin over(HashJoin plan, SpillFile left, SpillFile right) {
    return plan.withInputs(
        SpillScan.whole(plan.left().types(), left),
        SpillScan.whole(plan.right().types(), right),
        List.of());
  }

  private static JoinSource joined(HashJoin plan, CollectedRows right, QueryContext context) {
    List<DataType> keyTypes =
        CollectedRows.keyTypes(plan.left(), plan.leftKeys(), plan.right(), plan.rightKeys());
    BuildSide build =
        new BuildSide(
            right.stores(),
            plan.right().types(),
            plan.rightKeys(),
            keyTypes,
            plan.nullSafe(),
            context);
    return new JoinSource(plan, build, context);
  }

  @Override
  public int parallelism() {
    return left.parallelism();
  }

  @Override
  public BatchSource worker(int index) {
    return new JoinWorker(this, left.worker(index));
  }

  /// Whether the calling worker, at the end of its share, is the last one.
  boolean isLast() {
    return running.decrementAndGet() == 0;
  }

  @Override
  public void close() {
    left.close();
    build.close();
  }
}
