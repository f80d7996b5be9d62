// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.wire.ClientChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;

/// A socket without encryption: records go from file to socket inside the system.
record PlainChannel(SocketChannel socket) implements ClientChannel {
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
    return file.transferTo(position, count, socket);
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
