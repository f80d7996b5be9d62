// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A new file written from its first byte to its last. Safe for threads that append.
public final class OutputFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private volatile long position;

  private OutputFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  public static OutputFile create(Path path) {
    try {
      return new OutputFile(
          path, FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    } catch (IOException e) {
      throw FileErrors.of("create", path, e);
    }
  }

  public Path path() {
    return path;
  }

  /// Bytes written so far.
  public long position() {
    return position;
  }

  public void write(MemorySegment bytes) {
    append(bytes);
  }

  /// Writes in one piece, whatever other threads write; returns where it begins.
  public long append(MemorySegment bytes) {
    return write(bytes.asByteBuffer());
  }

  public void write(byte[] bytes) {
    write(ByteBuffer.wrap(bytes));
  }

  private synchronized long write(ByteBuffer bytes) {
    long start = position;
    int count = bytes.remaining();
    if (count > buffer.remaining()) {
      drain();
    }
    if (count <= buffer.remaining()) {
      buffer.put(bytes);
    } else {
      writeAll(bytes);
    }
    position = start + count;
    return start;
  }

  private void drain() {
    buffer.flip();
    writeAll(buffer);
    buffer.clear();
  }

  private void writeAll(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw FileErrors.of("write", path, e);
    }
  }

  /// Writes what is buffered, forces it to disk if asked to, and closes the file.
  public void finish(boolean sync) {
    drain();
    try {
      if (sync) {
        channel.force(true);
      }
      channel.close();
    } catch (IOException e) {
      throw FileErrors.of("write", path, e);
    }
  }

  /// Closes the file; without [#finish] before, its end is missing.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileErrors.of("close", path, e);
    }
  }
}
