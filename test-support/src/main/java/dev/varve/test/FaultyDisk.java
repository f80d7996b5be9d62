// SPDX-License-Identifier: Apache-2.0
package dev.varve.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A disk in memory that fails as disks do. Product code reaches it through [#root()], an ordinary
/// `Path` of a file system of its own. Safe for threads.
///
/// What was written is lost in a power cut unless the file was forced; a name that was created,
/// moved or deleted may be as before unless its directory was forced. Of what was not forced, a
/// random part survives, cut anywhere.
public final class FaultyDisk {
  private static final int SECTOR = 512;

  private final FaultyFileSystem fileSystem = new FaultyFileSystem(this);
  private Directory root = new Directory();
  private long capacity = Long.MAX_VALUE;
  private long writesUntilFailure = Long.MAX_VALUE;
  private long operations;
  private long faultyOperation = Long.MAX_VALUE;
  private Fault fault = Fault.GONE;
  private boolean syncsFail;
  private boolean readsFail;
  private int generation;

  /// A file or a directory.
  sealed interface Node {}

  /// Bytes now, bytes that are surely on the disk, and the writes in between.
  static final class File implements Node {
    private byte[] bytes = new byte[0];
    private int length;
    private byte[] durable = new byte[0];
    private final List<Change> pending = new ArrayList<>();
    Object lockOwner;
  }

  /// A write, or a truncation where `bytes` is null.
  private record Change(long at, byte[] bytes) {}

  /// Names now, and the changes of names since the directory was forced.
  static final class Directory implements Node {
    private Map<String, Node> entries = new TreeMap<>();
    private Map<String, Node> durable = new TreeMap<>();
    private final List<Entry> pending = new ArrayList<>();
  }

  /// A name that now means this node, or nothing where it is null.
  private record Entry(String name, Node node) {}

  /// The directory to give to the code under test.
  public Path root() {
    return fileSystem.getPath("/");
  }

  /// From now on no more than these bytes fit.
  public synchronized void fillAt(long bytes) {
    capacity = bytes;
  }

  /// Bytes in all files now.
  public synchronized long usedBytes() {
    return used(root);
  }

  private static long used(Node node) {
    return switch (node) {
      case File file -> file.length;
      case Directory directory ->
          directory.entries.values().stream().mapToLong(FaultyDisk::used).sum();
    };
  }

  /// After this many more writes the disk is gone: the last one is torn, everything after it fails,
  /// until [#powerCut].
  public synchronized void failAfterWrites(long writes) {
    writesUntilFailure = writes;
  }

  /// Whether the disk is gone since a write that [#failAfterWrites] named.
  public synchronized boolean isGone() {
    return writesUntilFailure < 0 || (fault == Fault.GONE && operations > faultyOperation);
  }

  /// Whether the operation of [#failOperation] has come and gone.
  public synchronized boolean hasFailed() {
    return operations > faultyOperation;
  }

  /// Whether the operation of [#failOperation] is still to come.
  public synchronized boolean willFail() {
    return faultyOperation < Long.MAX_VALUE && !hasFailed();
  }

  /// What goes wrong at an operation.
  public enum Fault {
    /// The disk is gone, until [#powerCut] or [#killProcess]. A write is torn.
    GONE,
    /// This once, there is no room for what is written or created. A write is torn.
    NO_SPACE,
    /// This once, the system cannot do it.
    ERROR
  }

  /// Operations that changed something, or tried to, since the disk was made: writes, truncations,
  /// forces, names that come, move and go.
  public synchronized long operations() {
    return operations;
  }

  /// The operation of this number goes wrong, as [#operations()] counts from 0. No space is a
  /// matter of the next operation that needs some.
  public synchronized void failOperation(long number, Fault how) {
    faultyOperation = number;
    fault = how;
  }

  /// Whether `force` throws.
  public synchronized void failSyncs(boolean fail) {
    syncsFail = fail;
  }

  /// Whether reading the bytes of a file throws, as when the system cannot reach a sector.
  public synchronized void failReads(boolean fail) {
    readsFail = fail;
  }

  /// Turns one bit of a file over, now and on the disk.
  public synchronized void flipBit(Path path, long bit) throws IOException {
    File file = file(path);
    file.bytes[(int) (bit >>> 3)] ^= (byte) (1 << (bit & 7));
    settle(file);
  }

  /// The process is gone, the machine is not: open files are closed, nothing is lost.
  public synchronized void killProcess() {
    generation++;
    faultyOperation = Long.MAX_VALUE;
    unlock(root);
  }

  private static void unlock(Node node) {
    switch (node) {
      case File file -> file.lockOwner = null;
      case Directory directory -> directory.entries.values().forEach(FaultyDisk::unlock);
    }
  }

  /// Power goes and comes back: of what was not forced, a random part is left.
  public synchronized void powerCut(RandomGenerator random) {
    killProcess();
    writesUntilFailure = Long.MAX_VALUE;
    syncsFail = false;
    readsFail = false;
    settleAfterCut(root, random);
  }

  private static void settleAfterCut(Node node, RandomGenerator random) {
    switch (node) {
      case File file -> {
        int survive = random.nextInt(file.pending.size() + 1);
        byte[] bytes = file.durable;
        for (int i = 0; i < file.pending.size(); i++) {
          Change change = file.pending.get(i);
          if (i < survive) {
            bytes = applied(bytes, change);
          } else if (i == survive && change.bytes != null) {
            int kept = random.nextInt(change.bytes.length + 1);
            kept = random.nextBoolean() ? kept : kept / SECTOR * SECTOR;
            bytes = applied(bytes, new Change(change.at, Arrays.copyOf(change.bytes, kept)));
          }
        }
        file.bytes = bytes.clone();
        file.length = bytes.length;
        settle(file);
      }
      case Directory directory -> {
        Map<String, Node> entries = new TreeMap<>(directory.durable);
        int survive = random.nextInt(directory.pending.size() + 1);
        for (Entry entry : directory.pending.subList(0, survive)) {
          put(entries, entry.name, entry.node);
        }
        directory.entries = entries;
        settle(directory);
        entries.values().forEach(child -> settleAfterCut(child, random));
      }
    }
  }

  private static byte[] applied(byte[] bytes, Change change) {
    if (change.bytes == null) {
      return Arrays.copyOf(bytes, (int) Math.min(bytes.length, change.at));
    }
    int end = (int) change.at + change.bytes.length;
    byte[] after = Arrays.copyOf(bytes, Math.max(bytes.length, end));
    System.arraycopy(change.bytes, 0, after, (int) change.at, change.bytes.length);
    return after;
  }

  private static void settle(File file) {
    file.durable = Arrays.copyOf(file.bytes, file.length);
    file.pending.clear();
  }

  private static void settle(Directory directory) {
    directory.durable = new TreeMap<>(directory.entries);
    directory.pending.clear();
  }

  private static void put(Map<String, Node> entries, String name, Node node) {
    if (node == null) {
      entries.remove(name);
    } else {
      entries.put(name, node);
    }
  }

  // What the file system calls.

  synchronized int generation() {
    return generation;
  }

  synchronized Node node(Path path) throws IOException {
    Node node = root;
    for (Path name : path.toAbsolutePath().normalize()) {
      if (!(node instanceof Directory directory)) {
        throw new NotDirectoryException(path.toString());
      }
      node = directory.entries.get(name.toString());
      if (node == null) {
        throw new NoSuchFileException(path.toString());
      }
    }
    return node;
  }

  private File file(Path path) throws IOException {
    if (node(path) instanceof File file) {
      return file;
    }
    throw new IOException(path + ": Is a directory");
  }

  private Directory parent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (node(parent) instanceof Directory directory) {
      return directory;
    }
    throw new NotDirectoryException(parent.toString());
  }

  private static String name(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  /// Counts an operation, and lets it go wrong where that was asked for.
  ///
  /// @param grows whether it needs space
  private void operate(boolean grows) throws IOException {
    if (isGone()) {
      throw new IOException("the disk is gone");
    }
    if (operations++ != faultyOperation) {
      return;
    }
    switch (fault) {
      case GONE -> throw new IOException("the disk is gone");
      case ERROR -> throw new IOException("Input/output error");
      case NO_SPACE -> {
        if (grows) {
          throw new IOException("No space left on device");
        }
        faultyOperation++;
      }
    }
  }

  private static void enter(Directory directory, String name, Node node) {
    put(directory.entries, name, node);
    directory.pending.add(new Entry(name, node));
  }

  synchronized File create(Path path, boolean mustBeNew) throws IOException {
    Directory parent = parent(path);
    Node known = parent.entries.get(name(path));
    if (known == null) {
      File file = new File();
      operate(true);
      enter(parent, name(path), file);
      return file;
    }
    if (mustBeNew) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return file(path);
  }

  synchronized void createDirectory(Path path) throws IOException {
    Directory parent = parent(path);
    if (parent.entries.containsKey(name(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    operate(true);
    enter(parent, name(path), new Directory());
  }

  synchronized void delete(Path path) throws IOException {
    Node node = node(path);
    if (node instanceof Directory directory && !directory.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    operate(false);
    enter(parent(path), name(path), null);
  }

  synchronized void move(Path from, Path to, boolean replace) throws IOException {
    Node node = node(from);
    Directory target = parent(to);
    Node there = target.entries.get(name(to));
    if (there != null && !replace) {
      throw new FileAlreadyExistsException(to.toString());
    }
    if (there instanceof Directory directory && !directory.entries.isEmpty()) {
      throw new DirectoryNotEmptyException(to.toString());
    }
    operate(true);
    // The new name first: what survives of a cut may have both names, but never none.
    enter(target, name(to), node);
    enter(parent(from), name(from), null);
  }

  synchronized List<String> list(Path path) throws IOException {
    if (node(path) instanceof Directory directory) {
      return List.copyOf(directory.entries.keySet());
    }
    throw new NotDirectoryException(path.toString());
  }

  synchronized long size(File file) {
    return file.length;
  }

  synchronized int read(File file, ByteBuffer to, long at) throws IOException {
    if (readsFail) {
      throw new IOException("Input/output error");
    }
    if (at >= file.length) {
      return to.hasRemaining() ? -1 : 0;
    }
    int count = (int) Math.min(to.remaining(), file.length - at);
    to.put(file.bytes, (int) at, count);
    return count;
  }

  synchronized int write(File file, ByteBuffer from, long at) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    if (writesUntilFailure < Long.MAX_VALUE && --writesUntilFailure < 0) {
      put(file, at, Arrays.copyOf(bytes, bytes.length / 2));
      throw new IOException("the disk is gone");
    }
    try {
      operate(true);
    } catch (IOException failed) {
      if (operations == faultyOperation + 1) {
        put(file, at, Arrays.copyOf(bytes, bytes.length / 2));
      }
      throw failed;
    }
    long growth = Math.max(0, at + bytes.length - file.length);
    if (growth > 0 && used(root) + growth > capacity) {
      long room = Math.max(0, capacity - used(root));
      int fits = (int) Math.max(0, Math.min(bytes.length, bytes.length - growth + room));
      put(file, at, Arrays.copyOf(bytes, fits));
      throw new IOException("No space left on device");
    }
    put(file, at, bytes);
    return bytes.length;
  }

  private static void put(File file, long at, byte[] bytes) {
    int end = Math.toIntExact(at + bytes.length);
    if (end > file.bytes.length) {
      file.bytes = Arrays.copyOf(file.bytes, Math.max(end, file.bytes.length * 2));
    }
    System.arraycopy(bytes, 0, file.bytes, (int) at, bytes.length);
    file.length = Math.max(file.length, end);
    file.pending.add(new Change(at, bytes));
  }

  synchronized void truncate(File file, long size) throws IOException {
    operate(false);
    if (size < file.length) {
      Arrays.fill(file.bytes, (int) size, file.length, (byte) 0);
      file.length = (int) size;
      file.pending.add(new Change(size, null));
    }
  }

  synchronized void force(Node node) throws IOException {
    operate(false);
    if (syncsFail) {
      throw new IOException("Input/output error");
    }
    switch (node) {
      case File file -> settle(file);
      case Directory directory -> settle(directory);
    }
  }
}
