// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A directory that appears under its name whole or not at all. Its files are written into
/// `<name>.tmp`, which a crash may leave behind and anyone may delete.
public final class StagedDirectory implements AutoCloseable {
  public static final String SUFFIX = ".tmp";

  private final Path staging;
  private final Path target;
  private boolean published;

  private StagedDirectory(Path staging, Path target) {
    this.staging = staging;
    this.target = target;
  }

  /// Starts a directory; leftovers of a crash under the same name are removed.
  public static StagedDirectory create(Path target) {
    Path staging = target.resolveSibling(target.getFileName() + SUFFIX);
    try {
      delete(staging);
      Files.createDirectories(staging);
      return new StagedDirectory(staging, target);
    } catch (IOException e) {
      throw FileErrors.of("create", staging, e);
    }
  }

  /// Where the files are to be written.
  public Path path() {
    return staging;
  }

  /// Renames the directory to its name. The files in it must have been forced before.
  ///
  /// @param sync whether the names themselves are forced to disk, so that they survive a power cut
  public Path publish(boolean sync) {
    try {
      if (sync) {
        force(staging);
      }
      Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
      published = true;
      if (sync) {
        force(target.getParent());
      }
      return target;
    } catch (IOException e) {
      throw FileErrors.of("publish", target, e);
    }
  }

  /// Forces the entries of a directory to disk.
  public static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Deletes a directory and what is in it, links but not what they lead to; one that is not there
  /// is no error.
  public static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          delete(file);
        } else {
          Files.delete(file);
        }
      }
    }
    Files.delete(directory);
  }

  /// Removes what was written, unless it was published.
  @Override
  public void close() {
    if (!published) {
      try {
        delete(staging);
      } catch (IOException e) {
        throw FileErrors.of("delete", staging, e);
      }
    }
  }
}
