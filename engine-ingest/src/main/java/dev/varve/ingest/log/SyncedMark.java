// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// Remembers up to which offset a partition was synced, to tell a torn tail from damage.
///
/// It is written after each sync and never synced itself: after a crash of the process it is exact,
/// after a power cut it may be old, but it is never ahead of the disk. So what is broken below it
/// was acknowledged, and what is broken above it was (but for rotten disks) never finished.
final class SyncedMark implements AutoCloseable {
  private static final int BYTES = 12;

  private final Path directory;
  private FileChannel channel;
  private long known = -1;

  /// The file is opened when there is something to write: thousands of idle partitions hold no file
  /// open for it.
  SyncedMark(Path directory) {
    this.directory = directory;
  }

  /// The offset that a partition's folder tells, without changing anything in it.
  static long peek(Path directory) throws IOException {
    Path file = directory.resolve("synced");
    if (!Files.exists(file)) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(channel);
    }
  }

  /// The offset, or 0 where none was written or the mark itself is torn.
  synchronized long read() throws IOException {
    known = peek(directory);
    return known;
  }

  private static long read(FileChannel channel) throws IOException {
    ByteBuffer mark = ByteBuffer.allocate(BYTES);
    long at = 0;
    while (mark.hasRemaining()) {
      int read = channel.read(mark, at);
      if (read < 0) {
        return 0;
      }
      at += read;
    }
    return mark.getInt(8) == checksum(mark) ? mark.getLong(0) : 0;
  }

  synchronized void write(long offset) throws IOException {
    if (offset == known) {
      return;
    }
    if (channel == null) {
      channel =
          FileChannel.open(
              directory.resolve("synced"), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }
    ByteBuffer mark = ByteBuffer.allocate(BYTES).putLong(0, offset);
    mark.putInt(8, checksum(mark));
    channel.write(mark, 0);
    known = offset;
  }

  private static int checksum(ByteBuffer mark) {
    CRC32C crc = new CRC32C();
    crc.update(mark.array(), 0, 8);
    return (int) crc.getValue();
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
