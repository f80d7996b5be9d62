// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.blocks;

import dev.varve.storage.hash.CityHash128;
import java.io.IOException;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/// Writes what it is given as LZ4 blocks. A flush ends the block under way. One thread; closing
/// closes the stream behind it.
public final class BlockOutput extends OutputStream {
  private static final int BLOCK_BYTES = 1 << 20;

  private final OutputStream out;
  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final CityHash128 hash = new CityHash128();
  private final byte[] plain = new byte[BLOCK_BYTES];
  private byte[] block = new byte[0];
  private int size;

  public BlockOutput(OutputStream out) {
    this.out = out;
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
    int most = BlockLayout.BYTES + compressor.maxCompressedLength(size);
    if (block.length < most) {
      block = new byte[most];
    }
    int bytes =
        compressor.compress(
            plain, 0, size, block, BlockLayout.BYTES, block.length - BlockLayout.BYTES);
    BlockLayout.put(block, BlockLayout.LZ4, bytes, size, hash);
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
