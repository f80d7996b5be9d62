// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.util.List;

/// How many rows an operator evaluates at once: a query is stopped between batches, so one must not
/// take long. Few rows at first, then as many as there are, and few again where they take long (a
/// pattern over long texts, arrays of millions).
final class Pace {
  private static final int FIRST = 4;
  private static final int GROWTH = 16;
  private static final long SHORT_NANOS = 5_000_000;
  private static final long LONG_NANOS = 20_000_000;

  private final QueryContext context;
  private int rows = FIRST;
  private long begun;

  Pace(QueryContext context) {
    this.context = context;
  }

  int rows() {
    return rows;
  }

  /// The rows of a share in batches that this pace allows; as they are where nothing is computed.
  BatchSource of(BatchSource share, List<Expression> expressions) {
    boolean computes =
        expressions.stream()
            .anyMatch(
                e -> !(e instanceof Expression.InputColumn || e instanceof Expression.Literal));
    return computes ? new Slices(share, this::rows, context) : share;
  }

  void begin() {
    begun = context.elapsedNanos();
  }

  /// @param done rows evaluated since [#begin()]
  void end(int done) {
    long took = context.elapsedNanos() - begun;
    if (took > LONG_NANOS) {
      rows = (int) Math.clamp(done * SHORT_NANOS / took, 1, Batch.MAX_ROWS);
    } else if (took < SHORT_NANOS && done >= rows) {
      rows = Math.min(Batch.MAX_ROWS, rows * GROWTH);
    }
  }
}
