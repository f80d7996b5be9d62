// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.BlockFrames;
import dev.varve.storage.codec.Compressor;
import dev.varve.storage.file.FileErrors;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The frames of a block as it was read. A frame is decompressed when it is first asked for, to its
/// own place, so that what was decoded before may still point into others. Safe for threads.
final class StoredFrames implements BlockFrames {
  /// Between decompressed frames, so that kernels may read past the end of each.
  private static final int GAP = 64;

  private final Path path;
  private final BlockPlace place;
  private final MemorySegment block;
  private final Compressor compressor;
  private final MemorySegment target;
  private final AtomicReferenceArray<MemorySegment> frames;
  private final long[] stored;
  private final long[] plain;

  /// @param memory taken for all frames that are compressed
  StoredFrames(
      Path path, BlockPlace place, MemorySegment block, Compressor compressor, BlockBytes memory) {
    this.path = path;
    this.place = place;
    this.block = block;
    this.compressor = compressor;
    int granules = place.granules();
    frames = new AtomicReferenceArray<>(granules + 1);
    stored = new long[granules + 2];
    plain = new long[granules + 2];
    stored[0] = BlockLayout.bodyOffset(granules);
    for (int f = 0; f <= granules; f++) {
      long bytes = Integer.toUnsignedLong(BlockLayout.storedBytes(block, granules, f));
      stored[f + 1] = stored[f] + (bytes + 7 & ~7);
      boolean isPlain = BlockLayout.compression(block, granules, f) == Compressor.NONE;
      plain[f + 1] = plain[f] + (isPlain ? 0 : (plainBytes(f) + GAP + 63 & -64));
    }
    if (stored[granules + 1] != block.byteSize()) {
      throw FileErrors.corrupt(
          path,
          place.offset(),
          "frames of " + (block.byteSize() - stored[0]) + " bytes",
          (stored[granules + 1] - stored[0]) + " bytes");
    }
    if (plain[granules + 1] > Integer.MAX_VALUE) {
      throw FileErrors.corrupt(
          path, place.offset(), "frames of less than 2 GiB", plain[granules + 1] + " bytes");
    }
    target = memory.take(plain[granules + 1]);
  }

  private long plainBytes(int frame) {
    return Integer.toUnsignedLong(BlockLayout.plainBytes(block, place.granules(), frame));
  }

  @Override
  public MemorySegment head() {
    return frame(0);
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public MemorySegment piece(int granule) {
    return frame(granule + 1);
  }

  private MemorySegment frame(int number) {
    MemorySegment frame = frames.get(number);
    if (frame != null) {
      return frame;
    }
    synchronized (this) {
      frame = frames.get(number);
      if (frame == null) {
        frame = load(number);
        frames.set(number, frame);
      }
      return frame;
    }
  }

  private MemorySegment load(int number) {
    int granules = place.granules();
    long bytes = Integer.toUnsignedLong(BlockLayout.storedBytes(block, granules, number));
    MemorySegment from = block.asSlice(stored[number], bytes);
    int method = BlockLayout.compression(block, granules, number);
    if (method == Compressor.NONE) {
      return from;
    }
    MemorySegment to = target.asSlice(plain[number], plainBytes(number));
    if (!compressor.decompress(method, from, to)) {
      throw FileErrors.corrupt(
          path,
          place.offset() + stored[number],
          to.byteSize() + " bytes compressed by method " + method,
          "something else");
    }
    return to;
  }
}
