// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/// The face that a [FaultyDisk] shows to product code.
final class FaultyFileSystem extends FileSystem {
  private final FaultyProvider provider;

  FaultyFileSystem(FaultyDisk disk) {
    this.provider = new FaultyProvider(disk);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public Path getPath(String first, String... more) {
    return new FaultyPath(this, FileSystems.getDefault().getPath(first, more));
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("a faulty disk lives as long as its test");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(FaultyPath.plain(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("a faulty disk has no users");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("a faulty disk cannot be watched");
  }
}
