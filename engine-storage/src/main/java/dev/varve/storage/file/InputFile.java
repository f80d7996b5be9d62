// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A finished file, read at any position by any thread. Opened at the first read.
///
/// An interrupt closes a Java channel for everybody who shares it. So a channel found closed is
/// opened again, unless the file itself was closed or the reading thread is the interrupted one.
public final class InputFile implements AutoCloseable {
  private final Path path;
  private FileChannel channel;
  private boolean closed;

  public InputFile(Path path) {
    this.path = path;
  }

  public Path path() {
    return path;
  }

  /// Fills the segment from the file.
  ///
  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA where the file ends before
  public void read(long offset, MemorySegment into) {
    ByteBuffer buffer = into.asByteBuffer();
    while (true) {
      try {
        FileChannel open = channel();
        while (buffer.hasRemaining()) {
          if (open.read(buffer, offset + buffer.position()) < 0) {
            throw FileErrors.corrupt(
                path,
                offset,
                into.byteSize() + " bytes",
                "the end of the file after " + buffer.position());
          }
        }
        return;
      } catch (ClosedByInterruptException e) {
        throw FileErrors.of("read", path, e);
      } catch (ClosedChannelException e) {
        if (isClosed()) {
          throw FileErrors.of("read", path, e);
        }
      } catch (IOException e) {
        throw FileErrors.of("read", path, e);
      }
    }
  }

  private synchronized FileChannel channel() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (channel == null || !channel.isOpen()) {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
    return channel;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw FileErrors.of("close", path, e);
      }
    }
  }
}
