// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The catalog of one process: an append-only manifest in the data directory, and the directory's
/// lock. Safe for threads.
///
/// One thread of its own writes: it takes all changes that wait, appends them, and one fsync serves
/// them all. That thread is never interrupted; a caller's interrupt would close the file for
/// everyone. When an fsync fails nobody can know what the disk holds, so the catalog refuses
/// everything from then on and only a restart, which reads the disk, brings it back.
public final class LocalCatalog implements PartCatalog {
  private static final long REWRITE_ABOVE_BYTES = 1 << 20;
  private static final int REWRITE_FACTOR = 4;
  private static final int IDS_AT_ONCE = 4096;
  private static final String PREFIX = "manifest-";

  private record Pending(CatalogChange change, CompletableFuture<CatalogState> done) {}

  private final Path directory;
  private final DirectoryLock lock;
  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final Pending stop = new Pending(CatalogChange.of(), new CompletableFuture<>());
  private final AtomicLong nextPart;
  private final AtomicLong nextTable;
  private final Thread committer;
  private final long cutBytes;
  private final long rewriteAboveBytes;
  private volatile CatalogState state;
  private volatile VarveException broken;
  private volatile boolean closed;
  private ManifestFile manifest;
  private long fileNumber;
  private long snapshotBytes;

  private LocalCatalog(
      Path directory,
      DirectoryLock lock,
      ManifestFile.Loaded loaded,
      long fileNumber,
      long rewriteAboveBytes) {
    this.directory = directory;
    this.rewriteAboveBytes = rewriteAboveBytes;
    this.lock = lock;
    this.manifest = loaded.file();
    this.state = loaded.state();
    this.cutBytes = loaded.cutBytes();
    this.fileNumber = fileNumber;
    this.snapshotBytes = loaded.file().bytes();
    this.nextPart = new AtomicLong(loaded.state().nextPart());
    this.nextTable = new AtomicLong(loaded.state().nextTable());
    this.committer = Thread.ofPlatform().name("varve-catalog").daemon().unstarted(this::run);
  }

  /// Opens or creates the catalog of a data directory.
  ///
  /// @throws VarveException DIRECTORY_LOCKED, CORRUPTED_DATA, UNSUPPORTED_FORMAT_VERSION, IO_ERROR
  public static LocalCatalog open(Path directory) {
    return open(directory, REWRITE_ABOVE_BYTES);
  }

  /// @param rewriteAboveBytes a manifest is not written anew before it has this size
  static LocalCatalog open(Path directory, long rewriteAboveBytes) {
    try {
      ManifestFile.createDirectory(directory);
      DirectoryLock lock = DirectoryLock.take(directory);
      try {
        LocalCatalog catalog = load(directory, lock, rewriteAboveBytes);
        catalog.committer.start();
        return catalog;
      } catch (IOException | RuntimeException failed) {
        lock.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw writeError(directory, failed);
    }
  }

  private static LocalCatalog load(Path directory, DirectoryLock lock, long rewriteAboveBytes)
      throws IOException {
    deleteDrafts(directory);
    TreeMap<Long, Path> files = manifests(directory);
    if (files.isEmpty()) {
      ManifestFile created = ManifestFile.create(directory, 1, CatalogState.empty());
      return new LocalCatalog(
          directory,
          lock,
          new ManifestFile.Loaded(created, CatalogState.empty(), 0, ManifestLayout.VERSION),
          1,
          rewriteAboveBytes);
    }
    ManifestFile.Loaded loaded = ManifestFallback.open(files);
    long number = files.lastKey();
    for (Path older : files.headMap(number).values()) {
      Files.delete(older);
    }
    if (loaded.version() < ManifestLayout.VERSION) {
      // What is appended from here on is of the new version, and so must be the file's header.
      ManifestFile next = ManifestFile.create(directory, number + 1, loaded.state());
      loaded.file().close();
      Files.delete(loaded.file().path());
      return new LocalCatalog(
          directory,
          lock,
          new ManifestFile.Loaded(next, loaded.state(), loaded.cutBytes(), ManifestLayout.VERSION),
          number + 1,
          rewriteAboveBytes);
    }
    return new LocalCatalog(directory, lock, loaded, number, rewriteAboveBytes);
  }

  /// The manifests of a directory by their number.
  static TreeMap<Long, Path> manifests(Path directory) throws IOException {
    TreeMap<Long, Path> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (name.matches(PREFIX + "\\d{12}")) {
          files.put(Long.parseLong(name.substring(PREFIX.length())), entry);
        }
      }
    }
    return files;
  }

  /// Deletes rewrites that a crash cut short; the file before each holds.
  private static void deleteDrafts(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().matches(PREFIX + "\\d{12}\\.tmp")) {
          Files.delete(entry);
        }
      }
    }
  }

  /// Bytes of a torn write that were cut from the manifest's end when it was opened; usually 0.
  public long cutBytes() {
    return cutBytes;
  }

  @Override
  public CatalogState state() {
    return state;
  }

  @Override
  public CatalogState commit(CatalogChange change) {
    Pending pending = new Pending(change, new CompletableFuture<>());
    synchronized (queue) {
      if (closed) {
        throw new IllegalStateException("the catalog of " + directory + " is closed");
      }
      queue.add(pending);
    }
    try {
      return pending.done().join();
    } catch (CompletionException failed) {
      throw rethrown(failed.getCause());
    }
  }

  /// The same error with the caller's stack, so that the log shows who asked.
  private static RuntimeException rethrown(Throwable cause) {
    return switch (cause) {
      case VarveException error -> new VarveException(error.code(), error.getMessage(), error);
      case IllegalStateException error -> new IllegalStateException(error.getMessage(), error);
      default -> new IllegalStateException(cause);
    };
  }

  @Override
  public synchronized long newPartId() {
    long id = nextPart.getAndIncrement();
    if (id >= state.nextPart()) {
      long next = id + IDS_AT_ONCE;
      commit(CatalogChange.of(new CatalogChange.Operation.RaisePartIds(next)));
    }
    return id;
  }

  @Override
  public long newTableId() {
    return nextTable.getAndIncrement();
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    while (true) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException nobodyDoes) {
        throw new IllegalStateException("the catalog's thread was interrupted", nobodyDoes);
      }
      queue.drainTo(batch);
      boolean last = batch.remove(stop);
      commitBatch(batch);
      if (last) {
        return;
      }
    }
  }

  private void commitBatch(List<Pending> batch) {
    List<Pending> written = new ArrayList<>();
    CatalogState next = state;
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (Pending pending : batch) {
      try {
        refuseIfBroken();
        CatalogState after = next.apply(pending.change());
        byte[] payload = ChangeCodec.encode(pending.change());
        records.writeBytes(ManifestLayout.record(after.version(), payload).array());
        next = after;
        written.add(pending);
      } catch (RuntimeException refused) {
        pending.done().completeExceptionally(refused);
      }
    }
    if (written.isEmpty()) {
      return;
    }
    try {
      write(ByteBuffer.wrap(records.toByteArray()));
    } catch (VarveException failed) {
      written.forEach(pending -> pending.done().completeExceptionally(failed));
      return;
    }
    state = next;
    CatalogState committed = next;
    written.forEach(pending -> pending.done().complete(committed));
    rewriteIfLarge();
  }

  private void write(ByteBuffer records) {
    try {
      manifest.append(records);
    } catch (ManifestFile.Unknown failed) {
      throw breakOn(failed);
    } catch (IOException failed) {
      throw writeError(manifest.path(), failed);
    }
    try {
      manifest.sync();
    } catch (IOException failed) {
      throw breakOn(failed);
    }
  }

  private VarveException breakOn(IOException failed) {
    broken =
        new VarveException(
            ErrorCode.IO_ERROR,
            manifest.path()
                + " could not be synced ("
                + failed
                + "); what the disk holds is not known, restart the server to read it again",
            failed);
    return broken;
  }

  private void refuseIfBroken() {
    if (broken != null) {
      throw broken;
    }
  }

  /// Starts a new file from the state once the records behind the last snapshot outweigh it.
  private void rewriteIfLarge() {
    if (manifest.bytes() < Math.max(rewriteAboveBytes, REWRITE_FACTOR * snapshotBytes)) {
      return;
    }
    try {
      ManifestFile next = ManifestFile.create(directory, fileNumber + 1, state);
      ManifestFile previous = manifest;
      manifest = next;
      fileNumber++;
      snapshotBytes = next.bytes();
      previous.close();
      Files.deleteIfExists(previous.path());
    } catch (IOException failed) {
      abandonRewrite(failed);
    }
  }

  /// Without its rename the new file never counted, and the one in use goes on. Once renamed, a
  /// restart would read the new file, so nothing may be appended to the old one any more.
  private void abandonRewrite(IOException failed) {
    if (Files.exists(directory.resolve(ManifestFile.name(fileNumber + 1)))) {
      broken = writeError(directory, failed);
    } else {
      snapshotBytes = manifest.bytes();
    }
  }

  private static VarveException writeError(Path path, IOException failed) {
    boolean full = String.valueOf(failed.getMessage()).contains("No space left");
    return full
        ? new VarveException(
            ErrorCode.NOT_ENOUGH_SPACE,
            path + ": no space left on the disk; nothing was changed, free space and try again",
            failed)
        : new VarveException(ErrorCode.IO_ERROR, path + ": " + failed, failed);
  }

  @Override
  public void close() {
    synchronized (queue) {
      if (closed) {
        return;
      }
      closed = true;
      queue.add(stop);
    }
    boolean interrupted = false;
    while (committer.isAlive()) {
      try {
        committer.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try (DirectoryLock held = lock;
        ManifestFile open = manifest) {
      assert held != null && open != null;
    } catch (IOException failed) {
      throw writeError(directory, failed);
    }
  }
}
