// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import java.util.concurrent.atomic.LongAdder;

/// What one operator of a measured query did: rows given, batches, time of all workers with the
/// inputs' time in it. Safe for threads.
public final class OperatorStats {
  private final LongAdder rows = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  void addBatch(int batchRows) {
    rows.add(batchRows);
    batches.increment();
  }

  void addNanos(long more) {
    nanos.add(more);
  }

  public long rows() {
    return rows.sum();
  }

  public long batches() {
    return batches.sum();
  }

  public long nanos() {
    return nanos.sum();
  }
}
