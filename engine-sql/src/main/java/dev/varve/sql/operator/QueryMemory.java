// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillFile;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/// The memory of one query: what it holds off the heap and on it against one limit, and when its
/// operators are to put rows on disk. Safe for threads. Closing it closes its allocator.
///
/// Operators spill at half of the limit at the latest. The other half is for what they work with:
/// rows are copied once more when they are sorted or joined, and a partition read back must fit.
public final class QueryMemory implements AutoCloseable {
  /// Less than this is not worth a file.
  private static final long LEAST_BYTES = 1 << 20;

  private final EngineMemory engine;
  private final BufferAllocator allocator;
  private final Thresholds thresholds;
  private final AtomicLong heap = new AtomicLong();
  private final AtomicLong spilled = new AtomicLong();

  /// Bytes that one worker of an operator may hold before it spills, 0 for what the limit allows.
  ///
  /// @param tableGroups groups after which a table is put aside for another, 0 for what caches hold
  /// @param partedGroups groups after which rows are put by in partitions, 0 for what caches hold,
  ///   or never where `tableGroups` is given
  public record Thresholds(
      long sortBytes, long groupBytes, long joinBytes, int tableGroups, int partedGroups) {
    public static final Thresholds BY_LIMIT = new Thresholds(0, 0, 0);

    public Thresholds(long sortBytes, long groupBytes, long joinBytes, int tableGroups) {
      this(sortBytes, groupBytes, joinBytes, tableGroups, 0);
    }

    public Thresholds(long sortBytes, long groupBytes, long joinBytes) {
      this(sortBytes, groupBytes, joinBytes, 0);
    }
  }

  /// The memory of a query whose allocator is the caller's, and which never spills.
  QueryMemory(BufferAllocator allocator) {
    this.engine = null;
    this.allocator = allocator;
    this.thresholds = Thresholds.BY_LIMIT;
  }

  private QueryMemory(EngineMemory engine, String name, long limit, Thresholds thresholds) {
    this.engine = engine;
    this.thresholds = thresholds;
    this.allocator = engine.allocator().newChildAllocator(name, new Listener(), 0, limit);
  }

  /// @param limit bytes, 0 for the engine's own limit
  public static QueryMemory of(
      EngineMemory engine, String name, long limit, Thresholds thresholds) {
    long most = engine.allocator().getLimit();
    return new QueryMemory(engine, name, limit == 0 ? most : Math.min(limit, most), thresholds);
  }

  /// Counts the heap in where off-heap memory is asked for, which the allocator alone would not.
  private final class Listener implements AllocationListener {
    @Override
    public void onPreAllocation(long size) {
      if (heap.get() + allocator.getAllocatedMemory() + size > allocator.getLimit()) {
        throw new OutOfMemoryException("the query's memory is used up");
      }
      engine.check(size);
    }
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  public long limit() {
    return allocator.getLimit();
  }

  /// Bytes held now, off the heap and on it.
  public long held() {
    return allocator.getAllocatedMemory() + heap.get();
  }

  /// Accounts for memory on the Java heap; a negative number gives it back.
  ///
  /// @throws OutOfMemoryException where it is too much; nothing is accounted for then
  void reserveHeap(long bytes) {
    long now = heap.addAndGet(bytes);
    try {
      if (bytes > 0 && now + allocator.getAllocatedMemory() > allocator.getLimit()) {
        throw new OutOfMemoryException("the query's memory is used up");
      }
      if (engine != null) {
        engine.reserveHeap(bytes);
      }
    } catch (OutOfMemoryException e) {
      heap.addAndGet(-bytes);
      throw e;
    }
  }

  /// Whether a worker of a sort that holds so much is to put it on disk.
  boolean mustSpillSort(long bytes, int workers) {
    return mustSpill(bytes, limit() / 4 / workers, thresholds.sortBytes());
  }

  /// @param growth what a worker's table will ask for at once when it grows next, soon; 0 for later
  boolean mustSpillGroups(long bytes, long growth, int workers) {
    // When groups become one, texts stay where they are: less than what is held comes once more.
    return mustSpill(bytes, limit() / 8 * 3 / workers, thresholds.groupBytes())
        || growth > 0 && bytes >= LEAST_BYTES && canSpill() && !allCanGrow(growth, workers);
  }

  // The others may stand before the same step.
  private boolean allCanGrow(long growth, int workers) {
    return growth * workers <= limit() - held();
  }

  boolean mustSpillJoin(long bytes, int workers) {
    return mustSpill(bytes, limit() / 4 / workers, thresholds.joinBytes());
  }

  /// Groups after which a table is put aside for another, or 0.
  int tableGroups() {
    return thresholds.tableGroups();
  }

  /// Groups after which rows are put by in partitions, or 0.
  int partedGroups() {
    return thresholds.partedGroups();
  }

  private boolean mustSpill(long bytes, long share, long threshold) {
    if (!canSpill()) {
      return false;
    }
    if (threshold > 0) {
      return bytes >= threshold;
    }
    return bytes > share || bytes >= LEAST_BYTES && isTight();
  }

  /// How often rows are parted before it is taken as in vain. Where a threshold is set, memory is
  /// not what is short, and each level costs sixteen files.
  int lastLevel() {
    return thresholds.equals(Thresholds.BY_LIMIT) ? PartitionedRows.LAST_LEVEL : 2;
  }

  boolean canSpill() {
    return engine != null;
  }

  private boolean isTight() {
    return held() > limit() / 2 || engine.isTight();
  }

  /// Bytes of rows from disk that one of `workers` may take back into memory at once.
  long roomFor(int workers) {
    return Math.max(LEAST_BYTES, limit() / 16 / workers);
  }

  /// A file for rows that do not fit, which the query closes at the latest.
  SpillFile newFile(List<DataType> types) {
    return engine.space().create(types);
  }

  void addSpilled(long bytes) {
    spilled.addAndGet(bytes);
  }

  /// Bytes put on disk so far.
  public long spilledBytes() {
    return spilled.get();
  }

  @Override
  public void close() {
    reserveHeap(-heap.get());
    allocator.close();
  }
}
