// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.vector.Batch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// A batch takes about as long as a query may take to end.
final class PaceTest {
  private static final long MILLI = 1_000_000;

  private long now;

  @Test
  void quickRowsComeInWholeBatchesSoonAndSlowOnesInSmallOnes() {
    try (BufferAllocator allocator = new RootAllocator();
        QueryContext context = new QueryContext(allocator, 1, Runnable::run, () -> now, 0, false)) {
      Pace pace = new Pace(context);
      assertThat(pace.rows()).isLessThan(10);
      for (int i = 0; i < 4; i++) {
        run(pace, pace.rows(), MILLI);
      }
      assertThat(pace.rows()).isEqualTo(Batch.MAX_ROWS);
      run(pace, 1000, 100 * MILLI);
      assertThat(pace.rows()).isEqualTo(50);
      run(pace, 50, 5_000 * MILLI);
      assertThat(pace.rows()).isEqualTo(1);
    }
  }

  private void run(Pace pace, int rows, long nanos) {
    pace.begin();
    now += nanos;
    pace.end(rows);
  }
}
