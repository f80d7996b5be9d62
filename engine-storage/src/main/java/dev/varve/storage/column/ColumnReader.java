// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.codec.Compressor;
import dev.varve.storage.codec.IntegerDecoder;
import dev.varve.storage.codec.MalformedBytesException;
import dev.varve.storage.codec.NodeDecoder;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.file.FileErrors;
import dev.varve.storage.file.InputFile;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.LateTexts;
import dev.varve.storage.vector.RowPacking;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;

/// Reads granules of one column. One thread.
///
/// It holds one block: the granules of a block cost one read and one checksum together, and each is
/// decompressed when it is asked for. A vector may point into the block, so it is gone when a
/// granule of another block is read. Blocks are taken from a cache where there is one, and are the
/// reader's own where it has no room.
public final class ColumnReader implements AutoCloseable {
  private final DataType type;
  private final InputFile file;
  private final BlockDirectory directory;
  private final Compressor compressor;
  private final BlockSlots cached;
  private final LoadedBlock own;
  private final IntegerDecoder integers = new IntegerDecoder();
  private int current = -1;
  private CachedBlock held;
  private NodeDecoder decoder;

  /// @param cached where blocks are kept from reader to reader, or null
  public ColumnReader(
      DataType type,
      InputFile file,
      BlockDirectory directory,
      Compressor compressor,
      BlockSlots cached,
      BufferAllocator allocator) {
    this.type = type;
    this.file = file;
    this.directory = directory;
    this.compressor = compressor;
    this.cached = cached;
    this.own = new LoadedBlock(allocator);
  }

  /// The rows of a granule.
  ///
  /// @param out memory for what is decoded
  public Vector read(int granule, int rows, Scratch out) {
    return decode(granule, at -> decoder.decode(at, rows, integers, out));
  }

  /// As [#read], but the bytes of texts may stay encoded until they are asked for.
  ///
  /// @param blame makes the error that the vector throws out of the one that tells of damage
  public Vector readLate(int granule, int rows, Scratch out, UnaryOperator<VarveException> blame) {
    Vector vector = decode(granule, at -> decoder.decodeLate(at, rows, integers, out));
    LateTexts texts = vector.lateTexts();
    if (texts == null) {
      return vector;
    }
    BlockPlace place = directory.place(directory.blockOf(granule));
    LateTexts checked = new CheckedTexts(texts, e -> blame.apply(corrupt(granule, place, e)));
    return Vector.late(vector.type(), rows, vector.offsets(), checked, vector.validity());
  }

  /// Some rows of a granule. Where the encoding allows it the others are not decoded.
  ///
  /// @param wanted ascending rows of the granule
  public Vector read(int granule, int rows, int[] wanted, int count, Scratch out) {
    return decode(granule, at -> decoder.decode(at, rows, wanted, count, integers, out));
  }

  /// The rows of a mask, or null where all had better be read first.
  public Vector read(
      int granule, int rows, long[] mask, int left, RowPacking packing, Scratch out) {
    return decode(granule, at -> decoder.decode(at, rows, mask, left, packing, integers, out));
  }

  /// As [NodeDecoder#keep].
  public boolean keep(int granule, int rows, long low, long high, long[] mask, Scratch out) {
    return decode(granule, at -> decoder.keep(at, rows, low, high, integers, mask, out));
  }

  /// As [NodeDecoder#dictionaryOfTexts].
  public Vector dictionary(int granule) {
    return decode(granule, _ -> decoder.dictionaryOfTexts(integers));
  }

  /// As [NodeDecoder#keepCodes].
  public boolean keepCodes(int granule, int rows, int low, int high, long[] mask) {
    return decode(granule, at -> decoder.keepCodes(at, rows, low, high, integers, mask));
  }

  private <T> T decode(int granule, IntFunction<T> decode) {
    int block = directory.blockOf(granule);
    try {
      if (block != current) {
        load(block);
      }
      return decode.apply(granule - directory.firstGranule(block));
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      // The checksum was right, so the block was written wrong; no byte outside it was touched.
      leave();
      throw corrupt(granule, directory.place(block), e);
    }
  }

  private VarveException corrupt(int granule, BlockPlace place, RuntimeException cause) {
    VarveException corrupt =
        FileErrors.corrupt(
            file.path(),
            place.offset(),
            "granule " + granule + " as a column of " + type.name(),
            cause.getMessage());
    corrupt.initCause(cause);
    return corrupt;
  }

  private void load(int block) {
    leave();
    BlockPlace place = directory.place(block);
    if (cached != null) {
      held = cached.hold(block, type, file, place, compressor);
    }
    if (held != null) {
      decoder = held.decoder();
    } else {
      own.load(type, file, place, compressor);
      decoder = own.decoder();
    }
    current = block;
  }

  private void leave() {
    current = -1;
    decoder = null;
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void close() {
    leave();
    own.close();
  }
}
