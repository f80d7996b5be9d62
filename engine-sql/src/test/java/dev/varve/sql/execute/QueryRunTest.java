// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.Numbers;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.ParallelSource;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.QueryContext;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class QueryRunTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private static final DataType UINT64 = DataTypes.UINT64;
  private static final Operator MANY = new Numbers(0, 1_000_000, 1);

  private static long count(QueryRun run) {
    long rows = 0;
    for (Batch batch = run.next(); batch != null; batch = run.next()) {
      rows += batch.rows();
    }
    return rows;
  }

  private static QueryContext context(BufferAllocator allocator, Executor workers) {
    return new QueryContext(allocator, 2, workers, System::nanoTime, 0, true);
  }

  @Test
  void everyRowComesOnceWithOrWithoutHelpers() {
    try (BufferAllocator allocator = new RootAllocator();
        WorkerPool pool = new WorkerPool(1)) {
      for (Executor workers : List.<Executor>of(pool, _ -> {})) {
        QueryContext context = context(allocator, workers);
        try (QueryRun run = QueryRun.start(MANY, context)) {
          assertThat(count(run)).isEqualTo(1_000_000);
        }
        assertThat(context.stats(MANY).orElseThrow().rows()).isEqualTo(1_000_000);
        assertThat(context.readRows()).isEqualTo(1_000_000);
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void aCancelledQueryEndsWithItsError() {
    try (BufferAllocator allocator = new RootAllocator();
        WorkerPool pool = new WorkerPool(1)) {
      QueryContext context = context(allocator, pool);
      try (QueryRun run = QueryRun.start(MANY, context)) {
        assertThat(run.next()).isNotNull();
        context.cancel();
        assertThatThrownBy(() -> count(run))
            .isInstanceOfSatisfying(
                VarveException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_WAS_CANCELLED));
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void aQueryOverItsTimeEndsWithItsError() {
    AtomicLong clock = new AtomicLong();
    try (BufferAllocator allocator = new RootAllocator()) {
      QueryContext context = new QueryContext(allocator, 1, _ -> {}, clock::get, 1_000, false);
      try (QueryRun run = QueryRun.start(MANY, context)) {
        assertThat(run.next()).isNotNull();
        clock.set(2_000);
        assertThatThrownBy(run::next)
            .isInstanceOfSatisfying(
                VarveException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT_EXCEEDED));
      }
    }
  }

  @Test
  void theErrorOfAnyWorkerIsTheErrorOfTheQuery() {
    Expression number = new Expression.InputColumn(0, UINT64);
    Expression zeroAtTheEnd =
        new Expression.Call(
            FUNCTIONS.scalar("minus", List.of(UINT64, UINT64)),
            List.of(new Expression.Literal(BigInteger.valueOf(999_999), UINT64), number));
    Expression divided =
        new Expression.Call(
            FUNCTIONS.scalar("intDiv", List.of(DataTypes.INT64, zeroAtTheEnd.type())),
            List.of(new Expression.Literal(1L, DataTypes.INT64), zeroAtTheEnd));
    try (BufferAllocator allocator = new RootAllocator();
        WorkerPool pool = new WorkerPool(1)) {
      Operator plan = new Project(MANY, List.of(divided));
      try (QueryRun run = QueryRun.start(plan, context(allocator, pool))) {
        assertThatThrownBy(() -> count(run))
            .isInstanceOfSatisfying(
                VarveException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_DIVISION));
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  /// The thread that asks is told to stop while the worker that failed has not said why yet.
  @Test
  void aThreadThatWasToldToStopGivesTheErrorOfTheOther() {
    CountDownLatch stopped = new CountDownLatch(1);
    try (BufferAllocator allocator = new RootAllocator();
        WorkerPool pool = new WorkerPool(1)) {
      QueryContext context = new QueryContext(allocator, 2, pool, System::nanoTime, 0, false);
      try (QueryRun run = QueryRun.start(new OneFailsOneStops(stopped), context)) {
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(run::next)
              .isInstanceOfSatisfying(
                  VarveException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_DIVISION));
        }
      }
    }
  }

  private record OneFailsOneStops(CountDownLatch stopped) implements Operator {
    @Override
    public List<DataType> types() {
      return List.of();
    }

    @Override
    public List<Operator> inputs() {
      return List.of();
    }

    @Override
    public String describe() {
      return "OneFailsOneStops";
    }

    @Override
    public ParallelSource open(QueryContext context) {
      return new ParallelSource() {
        @Override
        public int parallelism() {
          return 2;
        }

        @Override
        public BatchSource worker(int index) {
          return index == 0 ? stops(context) : fails(context);
        }

        @Override
        public void close() {}
      };
    }

    private BatchSource stops(QueryContext context) {
      return source(() -> {
        try {
          while (true) {
            context.check();
            Thread.onSpinWait();
          }
        } finally {
          stopped.countDown();
        }
      });
    }

    private BatchSource fails(QueryContext context) {
      return source(() -> {
        try {
          context.parallel(
              1,
              _ -> {
                throw new VarveException(ErrorCode.ILLEGAL_DIVISION, "the cause");
              });
        } finally {
          awaitUninterruptibly(stopped);
        }
      });
    }

    private static BatchSource source(Runnable work) {
      return new BatchSource() {
        @Override
        public Batch next() {
          work.run();
          return null;
        }

        @Override
        public void close() {}
      };
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void closingEarlyGivesAllMemoryBack() {
    try (BufferAllocator allocator = new RootAllocator();
        WorkerPool pool = new WorkerPool(1)) {
      Operator plan = new Filter(MANY, List.of());
      QueryRun run = QueryRun.start(plan, context(allocator, pool));
      assertThat(run.next()).isNotNull();
      run.close();
      run.close();
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }
}
