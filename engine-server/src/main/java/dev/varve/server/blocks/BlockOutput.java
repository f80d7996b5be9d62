// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.blocks;

import com.github.luben.zstd.Zstd;
import dev.varve.storage.hash.CityHash128;
import java.io.IOException;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/// Writes what it is given as blocks of LZ4 or ZSTD. A flush ends the block under way. One thread;
/// closing closes the stream behind it.
public final class BlockOutput extends OutputStream {
  private static final int BLOCK_BYTES = 1 << 20;

  private final OutputStream out;
  private final Packing packing;
  private final CityHash128 hash = new CityHash128();
  private final byte[] plain = new byte[BLOCK_BYTES];
  private byte[] block = new byte[0];
  private int size;

  /// How blocks are packed.
  public sealed interface Packing {
    Packing LZ4 = new Lz4();

    /// @param level of effort, 1 to 22
    static Packing zstd(int level) {
      return new Zstandard(level);
    }

    byte method();

    int mostBytes(int plain);

    /// Returns the length of what it put behind the header.
    int pack(byte[] plain, int size, byte[] block);
  }

  private record Lz4() implements Packing {
    private static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();

    @Override
    public byte method() {
      return BlockLayout.LZ4;
    }

    @Override
    public int mostBytes(int plain) {
      return COMPRESSOR.maxCompressedLength(plain);
    }

    @Override
    public int pack(byte[] plain, int size, byte[] block) {
      int room = block.length - BlockLayout.BYTES;
      return COMPRESSOR.compress(plain, 0, size, block, BlockLayout.BYTES, room);
    }
  }

  private record Zstandard(int level) implements Packing {
    @Override
    public byte method() {
      return BlockLayout.ZSTD;
    }

    @Override
    public int mostBytes(int plain) {
      return Math.toIntExact(Zstd.compressBound(plain));
    }

    @Override
    public int pack(byte[] plain, int size, byte[] block) {
      int room = block.length - BlockLayout.BYTES;
      long bytes = Zstd.compressByteArray(block, BlockLayout.BYTES, room, plain, 0, size, level);
      if (Zstd.isError(bytes)) {
        throw new IllegalStateException("ZSTD could not pack: " + Zstd.getErrorName(bytes));
      }
      return Math.toIntExact(bytes);
    }
  }

  public BlockOutput(OutputStream out, Packing packing) {
    this.out = out;
    this.packing = packing;
  }

  @Override
  public void write(int value) throws IOException {
    plain[size++] = (byte) value;
    if (size == BLOCK_BYTES) {
      endBlock();
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    int at = from;
    int left = length;
    while (left > 0) {
      int count = Math.min(left, BLOCK_BYTES - size);
      System.arraycopy(bytes, at, plain, size, count);
      size += count;
      at += count;
      left -= count;
      if (size == BLOCK_BYTES) {
        endBlock();
      }
    }
  }

  private void endBlock() throws IOException {
    if (size == 0) {
      return;
    }
    int most = BlockLayout.BYTES + packing.mostBytes(size);
    if (block.length < most) {
      block = new byte[most];
    }
    int bytes = packing.pack(plain, size, block);
    BlockLayout.put(block, packing.method(), bytes, size, hash);
    out.write(block, 0, BlockLayout.BYTES + bytes);
    size = 0;
  }

  @Override
  public void flush() throws IOException {
    endBlock();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    endBlock();
    out.close();
  }
}
