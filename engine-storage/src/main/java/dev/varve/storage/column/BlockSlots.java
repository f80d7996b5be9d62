// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.Compressor;
import dev.varve.storage.file.InputFile;
import dev.varve.storage.type.DataType;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The blocks of one column of one part that a [BlockCache] keeps, by number. Safe for threads.
/// Whoever closes the part clears it.
public final class BlockSlots {
  private final BlockCache cache;
  private final AtomicReferenceArray<CachedBlock> kept;

  // For each block the number of blocks thrown out before it was, plus one; 0 for never. Belongs to
  // the lock of the cache.
  private final long[] thrownOut;
  private boolean closed;

  BlockSlots(BlockCache cache, int blocks) {
    this.cache = cache;
    this.kept = new AtomicReferenceArray<>(blocks);
    this.thrownOut = new long[blocks];
  }

  /// The block, held until the caller releases it; null where the cache has no room for it.
  CachedBlock hold(
      int number, DataType type, InputFile file, BlockPlace place, Compressor compressor) {
    CachedBlock found = kept.get(number);
    if (found != null && found.hold()) {
      found.used();
      cache.hit();
      return found;
    }
    return cache.load(this, number, place, block -> block.load(type, file, place, compressor));
  }

  CachedBlock get(int number) {
    return kept.get(number);
  }

  void set(int number, CachedBlock block) {
    kept.set(number, block);
  }

  int size() {
    return kept.length();
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  void noteThrownOut(int number, long count) {
    thrownOut[number] = count + 1;
  }

  /// How many blocks had been thrown out when this one was, or -1.
  long thrownOut(int number) {
    return thrownOut[number] - 1;
  }

  /// Gives all blocks back: the part is closed.
  public void clear() {
    cache.clear(this);
  }
}
