// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.storage.vector.Scratch;
import java.util.ArrayDeque;
import org.apache.arrow.memory.BufferAllocator;

/// Scratch memory that is used again, so that a stream of small batches maps no fresh pages. Safe
/// for threads.
public final class ScratchPool implements AutoCloseable {
  private static final int KEPT = 16;
  private static final long KEPT_BYTES = 8 << 20;

  private final BufferAllocator allocator;
  private final ArrayDeque<Scratch> free = new ArrayDeque<>();
  private boolean closed;

  public ScratchPool(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  synchronized Scratch take() {
    Scratch scratch = free.pollLast();
    return scratch == null ? new Scratch(allocator) : scratch;
  }

  synchronized void giveBack(Scratch scratch) {
    if (closed || free.size() >= KEPT || scratch.capacity() > KEPT_BYTES) {
      scratch.close();
    } else {
      scratch.reset();
      free.addLast(scratch);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    free.forEach(Scratch::close);
    free.clear();
  }
}
