// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.BatchSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A running join: left shares are probed against the build side. Where right rows without a
/// partner are wanted, the worker that ends last gives them.
final class JoinSource implements ParallelSource {
  final JoinKind kind;
  final List<Integer> leftKeys;
  final List<Boolean> nullSafe;
  final List<Expression> conditions;
  final BuildSide build;
  final List<DataType> leftTypes;
  final QueryContext context;
  private final ParallelSource left;
  private final AtomicInteger running;

  JoinSource(
      Operator left,
      Operator right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullSafe,
      List<Expression> conditions,
      QueryContext context) {
    this.kind = kind;
    this.leftKeys = leftKeys;
    this.nullSafe = nullSafe;
    this.conditions = conditions;
    this.context = context;
    this.leftTypes = left.types();
    List<DataType> keyTypes = new ArrayList<>();
    for (int k = 0; k < leftKeys.size(); k++) {
      DataType l = leftTypes.get(leftKeys.get(k));
      DataType r = right.types().get(rightKeys.get(k));
      keyTypes.add(l.isNullable() || r.isNullable() ? DataTypes.nullable(r) : r);
    }
    this.build = new BuildSide(right, rightKeys, keyTypes, nullSafe, context);
    this.left = context.open(left);
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
