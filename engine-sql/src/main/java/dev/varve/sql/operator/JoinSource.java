// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.BatchSource;
import java.util.ArrayList;
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

  JoinSource(HashJoin plan, QueryContext context) {
    this.plan = plan;
    this.context = context;
    this.leftTypes = plan.left().types();
    this.types = plan.types();
    List<DataType> rightTypes = plan.right().types();
    List<DataType> keyTypes = new ArrayList<>();
    for (int k = 0; k < plan.leftKeys().size(); k++) {
      DataType l = leftTypes.get(plan.leftKeys().get(k));
      DataType r = rightTypes.get(plan.rightKeys().get(k));
      keyTypes.add(l.isNullable() || r.isNullable() ? DataTypes.nullable(r) : r);
    }
    this.build = new BuildSide(plan.right(), plan.rightKeys(), keyTypes, plan.nullSafe(), context);
    for (HashJoin.Published published : plan.published()) {
      context.publish(published.slot(), build.keySet(published.rightColumn()));
    }
    this.left = context.open(plan.left());
    this.running = new AtomicInteger(this.left.parallelism());
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
