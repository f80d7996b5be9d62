// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.file.InputFile;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Hands out the blocks of a stored column as bytes, to be copied into another part. A block is
/// self-contained, so nothing in it has to change. One thread.
public final class BlockCopy implements AutoCloseable {
  private final InputFile file;
  private final BlockDirectory directory;
  private final GranuleRows granules;
  private final StatsTable stats;
  private final long plainBytes;
  private final BlockBytes bytes;

  /// @param plainBytes bytes of all rows of the column before encoding
  public BlockCopy(
      InputFile file,
      BlockDirectory directory,
      GranuleRows granules,
      StatsTable stats,
      long plainBytes,
      BufferAllocator allocator) {
    this.file = file;
    this.directory = directory;
    this.granules = granules;
    this.stats = stats;
    this.plainBytes = plainBytes;
    this.bytes = new BlockBytes(allocator);
  }

  List<BlockPlace> blocks(int from, int to) {
    List<BlockPlace> blocks = new ArrayList<>();
    int granule = from;
    while (granule < to) {
      int block = directory.blockOf(granule);
      if (directory.firstGranule(block) != granule) {
        throw new IllegalStateException("granule " + granule + " stands inside a block");
      }
      blocks.add(directory.place(block));
      granule += directory.place(block).granules();
    }
    if (granule != to) {
      throw new IllegalStateException("granule " + to + " stands inside a block");
    }
    return blocks;
  }

  /// The bytes of a block, checked; valid until the next call.
  MemorySegment read(BlockPlace place) {
    MemorySegment block = bytes.take(place.length());
    file.read(place.offset(), block);
    LoadedBlock.check(file.path(), place, block);
    return block;
  }

  GranuleRows granules() {
    return granules;
  }

  StatsTable stats() {
    return stats;
  }

  /// Bytes of these granules before encoding, by their share of the rows.
  long plainBytes(int from, int to) {
    long rows = granules.firstRow(to) - granules.firstRow(from);
    return Math.round((double) plainBytes * rows / granules.totalRows());
  }

  @Override
  public void close() {
    bytes.close();
  }
}
