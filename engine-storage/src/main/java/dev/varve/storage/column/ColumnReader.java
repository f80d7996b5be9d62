// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.BlockFrames;
import dev.varve.storage.codec.Compressor;
import dev.varve.storage.codec.MalformedBytesException;
import dev.varve.storage.codec.NodeDecoder;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.Checksum;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.InputFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/// Reads granules of one column. One thread.
///
/// It holds one block: the granules of a block cost one read and one checksum together, and each is
/// decompressed when it is asked for. A vector may point into the block, so it is gone when a
/// granule of another block is read.
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
    return decode(granule, at -> decoder.decode(at, rows, out));
  }

  /// Some rows of a granule. Where the encoding allows it the others are not decoded.
  ///
  /// @param wanted ascending rows of the granule
  public Vector read(int granule, int rows, int[] wanted, int count, Scratch out) {
    return decode(granule, at -> decoder.decode(at, rows, wanted, count, out));
  }

  private Vector decode(int granule, IntFunction<Vector> decode) {
    int block = directory.blockOf(granule);
    try {
      if (block != current) {
        load(block);
      }
      return decode.apply(granule - directory.firstGranule(block));
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      // The checksum was right, so the block was written wrong; no byte outside it was touched.
      current = -1;
      VarveException corrupt =
          FileErrors.corrupt(
              file.path(),
              directory.place(block).offset(),
              "granule " + granule + " as a column of " + type.name(),
              e.getMessage());
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  private void load(int block) {
    current = -1;
    BlockPlace place = directory.place(block);
    MemorySegment bytes = stored.take(place.length());
    file.read(place.offset(), bytes);
    check(file.path(), place, bytes);
    blockMemory.reset();
    decoder = new NodeDecoder(type, frames(place, bytes), blockMemory, decoder);
    current = block;
  }

  private BlockFrames frames(BlockPlace place, MemorySegment bytes) {
    if (BlockLayout.isFramed(bytes)) {
      return new StoredFrames(file.path(), place, bytes, compressor, plain);
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
          file.path(),
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
    blockMemory.close();
  }
}
