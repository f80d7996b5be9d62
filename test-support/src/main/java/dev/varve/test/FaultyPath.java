// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/// A path on a [FaultyDisk]: the names of a path of the default file system under another provider.
final class FaultyPath implements Path {
  private final FaultyFileSystem fileSystem;
  private final Path names;

  FaultyPath(FaultyFileSystem fileSystem, Path names) {
    this.fileSystem = fileSystem;
    this.names = names;
  }

  static Path plain(Path path) {
    return path instanceof FaultyPath faulty ? faulty.names : path;
  }

  private Path wrap(Path path) {
    return path == null ? null : new FaultyPath(fileSystem, path);
  }

  @Override
  public FileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return names.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return wrap(names.getRoot());
  }

  @Override
  public Path getFileName() {
    return wrap(names.getFileName());
  }

  @Override
  public Path getParent() {
    return wrap(names.getParent());
  }

  @Override
  public int getNameCount() {
    return names.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return wrap(names.getName(index));
  }

  @Override
  public Path subpath(int from, int to) {
    return wrap(names.subpath(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof FaultyPath && names.startsWith(plain(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof FaultyPath && names.endsWith(plain(other));
  }

  @Override
  public Path normalize() {
    return wrap(names.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return wrap(names.resolve(plain(other)));
  }

  @Override
  public Path relativize(Path other) {
    return wrap(names.relativize(plain(other)));
  }

  @Override
  public URI toUri() {
    return URI.create("faulty://" + toAbsolutePath());
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute() ? this : wrap(Path.of("/").resolve(names));
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath().normalize();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("a faulty disk cannot be watched");
  }

  @Override
  public int compareTo(Path other) {
    return names.compareTo(plain(other));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaultyPath path
        && path.fileSystem == fileSystem
        && path.names.equals(names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
