// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.embedded;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/// The engines open in this JVM, one for each data directory, counted by their users. Safe for
/// threads.
///
/// `mem:` is an engine of its own for each connection and `mem:NAME` one that is shared by name;
/// both lie in a temporary directory that goes with the last connection, or with the JVM.
final class SharedEngines {
  private static final String MEMORY = "mem:";

  private final Map<String, SharedEngine> open = new HashMap<>();
  private int unnamed;
  private boolean hooked;

  synchronized SharedEngine acquire(String location) {
    hook();
    boolean memory = location.startsWith(MEMORY);
    String key = memory ? location : directory(location).toString();
    if (location.equals(MEMORY)) {
      key = MEMORY + "#" + unnamed++;
    }
    SharedEngine engine = open.get(key);
    if (engine == null) {
      engine = memory ? openTemporary(key) : openDirectory(key);
      open.put(key, engine);
    }
    engine.addUser();
    return engine;
  }

  private SharedEngine openDirectory(String key) {
    return SharedEngine.open(Path.of(key), () -> closed(key), this);
  }

  private SharedEngine openTemporary(String key) {
    Path directory;
    try {
      directory = Files.createTempDirectory("varve-mem-");
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR,
          "no temporary directory for " + key + ": " + e.getMessage() + "; set java.io.tmpdir",
          e);
    }
    return SharedEngine.open(
        directory,
        () -> {
          closed(key);
          delete(directory);
        },
        this);
  }

  private static Path directory(String location) {
    String home = System.getProperty("user.home", "");
    String full = location.startsWith("~/") ? home + location.substring(1) : location;
    Path path = Path.of(full).toAbsolutePath().normalize();
    try {
      // Two spellings of one directory, through a link say, must be one engine.
      return Files.exists(path) ? path.toRealPath() : path;
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR, "the directory " + path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private synchronized void closed(String key) {
    open.remove(key);
  }

  private void hook() {
    if (!hooked) {
      hooked = true;
      Runtime.getRuntime().addShutdownHook(new Thread(this::closeAll, "varve-embedded-stop"));
    }
  }

  private synchronized void closeAll() {
    for (SharedEngine engine : Map.copyOf(open).values()) {
      engine.close();
    }
  }

  private static void delete(Path directory) {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR,
          "the temporary directory " + directory + " could not be deleted: " + e.getMessage(),
          e);
    }
  }
}
