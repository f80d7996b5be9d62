// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Reads frames from a stream into one buffer that is used again and grows only as bytes arrive, so
/// that a wrong length cannot make it allocate what never comes.
public final class FrameReader implements FrameSource {
  private static final int FIRST_BYTES = 8 * 1024;

  private final InputStream in;
  private byte[] buffer = new byte[FIRST_BYTES];

  public FrameReader(InputStream in) {
    this.in = in;
  }

  @Override
  public Frame next() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    FrameKind kind = FrameKind.of(first);
    if (kind == null) {
      throw new ProtocolException("no frame is of kind " + first);
    }
    fill(0, 4);
    int length = ByteBuffer.wrap(buffer, 0, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length < 0 || length > Frame.MAX_PAYLOAD_BYTES) {
      throw new ProtocolException(
          "a frame of "
              + Integer.toUnsignedString(length)
              + " bytes, more than the limit of "
              + Frame.MAX_PAYLOAD_BYTES);
    }
    read(length);
    return new Frame(kind, ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.LITTLE_ENDIAN));
  }

  private void read(int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (done == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.min(length, buffer.length * 4));
      }
      int piece = Math.min(length, buffer.length) - done;
      fill(done, piece);
      done += piece;
    }
  }

  private void fill(int from, int length) throws IOException {
    int got = in.readNBytes(buffer, from, length);
    if (got < length) {
      throw new EOFException("the stream ended in the middle of a frame");
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // The exchange is over either way; what matters was read before, or is given up here.
      buffer = new byte[0];
    }
  }
}
