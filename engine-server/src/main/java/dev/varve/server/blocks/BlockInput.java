// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.blocks;

import com.github.luben.zstd.Zstd;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.hash.CityHash128;
import java.io.IOException;
import java.io.InputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/// Reads a stream of compressed blocks as what they hold. Each block is checked before it is
/// unpacked. One thread.
public final class BlockInput extends InputStream {
  /// No client makes larger blocks; a length beyond it is damage or no length at all.
  private static final int MAX_BYTES = 256 << 20;

  private final InputStream in;
  private final LZ4SafeDecompressor lz4 = LZ4Factory.fastestInstance().safeDecompressor();
  private final CityHash128 hash = new CityHash128();
  private byte[] block = new byte[1 << 16];
  private byte[] plain = new byte[0];
  private int from;
  private int to;
  private long blocks;

  public BlockInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    return isOver() ? -1 : plain[from++] & 0xFF;
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (isOver()) {
      return -1;
    }
    int count = Math.min(length, to - from);
    System.arraycopy(plain, from, target, at, count);
    from += count;
    return count;
  }

  private boolean isOver() throws IOException {
    while (from == to) {
      if (!nextBlock()) {
        return true;
      }
    }
    return false;
  }

  private boolean nextBlock() throws IOException {
    int head = in.readNBytes(block, 0, BlockLayout.BYTES);
    if (head == 0) {
      return false;
    }
    if (head < BlockLayout.BYTES) {
      throw damaged("it ends in its header");
    }
    blocks++;
    int compressed = BlockLayout.compressedSize(block);
    int uncompressed = BlockLayout.uncompressedSize(block);
    if (compressed < BlockLayout.HEADER_BYTES
        || compressed > MAX_BYTES
        || uncompressed < 0
        || uncompressed > MAX_BYTES) {
      throw damaged("its sizes are " + compressed + " and " + uncompressed + " bytes");
    }
    int whole = BlockLayout.CHECKSUM_BYTES + compressed;
    if (block.length < whole) {
      block = java.util.Arrays.copyOf(block, whole);
    }
    int rest = compressed - BlockLayout.HEADER_BYTES;
    if (in.readNBytes(block, BlockLayout.BYTES, rest) < rest) {
      throw damaged("it ends before its " + compressed + " bytes");
    }
    hash.hash(block, BlockLayout.CHECKSUM_BYTES, compressed);
    if (hash.low() != BlockLayout.checksumLow(block)
        || hash.high() != BlockLayout.checksumHigh(block)) {
      throw new VarveException(
          ErrorCode.CHECKSUM_DOESNT_MATCH,
          "compressed block "
              + blocks
              + " of the request does not match its checksum; send it again");
    }
    unpack(rest, uncompressed);
    return true;
  }

  private void unpack(int bytes, int uncompressed) {
    if (plain.length < uncompressed) {
      plain = new byte[uncompressed];
    }
    int found;
    try {
      found =
          switch (BlockLayout.method(block)) {
            case BlockLayout.LZ4 ->
                lz4.decompress(block, BlockLayout.BYTES, bytes, plain, 0, uncompressed);
            case BlockLayout.ZSTD ->
                (int)
                    Zstd.decompressByteArray(
                        plain, 0, uncompressed, block, BlockLayout.BYTES, bytes);
            case BlockLayout.NONE -> {
              System.arraycopy(block, BlockLayout.BYTES, plain, 0, Math.min(bytes, uncompressed));
              yield bytes;
            }
            default -> throw damaged("its method is neither LZ4, ZSTD nor none");
          };
    } catch (LZ4Exception e) {
      throw damaged("its bytes are not LZ4");
    }
    if (found != uncompressed) {
      throw damaged("it holds " + found + " bytes and says " + uncompressed);
    }
    from = 0;
    to = uncompressed;
  }

  private VarveException damaged(String what) {
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT,
        "compressed block " + blocks + " of the request is malformed: " + what);
  }
}
