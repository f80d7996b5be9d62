// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.execute.QueryRun;
import dev.varve.sql.execute.WorkerPool;
import dev.varve.sql.spill.SpillSpace;
import dev.varve.storage.column.BlockCache;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Runs plans in tests, on two threads, and checks that all memory comes back.
public final class Plans {
  private Plans() {}

  public static List<List<Object>> rows(Operator plan) {
    return rows(plan, Long.MAX_VALUE);
  }

  public static List<List<Object>> rows(Operator plan, long memoryLimit) {
    try (BufferAllocator allocator = new RootAllocator(memoryLimit)) {
      List<List<Object>> rows = rows(plan, new QueryMemory(allocator));
      assertThat(allocator.getAllocatedMemory()).isZero();
      return rows;
    }
  }

  /// Rows of a plan that must spill into a directory, which must be empty afterwards.
  static List<List<Object>> spilled(
      Operator plan, long memoryLimit, QueryMemory.Thresholds thresholds, Path directory) {
    return rows(plan, memoryLimit, thresholds, directory, true);
  }

  /// Rows of a plan that has no need to spill.
  static List<List<Object>> kept(Operator plan, QueryMemory.Thresholds thresholds, Path directory) {
    return rows(plan, 256 << 20, thresholds, directory, false);
  }

  private static List<List<Object>> rows(
      Operator plan,
      long memoryLimit,
      QueryMemory.Thresholds thresholds,
      Path directory,
      boolean spills) {
    SpillSpace space = SpillSpace.open(directory);
    List<List<Object>> rows;
    try (BufferAllocator allocator = new RootAllocator(memoryLimit);
        QueryMemory memory =
            QueryMemory.of(
                new EngineMemory(allocator, new BlockCache(0), space, Long.MAX_VALUE),
                "test",
                0,
                thresholds)) {
      rows = rows(plan, memory);
      assertThat(memory.held()).isZero();
      assertThat(memory.spilledBytes() > 0).as("bytes on disk").isEqualTo(spills);
    }
    assertThat(directory).isEmptyDirectory();
    return rows;
  }

  private static List<List<Object>> rows(Operator plan, QueryMemory memory) {
    List<List<Object>> rows = new ArrayList<>();
    try (WorkerPool pool = new WorkerPool(1)) {
      QueryContext context = new QueryContext(memory, 2, pool, System::nanoTime, 0, false);
      try (QueryRun run = QueryRun.start(plan, context)) {
        for (Batch batch = run.next(); batch != null; batch = run.next()) {
          for (int i = 0; i < batch.rows(); i++) {
            List<Object> row = new ArrayList<>();
            for (Vector column : batch.columns()) {
              row.add(VectorValues.get(column, i));
            }
            rows.add(row);
          }
        }
      }
    }
    return rows;
  }

  public static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  /// Values split over several inputs, so that more than one worker gets some.
  static Operator spread(List<DataType> types, List<List<Object>> rows) {
    List<Operator> parts = new ArrayList<>();
    int third = rows.size() / 3;
    parts.add(new Values(types, rows.subList(0, third)));
    parts.add(new Values(types, rows.subList(third, 2 * third)));
    parts.add(new Values(types, rows.subList(2 * third, rows.size())));
    return new Shares(parts);
  }

  /// Each input is a share of its own.
  private record Shares(List<Operator> inputs) implements Operator {
    @Override
    public List<DataType> types() {
      return inputs.getFirst().types();
    }

    @Override
    public String describe() {
      return "Shares";
    }

    @Override
    public ParallelSource open(QueryContext context) {
      List<ParallelSource> sources = inputs.stream().map(context::open).toList();
      return new ParallelSource() {
        @Override
        public int parallelism() {
          return sources.size();
        }

        @Override
        public BatchSource worker(int index) {
          return new Slices(sources.get(index).worker(0), context.newScratch());
        }

        @Override
        public void close() {
          sources.forEach(ParallelSource::close);
        }
      };
    }
  }

  /// Rows of a share in batches of an odd size.
  private static final class Slices implements BatchSource {
    private static final int ROWS = 61;
    private final BatchSource share;
    private final Scratch scratch;
    private Batch batch;
    private int at;

    Slices(BatchSource share, Scratch scratch) {
      this.share = share;
      this.scratch = scratch;
    }

    @Override
    public Batch next() {
      if (batch == null || at == batch.rows()) {
        batch = share.next();
        at = 0;
        if (batch == null) {
          return null;
        }
      }
      int from = at;
      int count = Math.min(ROWS, batch.rows() - from);
      at += count;
      scratch.reset();
      return new Batch(
          count,
          batch.columns().stream().map(c -> VectorOps.slice(c, from, count, scratch)).toList());
    }

    @Override
    public void close() {
      share.close();
      scratch.close();
    }
  }
}
