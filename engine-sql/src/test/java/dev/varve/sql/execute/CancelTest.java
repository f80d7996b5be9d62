// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.HashJoin;
import dev.varve.sql.operator.JoinKind;
import dev.varve.sql.operator.NestedLoopJoin;
import dev.varve.sql.operator.Numbers;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.ParallelSource;
import dev.varve.sql.operator.QueryContext;
import dev.varve.sql.operator.SetOperation;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.SortKey;
import dev.varve.sql.operator.Window;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// Queries that would never end by themselves.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class CancelTest {
  private static final List<SortKey> FIRST = List.of(new SortKey(0, false, true));

  /// One row a batch, without end.
  ///
  /// @param tenth what is done before the tenth batch is given
  private record Endless(
      AtomicInteger batches, CountDownLatch underWay, AtomicReference<Runnable> tenth)
      implements Operator {
    Endless() {
      this(new AtomicInteger(), new CountDownLatch(10), new AtomicReference<>(() -> {}));
    }

    @Override
    public List<DataType> types() {
      return List.of(DataTypes.UINT64);
    }

    @Override
    public List<Operator> inputs() {
      return List.of();
    }

    @Override
    public String describe() {
      return "Endless";
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
          return share(context.newScratch());
        }

        @Override
        public void close() {}
      };
    }

    private BatchSource share(Scratch scratch) {
      return new BatchSource() {
        @Override
        public Batch next() {
          scratch.reset();
          Vector row =
              VectorValues.of(
                  DataTypes.UINT64,
                  scratch,
                  java.math.BigInteger.valueOf(batches.incrementAndGet() % 5));
          if (batches.get() >= 10) {
            tenth.getAndSet(() -> {}).run();
          }
          underWay.countDown();
          return new Batch(1, List.of(row));
        }

        @Override
        public void close() {
          scratch.close();
        }
      };
    }
  }

  @TestFactory
  Stream<DynamicTest> operatorsThatTakeAllTheirInputEnd() {
    return plans()
        .map(query ->
            DynamicTest.dynamicTest(query.plan.describe(), () -> endsWhenCancelled(query)));
  }

  /// What is done behind a cancel is what bounds how long it takes: a batch of each worker.
  @TestFactory
  Stream<DynamicTest> noWorkerTakesAnotherBatchBehindACancel() {
    return plans()
        .map(query ->
            DynamicTest.dynamicTest(query.plan.describe(), () -> stopsWithin(query, 0, 2)));
  }

  @TestFactory
  Stream<DynamicTest> noWorkerTakesAnotherBatchBehindTheTimeLimit() {
    return plans()
        .map(query ->
            DynamicTest.dynamicTest(query.plan.describe(), () -> stopsWithin(query, 1000, 2)));
  }

  private static Stream<Query> plans() {
    Operator few = new Numbers(0, 10, 1);
    return Stream.of(
        with(input -> new Sort(input, FIRST, 0, -1)),
        with(input -> new Sort(input, FIRST, 0, 3)),
        with(input -> HashAggregate.of(input, List.of(0), List.of())),
        with(input -> HashAggregate.of(input, List.of(), List.of())),
        with(input -> join(few, input)),
        with(input -> HashAggregate.of(join(input, few), List.of(0), List.of())),
        with(input -> new NestedLoopJoin(few, input, JoinKind.INNER, List.of())),
        with(input -> new SetOperation(input, few, SetOperation.Kind.EXCEPT, false)),
        with(input -> new SetOperation(few, input, SetOperation.Kind.INTERSECT, true)),
        with(input -> new Window(input, List.of(), FIRST, List.of())));
  }

  private record Query(Endless input, Operator plan) {}

  private static Query with(java.util.function.Function<Operator, Operator> plan) {
    Endless input = new Endless();
    return new Query(input, plan.apply(input));
  }

  private static HashJoin join(Operator left, Operator right) {
    return new HashJoin(
        left, right, JoinKind.INNER, List.of(0), List.of(0), List.of(false), List.of());
  }

  private static void endsWhenCancelled(Query query) throws InterruptedException {
    try (BufferAllocator allocator = new RootAllocator();
        WorkerPool pool = new WorkerPool(1)) {
      QueryContext context = new QueryContext(allocator, 2, pool, System::nanoTime, 0, false);
      Thread killer =
          Thread.ofPlatform()
              .name("killer")
              .start(() -> {
                try {
                  query.input.underWay.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                context.cancel();
              });
      assertThatThrownBy(() -> drain(query.plan, context))
          .isInstanceOfSatisfying(
              VarveException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_WAS_CANCELLED));
      killer.join();
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }

  /// @param limit nanoseconds of a clock that jumps beyond them; 0 to cancel instead
  private static void stopsWithin(Query query, long limit, int batches) {
    try (BufferAllocator allocator = new RootAllocator();
        WorkerPool pool = new WorkerPool(1)) {
      AtomicLong clock = new AtomicLong();
      QueryContext context = new QueryContext(allocator, 2, pool, clock::get, limit, false);
      AtomicInteger before = new AtomicInteger();
      query.input.tenth.set(() -> {
        if (limit == 0) {
          context.cancel();
        } else {
          clock.set(2 * limit);
        }
        before.set(query.input.batches.get());
      });
      assertThatThrownBy(() -> drain(query.plan, context))
          .isInstanceOfSatisfying(
              VarveException.class,
              e ->
                  assertThat(e.code())
                      .isEqualTo(
                          limit == 0 ? ErrorCode.QUERY_WAS_CANCELLED : ErrorCode.TIMEOUT_EXCEEDED));
      assertThat(query.input.batches.get() - before.get()).isLessThanOrEqualTo(batches);
    }
  }

  private static void drain(Operator plan, QueryContext context) {
    try (QueryRun run = QueryRun.start(plan, context)) {
      while (run.next() != null) {
        // Until it is cancelled.
      }
    }
  }

  @Test
  void queriesTakeTurnsOnThePool() {
    Deque<Runnable> line = new ArrayDeque<>();
    Endless first = new Endless();
    Endless second = new Endless();
    try (BufferAllocator allocator = new RootAllocator()) {
      QueryContext one = new QueryContext(allocator, 2, line::add, System::nanoTime, 0, false);
      QueryContext two = new QueryContext(allocator, 2, line::add, System::nanoTime, 0, false);
      try (QueryRun a = QueryRun.start(first, one);
          QueryRun b = QueryRun.start(second, two)) {
        for (int turn = 1; turn <= 2; turn++) {
          line.remove().run();
          assertThat(first.batches.get()).isEqualTo(2 * turn);
          assertThat(second.batches.get()).isEqualTo(2 * (turn - 1));
          line.remove().run();
          assertThat(second.batches.get()).isEqualTo(2 * turn);
        }
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
  }
}
