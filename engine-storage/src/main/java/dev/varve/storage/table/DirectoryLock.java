// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/// Keeps a data directory to one process. The operating system lets go when the process ends,
/// however it ends; the file `lock` stays and names its last owner.
public final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /// @throws VarveException DIRECTORY_LOCKED, naming the directory and its owner
  public static DirectoryLock take(Path directory) throws IOException {
    FileChannel channel = FileChannel.open(directory.resolve("lock"), CREATE, READ, WRITE);
    try {
      if (!tryLock(channel)) {
        throw locked(directory, owner(channel));
      }
      byte[] owner = ("pid " + ProcessHandle.current().pid() + "\n").getBytes(UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner), 0);
      return new DirectoryLock(channel);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(64);
    channel.read(text, 0);
    String owner = new String(text.array(), 0, text.position(), UTF_8).strip();
    return owner.isEmpty() ? "not known" : owner;
  }

  private static VarveException locked(Path directory, String owner) {
    return new VarveException(
        ErrorCode.DIRECTORY_LOCKED,
        "data directory "
            + directory
            + " is in use by another process (owner: "
            + owner
            + "); stop that process, or use another directory; `lsof "
            + directory.resolve("lock")
            + "` shows who holds it");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
