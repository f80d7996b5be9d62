// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Carries the calls of `java.nio.file` to a [FaultyDisk].
final class FaultyProvider extends FileSystemProvider {
  private final FaultyDisk disk;

  FaultyProvider(FaultyDisk disk) {
    this.disk = disk;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    FaultyDisk.Node node;
    if (options.contains(StandardOpenOption.CREATE_NEW)) {
      node = disk.create(path, true);
    } else if (options.contains(StandardOpenOption.CREATE)) {
      node = disk.create(path, false);
    } else {
      node = disk.node(path);
    }
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean writes = append || options.contains(StandardOpenOption.WRITE);
    if (node instanceof FaultyDisk.File file
        && writes
        && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      disk.truncate(file, 0);
    }
    if (writes && node instanceof FaultyDisk.Directory) {
      throw new IOException(path + ": Is a directory");
    }
    return new FaultyChannel(disk, node, writes, append);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> entries = new ArrayList<>();
    for (String name : disk.list(path)) {
      Path entry = path.resolve(name);
      if (filter.accept(entry)) {
        entries.add(entry);
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return entries.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    disk.createDirectory(path);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(path);
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) throws IOException {
    Files.write(to, Files.readAllBytes(from));
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    Set<CopyOption> set = Set.of(options);
    disk.move(
        from,
        to,
        set.contains(StandardCopyOption.REPLACE_EXISTING)
            || set.contains(StandardCopyOption.ATOMIC_MOVE));
  }

  @Override
  public boolean isSameFile(Path a, Path b) {
    return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    disk.node(path);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    FaultyDisk.Node node = disk.node(path);
    long size = node instanceof FaultyDisk.File file ? disk.size(file) : 0;
    return type.cast(new Attributes(node, node instanceof FaultyDisk.Directory, size));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    BasicFileAttributes all = readAttributes(path, BasicFileAttributes.class, options);
    return Map.of("size", all.size(), "isDirectory", all.isDirectory());
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    if (type != BasicFileAttributeView.class) {
      return null;
    }
    return type.cast(
        new BasicFileAttributeView() {
          @Override
          public String name() {
            return "basic";
          }

          @Override
          public BasicFileAttributes readAttributes() throws IOException {
            return FaultyProvider.this.readAttributes(path, BasicFileAttributes.class);
          }

          @Override
          public void setTimes(FileTime modified, FileTime accessed, FileTime created) {}
        });
  }

  private record Attributes(Object fileKey, boolean isDirectory, long size)
      implements BasicFileAttributes {
    private static final FileTime EPOCH = FileTime.fromMillis(0);

    @Override
    public FileTime lastModifiedTime() {
      return EPOCH;
    }

    @Override
    public FileTime lastAccessTime() {
      return EPOCH;
    }

    @Override
    public FileTime creationTime() {
      return EPOCH;
    }

    @Override
    public boolean isRegularFile() {
      return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("make a FaultyDisk");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException("make a FaultyDisk");
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException("ask FaultyDisk.root()");
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException("a faulty disk has no file store");
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException("a faulty disk keeps no attributes");
  }
}
