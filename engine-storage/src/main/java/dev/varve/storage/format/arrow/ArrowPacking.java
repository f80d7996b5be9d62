// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.arrow.flatbuf.CompressionType;

/// Compressed buffers of Arrow: eight bytes that tell the length, then a frame of LZ4 or ZSTD; or
/// the bytes themselves behind a length of -1.
final class ArrowPacking {
  private static final int LENGTH_BYTES = 8;
  private static final long MAX_BYTES = 1L << 30;

  private ArrowPacking() {}

  static ByteBuffer unpacked(ByteBuffer packed, byte codec) {
    long length = packed.getLong(0);
    ByteBuffer rest = packed.slice(LENGTH_BYTES, packed.capacity() - LENGTH_BYTES);
    if (length == -1) {
      return rest.order(ByteOrder.LITTLE_ENDIAN);
    }
    if (length < 0 || length > MAX_BYTES) {
      throw ArrowColumn.malformed("a compressed Arrow buffer of " + length + " bytes");
    }
    byte[] bytes = new byte[rest.remaining()];
    rest.get(bytes);
    byte[] plain =
        codec == CompressionType.ZSTD ? zstd(bytes, (int) length) : lz4(bytes, (int) length);
    if (plain.length != length) {
      throw ArrowColumn.malformed(
          "a compressed Arrow buffer gives " + plain.length + " bytes, it tells " + length);
    }
    return ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] zstd(byte[] bytes, int length) {
    byte[] plain = new byte[length];
    long count = Zstd.decompress(plain, bytes);
    if (Zstd.isError(count) || count != length) {
      throw ArrowColumn.malformed("a compressed Arrow buffer is no ZSTD of " + length + " bytes");
    }
    return plain;
  }

  private static byte[] lz4(byte[] bytes, int length) {
    try (InputStream in = new LZ4FrameInputStream(new ByteArrayInputStream(bytes))) {
      return in.readNBytes(length);
    } catch (IOException e) {
      throw ArrowColumn.malformed("a compressed Arrow buffer is no LZ4: " + e.getMessage());
    }
  }
}
