// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A client whose bytes stay in memory: an answer for another server goes another way than through
/// a socket of the log.
final class BytesChannel implements ClientChannel {
  private final ByteBuffer bytes;

  BytesChannel(long size) {
    this.bytes = ByteBuffer.allocate(Math.toIntExact(size));
  }

  byte[] bytes() {
    return bytes.array();
  }

  @Override
  public void handshake() {}

  @Override
  public int read(ByteBuffer into) {
    return -1;
  }

  @Override
  public long write(ByteBuffer[] from, int first, int count) {
    int before = bytes.position();
    for (int i = first; i < first + count; i++) {
      bytes.put(from[i]);
    }
    return bytes.position() - before;
  }

  @Override
  public long transfer(FileChannel file, long position, long count) throws IOException {
    ByteBuffer into = bytes.slice(bytes.position(), (int) Math.min(count, bytes.remaining()));
    int read = file.read(into, position);
    if (read < 0) {
      throw new EOFException("the log ends at byte " + file.size() + ", expected more");
    }
    bytes.position(bytes.position() + read);
    return read;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
