// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.Lz4Block;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/// Where the frames of one answer go, whole and one after the other, whichever thread sends them.
/// Behind the last one nothing goes: progress that comes too late is dropped.
final class FrameOutput {
  private static final int MIN_BYTES = 512;

  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;
  private final byte[] header = new byte[Frame.HEADER_BYTES];
  private final LZ4Compressor compressor;
  private byte[] packed = new byte[0];
  private boolean ended;
  private volatile long sent;

  /// @param packs whether data may go packed
  FrameOutput(OutputStream out, boolean packs) {
    this.out = out;
    this.compressor = packs ? LZ4Factory.fastestInstance().fastCompressor() : null;
  }

  /// Frames sent so far.
  long sent() {
    return sent;
  }

  void write(Frame frame) throws IOException {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = frame.kind() == FrameKind.END || frame.kind() == FrameKind.ERROR;
      int length = frame.payload().remaining();
      int small = compressor != null && frame.kind() == FrameKind.DATA ? pack(frame, length) : 0;
      if (small > 0) {
        Frame.putHeader(header, FrameKind.PACKED, small);
        out.write(header);
        out.write(packed, 0, small);
      } else {
        Frame.putHeader(header, frame.kind(), length);
        out.write(header);
        out.write(frame.payload().array(), frame.payload().position(), length);
      }
      out.flush();
      sent++;
    } finally {
      lock.unlock();
    }
  }

  /// Packs the payload of a frame; returns the length, or 0 where it is hardly smaller.
  private int pack(Frame frame, int length) {
    if (length < MIN_BYTES) {
      return 0;
    }
    int most = Lz4Block.HEADER_BYTES + compressor.maxCompressedLength(length);
    if (packed.length < most) {
      packed = new byte[most];
    }
    byte[] plain = frame.payload().array();
    int bytes =
        compressor.compress(
            plain, frame.payload().position(), length, packed, Lz4Block.HEADER_BYTES);
    if (bytes > length - length / 8) {
      return 0;
    }
    ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
    return Lz4Block.HEADER_BYTES + bytes;
  }
}
