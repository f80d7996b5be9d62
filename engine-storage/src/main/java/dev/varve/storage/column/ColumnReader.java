// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.Compressor;
import dev.varve.storage.codec.NodeDecoder;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.InputFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// Reads granules of one column. One thread.
///
/// It holds one block: the granules of a block cost one read, one checksum and at most one
/// decompression together. A vector may point into the block, so it is gone when a granule of
/// another block is read.
public final class ColumnReader implements AutoCloseable {
  private final DataType type;
  private final InputFile file;
  private final BlockDirectory directory;
  private final Compressor compressor;
  private final BlockBytes stored;
  private final BlockBytes plain;
  private final Scratch blockMemory;
  private int current = -1;
  private NodeDecoder decoder;

  public ColumnReader(
      DataType type,
      InputFile file,
      BlockDirectory directory,
      Compressor compressor,
      BufferAllocator allocator) {
    this.type = type;
    this.file = file;
    this.directory = directory;
    this.compressor = compressor;
    this.stored = new BlockBytes(allocator);
    this.plain = new BlockBytes(allocator);
    this.blockMemory = new Scratch(allocator);
  }

  /// The rows of a granule.
  ///
  /// @param out memory for what is decoded
  public Vector read(int granule, int rows, Scratch out) {
    int block = directory.blockOf(granule);
    if (block != current) {
      load(block);
    }
    return decoder.decode(granule - directory.firstGranule(block), rows, out);
  }

  private void load(int block) {
    current = -1;
    BlockPlace place = directory.place(block);
    MemorySegment bytes = stored.take(place.length());
    file.read(place.offset(), bytes);
    check(file.path(), place, bytes);
    int start = BlockLayout.bodyOffset(place.granules());
    MemorySegment body = bytes.asSlice(start);
    if (BlockLayout.compression(bytes) != Compressor.NONE) {
      MemorySegment target = plain.take(Integer.toUnsignedLong(BlockLayout.plainBytes(bytes)));
      if (!compressor.decompress(BlockLayout.compression(bytes), body, target)) {
        throw FileErrors.corrupt(
            file.path(),
            place.offset() + start,
            target.byteSize() + " bytes compressed by method " + BlockLayout.compression(bytes),
            "something else");
      }
      body = target;
    }
    blockMemory.reset();
    decoder = new NodeDecoder(type, body, blockMemory);
    current = block;
  }

  /// Checks that these bytes are the block that the directory tells of.
  static void check(Path path, BlockPlace place, MemorySegment bytes) {
    int found = Checksum.of(bytes.asSlice(4));
    if (found != place.checksum()) {
      throw FileErrors.checksum(path, place.offset(), place.checksum(), found);
    }
    if (BlockLayout.checksum(bytes) != place.checksum()
        || BlockLayout.length(bytes) != place.length()
        || BlockLayout.granules(bytes) != place.granules()) {
      throw FileErrors.corrupt(
          path,
          place.offset(),
          "a block of "
              + place.length()
              + " bytes and "
              + place.granules()
              + " granules with checksum "
              + Checksum.text(place.checksum()),
          "one of "
              + BlockLayout.length(bytes)
              + " bytes and "
              + BlockLayout.granules(bytes)
              + " granules with checksum "
              + Checksum.text(BlockLayout.checksum(bytes)));
    }
  }

  @Override
  public void close() {
    stored.close();
    plain.close();
    blockMemory.close();
  }
}
