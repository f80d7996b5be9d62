// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A client that keeps what it gets.
final class Received implements ClientChannel {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  @Override
  public void handshake() {
    // Nothing is encrypted.
  }

  @Override
  public int read(ByteBuffer into) {
    return -1;
  }

  @Override
  public long write(ByteBuffer[] from, int first, int count) {
    // One buffer, and that in two steps, as a socket may do it.
    int at = first;
    while (at < first + count - 1 && !from[at].hasRemaining()) {
      at++;
    }
    ByteBuffer next = from[at];
    byte[] piece = new byte[(next.remaining() + 1) / 2];
    next.get(piece);
    bytes.writeBytes(piece);
    return piece.length;
  }

  @Override
  public long transfer(FileChannel file, long position, long count) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) (count + 1) / 2);
    int read = file.read(piece, position);
    bytes.write(piece.array(), 0, read);
    return read;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
