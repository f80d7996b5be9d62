// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Where small states are kept, each whole under its name: a directory, or what several servers
/// share.
public interface StatePlace {
  /// What was written last under a name; nothing where nothing ever was.
  Optional<byte[]> read(String name);

  /// Replaces what is there; durable when this returns, and whole whenever a crash comes.
  void write(String name, byte[] bytes);

  /// What messages call it.
  Path shown(String name);

  /// Files of a directory. A write puts a new file beside the old one, forces it, and moves it into
  /// its place, so that a crash leaves the old state or the new one.
  static StatePlace in(Path directory) {
    return new StatePlace() {
      @Override
      public Optional<byte[]> read(String name) {
        Path file = shown(name);
        try {
          return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
          throw FileErrors.of("read", file, e);
        }
      }

      @Override
      public void write(String name, byte[] bytes) {
        Path file = shown(name);
        Path fresh = directory.resolve(name + ".new");
        try {
          Files.deleteIfExists(fresh);
          try (OutputFile target = OutputFile.create(fresh)) {
            target.write(bytes);
            target.finish(true);
          }
          Files.move(
              fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
          }
        } catch (IOException e) {
          throw FileErrors.of("write", file, e);
        }
      }

      @Override
      public Path shown(String name) {
        return directory.resolve(name);
      }
    };
  }
}
