// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.spill;

import dev.varve.storage.file.FileErrors;
import dev.varve.storage.type.DataType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The directory where queries put what does not fit into their memory. Safe for threads.
///
/// Nothing in it outlives the process that wrote it: what a crash left is deleted when the
/// directory is opened again, so it must belong to this process alone.
public final class SpillSpace {
  private static final String PREFIX = "spill-";

  private final Path directory;
  private final AtomicLong nextFile = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();
  private final AtomicLong writtenFiles = new AtomicLong();
  private final AtomicLong heldBytes = new AtomicLong();

  private SpillSpace(Path directory) {
    this.directory = directory;
  }

  /// Takes a directory, which need not be there yet, and deletes what a crash left in it.
  public static SpillSpace open(Path directory) {
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
        for (Path file : left) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw FileErrors.of("empty", directory, e);
      }
    }
    return new SpillSpace(directory);
  }

  /// A new, empty file. Who takes it closes it, which deletes it.
  public SpillFile create(List<DataType> types) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw FileErrors.of("create", directory, e);
    }
    writtenFiles.incrementAndGet();
    return SpillFile.create(
        directory.resolve(PREFIX + nextFile.getAndIncrement()), types, this::account);
  }

  private void account(long bytes) {
    heldBytes.addAndGet(bytes);
    if (bytes > 0) {
      writtenBytes.addAndGet(bytes);
    }
  }

  /// Bytes written since the start.
  public long writtenBytes() {
    return writtenBytes.get();
  }

  /// Files made since the start.
  public long writtenFiles() {
    return writtenFiles.get();
  }

  /// Bytes that running queries have on disk now.
  public long heldBytes() {
    return heldBytes.get();
  }
}
