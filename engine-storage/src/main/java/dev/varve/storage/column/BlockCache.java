// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;

/// Blocks kept from query to query, read, checked and decompressed, with their dictionaries, within
/// a limit of bytes. One for an engine. Safe for threads.
///
/// Blocks come into a queue of a tenth of the bytes; what is asked for again before it reaches the
/// end goes on to the other queue, where it goes round as long as it is used. So one pass over a
/// large table does not drive out what every query reads. A block that comes back soon after it was
/// thrown out goes to the other queue at once.
///
/// Its memory is its own, but [#allocatorBeside] ties it to that of an engine: what queries and
/// merges need, the cache gives up.
public final class BlockCache implements AutoCloseable {
  private static final int PAGE = 4096;

  private final long limit;
  private final BufferAllocator allocator;
  private final Object lock = new Object();
  private final BlockQueue young = new BlockQueue();
  private final BlockQueue old = new BlockQueue();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private volatile Pressure pressure;
  private long thrownOut;
  private boolean closed;

  /// @param limit bytes; with 0 nothing is kept
  public BlockCache(long limit) {
    this.limit = limit;
    // Sizes of blocks are far from powers of two, to which Arrow would round them.
    this.allocator =
        new RootAllocator(
            AllocationListener.NOOP, Long.MAX_VALUE, size -> (size + PAGE - 1) & -PAGE);
  }

  /// A root allocator for everything else: with it the cache stays within `memory`, by giving bytes
  /// back when others ask for them. The caller closes it.
  public BufferAllocator allocatorBeside(long memory) {
    Pressure beside = new Pressure(memory);
    beside.others = new RootAllocator(beside, memory);
    pressure = beside;
    return beside.others;
  }

  private final class Pressure implements AllocationListener {
    private final long memory;
    private volatile BufferAllocator others;

    Pressure(long memory) {
      this.memory = memory;
    }

    long left() {
      return memory - others.getAllocatedMemory();
    }

    @Override
    public void onPreAllocation(long size) {
      shrinkTo(left() - size);
    }
  }

  /// The place of a column's blocks.
  public BlockSlots slots(int blocks) {
    return new BlockSlots(this, blocks);
  }

  /// Bytes held now.
  public long bytes() {
    return allocator.getAllocatedMemory();
  }

  public long limit() {
    return limit;
  }

  /// Blocks that were there when they were asked for.
  public long hits() {
    return hits.sum();
  }

  /// Blocks that had to be read.
  public long misses() {
    return misses.sum();
  }

  /// Blocks kept now.
  public int blocks() {
    synchronized (lock) {
      return young.size() + old.size();
    }
  }

  void hit() {
    hits.increment();
  }

  /// Reads a block and keeps it. Null where there is no room.
  CachedBlock load(BlockSlots slots, int number, BlockPlace place, Consumer<LoadedBlock> read) {
    misses.increment();
    long room = room();
    if (place.length() > room / 8) {
      return null;
    }
    shrinkTo(room - place.length());
    LoadedBlock block = new LoadedBlock(allocator);
    try {
      read.accept(block);
    } catch (OutOfMemoryException e) {
      block.close();
      return null;
    } catch (RuntimeException | Error e) {
      block.close();
      throw e;
    }
    CachedBlock kept = keep(new CachedBlock(slots, number, block, block.bytes()));
    shrinkTo(room());
    return kept;
  }

  /// Bytes there may be now, beside what others hold.
  private long room() {
    Pressure beside = pressure;
    return beside == null ? limit : Math.min(limit, beside.left());
  }

  /// Puts a block among the others, and holds it for the caller; or the one that came before it.
  private CachedBlock keep(CachedBlock made) {
    synchronized (lock) {
      made.hold();
      CachedBlock before = made.slots.get(made.number);
      if (before != null) {
        // Another thread read it meanwhile. Under the lock it cannot be thrown out.
        before.hold();
        made.release();
        made.release();
        return before;
      }
      if (closed || made.slots.isClosed()) {
        made.release();
        return made;
      }
      long then = made.slots.thrownOut(made.number);
      boolean returns = then >= 0 && thrownOut - then <= old.size();
      (returns ? old : young).add(made);
      made.slots.set(made.number, made);
      return made;
    }
  }

  /// Throws blocks out until at most so many bytes are held, or all that are left are being read.
  public void shrinkTo(long bytes) {
    if (allocator.getAllocatedMemory() <= bytes) {
      return;
    }
    synchronized (lock) {
      // Each block goes round a few times at most before its uses are forgotten.
      int steps = 8 * (young.size() + old.size());
      while (steps-- > 0 && allocator.getAllocatedMemory() > bytes) {
        step();
      }
    }
  }

  private void step() {
    boolean fromYoung = old.size() == 0 || young.weight() > (young.weight() + old.weight()) / 10;
    BlockQueue queue = fromYoung && young.size() > 0 ? young : old;
    CachedBlock block = queue.first();
    queue.remove(block);
    if (block.isRead() || block.wasUsed()) {
      block.forgetUse();
      old.add(block);
      return;
    }
    block.slots.set(block.number, null);
    block.slots.noteThrownOut(block.number, thrownOut);
    thrownOut++;
    block.release();
  }

  void clear(BlockSlots slots) {
    synchronized (lock) {
      slots.close();
      for (int b = 0; b < slots.size(); b++) {
        CachedBlock block = slots.get(b);
        if (block != null) {
          slots.set(b, null);
          block.queue.remove(block);
          block.release();
        }
      }
    }
  }

  /// Gives all memory back. Parts should be closed before; what is still read goes with its reader.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      for (BlockQueue queue : new BlockQueue[] {young, old}) {
        while (queue.first() != null) {
          CachedBlock block = queue.first();
          queue.remove(block);
          block.slots.set(block.number, null);
          block.release();
        }
      }
    }
  }
}
