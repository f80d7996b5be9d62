// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;

/// Takes the buffers of an encoded answer as they are, so that the socket writes them in one go.
/// Records are slices of what was read from the log; nothing is copied here.
final class BufferedSend implements TransferableChannel {
  private final List<ByteBuffer> buffers = new ArrayList<>();

  ByteBuffer[] collect(Send send) {
    try {
      while (!send.completed()) {
        send.writeTo(this);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in here
    }
    return buffers.toArray(ByteBuffer[]::new);
  }

  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining();
    buffers.add(source.slice());
    source.position(source.limit());
    return length;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    long written = 0;
    for (int i = offset; i < offset + length; i++) {
      written += sources[i].hasRemaining() ? write(sources[i]) : 0;
    }
    return written;
  }

  @Override
  public long write(ByteBuffer[] sources) {
    return write(sources, 0, sources.length);
  }

  @Override
  public boolean hasPendingWrites() {
    return false;
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(count));
    int read = file.read(bytes, position);
    buffers.add(bytes.flip());
    return read;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
