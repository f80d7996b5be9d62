// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// An answer that is held until it is whole: in memory while it is short, in a file where it is
/// not. One thread. Closing ends the writing; who made it calls [#discard()] in the end.
final class Spool extends OutputStream {
  private static final int FILE_BUFFER = 1 << 16;

  private final Path directory;
  private final int memoryBytes;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private Path file;
  private OutputStream toFile;

  /// @param directory where the file stands, made if it is not there
  /// @param memoryBytes what is held in memory at most
  Spool(Path directory, int memoryBytes) {
    this.directory = directory;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (toFile == null && memory.size() + length > memoryBytes) {
      Files.createDirectories(directory);
      file = Files.createTempFile(directory, "answer-", ".part");
      toFile = new java.io.BufferedOutputStream(Files.newOutputStream(file), FILE_BUFFER);
    }
    if (toFile != null) {
      toFile.write(bytes, from, length);
    } else {
      memory.write(bytes, from, length);
    }
  }

  @Override
  public void close() throws IOException {
    if (toFile != null) {
      toFile.close();
    }
  }

  /// Hands everything on, after [#close()].
  void copyTo(OutputStream out) throws IOException {
    memory.writeTo(out);
    if (file != null) {
      Files.copy(file, out);
    }
  }

  /// Deletes the file, if there is one.
  void discard() throws IOException {
    close();
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
