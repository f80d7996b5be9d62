// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.BlockFrames;
import dev.varve.storage.codec.Compressor;
import dev.varve.storage.codec.NodeDecoder;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.InputFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/// The bytes of a block in memory, checked, and what its granules share. Loaded by one thread; then
/// its decoder is safe for all.
final class LoadedBlock implements AutoCloseable {
  private final BlockBytes stored;
  private final BlockBytes plain;
  private final Scratch shared;
  private NodeDecoder decoder;

  LoadedBlock(BufferAllocator allocator) {
    this.stored = new BlockBytes(allocator);
    this.plain = new BlockBytes(allocator);
    this.shared = new Scratch(allocator);
  }

  /// Forgets what it held and takes this block of a column.
  ///
  /// @throws dev.varve.storage.error.VarveException CHECKSUM_DOESNT_MATCH or CORRUPTED_DATA
  void load(DataType type, InputFile file, BlockPlace place, Compressor compressor) {
    decoder = null;
    MemorySegment bytes = stored.take(place.length());
    file.read(place.offset(), bytes);
    check(file.path(), place, bytes);
    shared.reset();
    decoder = new NodeDecoder(type, frames(file.path(), place, bytes, compressor), shared);
  }

  NodeDecoder decoder() {
    return decoder;
  }

  /// Bytes held from the allocator.
  long bytes() {
    return stored.capacity() + plain.capacity() + shared.capacity();
  }

  private BlockFrames frames(
      Path path, BlockPlace place, MemorySegment bytes, Compressor compressor) {
    if (BlockLayout.isFramed(bytes)) {
      return new StoredFrames(path, place, bytes, compressor, plain);
    }
    int start = BlockLayout.framesOffset(place.granules());
    MemorySegment body = bytes.asSlice(start);
    int method = BlockLayout.compression(bytes);
    if (method == Compressor.NONE) {
      return BlockFrames.whole(body);
    }
    MemorySegment target = plain.take(Integer.toUnsignedLong(BlockLayout.plainBytes(bytes)));
    if (!compressor.decompress(method, body, target)) {
      throw FileErrors.corrupt(
          path,
          place.offset() + start,
          target.byteSize() + " bytes compressed by method " + method,
          "something else");
    }
    return BlockFrames.whole(target);
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
    shared.close();
  }
}
