// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.varve.storage.vector.Scratch;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/// The general compressors over the frames of a block. Safe for threads.
///
/// On its own account it takes LZ4 where that saves a tenth: below, decoding costs more than the
/// bytes are worth. A sample is tried first, since most light encodings leave nothing to find.
public final class Compressor {
  public static final int NONE = 0;
  public static final int LZ4 = 1;
  public static final int ZSTD = 2;

  private static final int SAMPLE_BYTES = 16384;
  private static final int LEAST_BYTES = 128;

  private final LZ4Factory factory = LZ4Factory.fastestInstance();
  private final LZ4Compressor lz4 = factory.fastCompressor();
  private final LZ4SafeDecompressor unlz4 = factory.safeDecompressor();

  /// @param method [#NONE], [#LZ4] or [#ZSTD]
  /// @param bytes the compressed bytes, or the bytes as they were
  public record Compressed(int method, MemorySegment bytes) {}

  public Compressed compress(MemorySegment plain, CodecChoice choice, Scratch scratch) {
    long size = plain.byteSize();
    return switch (choice.compression()) {
      case NONE -> new Compressed(NONE, plain);
      case LZ4 -> smaller(plain, LZ4, lz4(plain, lz4, scratch), size);
      case LZ4HC ->
          smaller(plain, LZ4, lz4(plain, factory.highCompressor(choice.level()), scratch), size);
      case ZSTD -> smaller(plain, ZSTD, zstd(plain, choice.level(), scratch), size);
      case AUTOMATIC ->
          size < LEAST_BYTES
              ? new Compressed(NONE, plain)
              : choice.level() > 0 ? dense(plain, choice.level(), scratch) : quick(plain, scratch);
    };
  }

  private static Compressed smaller(
      MemorySegment plain, int method, MemorySegment compressed, long limit) {
    return compressed.byteSize() < limit
        ? new Compressed(method, compressed)
        : new Compressed(NONE, plain);
  }

  private Compressed quick(MemorySegment plain, Scratch scratch) {
    long size = plain.byteSize();
    if (size > 2 * SAMPLE_BYTES) {
      long from = (size - SAMPLE_BYTES) / 2 & ~7;
      MemorySegment sample = plain.asSlice(from, SAMPLE_BYTES);
      if (lz4(sample, lz4, scratch).byteSize() > SAMPLE_BYTES * 9 / 10) {
        return new Compressed(NONE, plain);
      }
    }
    return smaller(plain, LZ4, lz4(plain, lz4, scratch), size * 9 / 10);
  }

  /// ZSTD, which is three times slower to read than LZ4, where it saves a sixth beyond that.
  private Compressed dense(MemorySegment plain, int level, Scratch scratch) {
    Compressed quick = quick(plain, scratch);
    MemorySegment zstd = zstd(plain, level, scratch);
    return zstd.byteSize() < quick.bytes().byteSize() * 17 / 20
        ? new Compressed(ZSTD, zstd)
        : quick;
  }

  private static MemorySegment lz4(MemorySegment plain, LZ4Compressor lz4, Scratch scratch) {
    int size = Math.toIntExact(plain.byteSize());
    MemorySegment target = scratch.allocate(lz4.maxCompressedLength(size));
    ByteBuffer to = target.asByteBuffer();
    int length = lz4.compress(plain.asByteBuffer(), 0, size, to, 0, to.capacity());
    return target.asSlice(0, length);
  }

  private static MemorySegment zstd(MemorySegment plain, int level, Scratch scratch) {
    long size = plain.byteSize();
    MemorySegment target = scratch.allocate(Zstd.compressBound(size));
    ByteBuffer to = target.asByteBuffer();
    long length =
        Zstd.compressDirectByteBuffer(
            to, 0, to.capacity(), plain.asByteBuffer(), 0, (int) size, level);
    if (Zstd.isError(length)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(length));
    }
    return target.asSlice(0, length);
  }

  /// Fills `plain`. False where the bytes are not what the method made of as many bytes.
  public boolean decompress(int method, MemorySegment stored, MemorySegment plain) {
    int size = (int) plain.byteSize();
    ByteBuffer from = stored.asByteBuffer();
    ByteBuffer to = plain.asByteBuffer();
    if (method == LZ4) {
      try {
        return unlz4.decompress(from, 0, from.capacity(), to, 0, size) == size;
      } catch (LZ4Exception e) {
        return false;
      }
    }
    try {
      return method == ZSTD
          && Zstd.decompressDirectByteBuffer(to, 0, size, from, 0, from.capacity()) == size;
    } catch (ZstdException e) {
      return false; // some versions of the library throw what others return
    }
  }
}
