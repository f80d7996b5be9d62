// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.connection;

import dev.varve.ingest.wire.ClientChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/// A socket without encryption: records go from file to socket inside the system.
record PlainChannel(SocketChannel socket) implements ClientChannel {
  private static final int PIECE_BYTES = 8 << 10;

  @Override
  public void handshake() {
    // Nothing is encrypted.
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return socket.read(into);
  }

  @Override
  public long write(ByteBuffer[] from, int first, int count) throws IOException {
    return socket.write(from, first, count);
  }

  @Override
  public long transfer(FileChannel file, long position, long count) throws IOException {
    long sent = file.transferTo(position, count, socket);
    return sent > 0 || position >= file.size() ? sent : push(file, position, count);
  }

  /// The socket is full, which a virtual thread is told by a transfer of nothing, again and again.
  /// A write waits until there is room: so a small piece goes by way of memory.
  private long push(FileChannel file, long position, long count) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE_BYTES));
    int bytes = file.read(piece, position);
    piece.flip();
    while (piece.hasRemaining()) {
      socket.write(piece);
    }
    return bytes;
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
