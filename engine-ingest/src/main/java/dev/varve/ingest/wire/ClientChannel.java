// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The bytes from and to a client, encrypted or not. One thread reads, one writes.
public interface ClientChannel extends Closeable {
  /// Agrees with the client on how bytes are encrypted, where they are. To be called first, by the
  /// thread that reads.
  void handshake() throws IOException;

  /// Reads some bytes; -1 where the client is gone.
  int read(ByteBuffer into) throws IOException;

  /// Writes what `from[first, first + count)` hold, or a part of it, and waits until some of it is
  /// on its way.
  long write(ByteBuffer[] from, int first, int count) throws IOException;

  /// Sends bytes of a file, or a part of them, without taking them into memory where that can be.
  long transfer(FileChannel file, long position, long count) throws IOException;

  boolean isOpen();
}
