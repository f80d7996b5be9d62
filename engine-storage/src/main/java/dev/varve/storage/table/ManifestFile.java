// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.FilePlace;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// One manifest file, open for appending. One thread.
///
/// The first record holds the whole state, so older files are not needed. A bad record ends the
/// file only if nothing sound follows it: then it is the torn end of a write that nobody was told
/// about. A bad record in front of sound ones is damage, and reading on would forget commits.
final class ManifestFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private long end;

  private ManifestFile(Path path, FileChannel channel, long end) {
    this.path = path;
    this.channel = channel;
    this.end = end;
  }

  static String name(long number) {
    return String.format(Locale.ROOT, "manifest-%012d", number);
  }

  /// What a file held when it was opened.
  ///
  /// @param cutBytes bytes of a torn end that were cut off
  /// @param version of the file's format
  record Loaded(ManifestFile file, CatalogState state, long cutBytes, int version) {}

  /// Writes a new file which holds this state and nothing else. It counts from its rename on.
  static ManifestFile create(Path directory, long number, CatalogState state) throws IOException {
    Path path = directory.resolve(name(number));
    Path draft = directory.resolve(name(number) + ".tmp");
    Files.deleteIfExists(draft);
    try (FileChannel out = FileChannel.open(draft, CREATE_NEW, WRITE)) {
      writeAll(out, ManifestLayout.header(number), 0);
      byte[] payload = ChangeCodec.encode(state.asChange());
      writeAll(out, ManifestLayout.record(state.version(), payload), ManifestLayout.HEADER_BYTES);
      out.force(true);
    }
    Files.move(draft, path, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(directory);
    FileChannel channel = FileChannel.open(path, READ, WRITE);
    return new ManifestFile(path, channel, channel.size());
  }

  /// Reads a file, cuts a torn end, and stands ready to append.
  static Loaded open(Path path, long number) throws IOException {
    FileChannel channel = FileChannel.open(path, READ, WRITE);
    try {
      ByteBuffer bytes = readAll(channel);
      checkHeader(path, number, bytes);
      CatalogState state = CatalogState.empty();
      int at = ManifestLayout.HEADER_BYTES;
      while (ManifestLayout.recordIsSound(bytes, at)) {
        state = applyRecord(path, bytes, at, state);
        at += ManifestLayout.RECORD_HEADER_BYTES + ManifestLayout.payloadBytes(bytes, at);
      }
      if (at == ManifestLayout.HEADER_BYTES) {
        throw damaged(path, at, "no sound first record, which holds the whole catalog");
      }
      long torn = bytes.limit() - at;
      if (torn > 0) {
        refuseHoleBefore(path, bytes, at);
        channel.truncate(at);
      }
      // A process that died may have left records and the file's very name unforced.
      channel.force(true);
      syncDirectory(path.toAbsolutePath().getParent());
      return new Loaded(
          new ManifestFile(path, channel, at), state, torn, ManifestLayout.version(bytes));
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  static CatalogState applyRecord(Path path, ByteBuffer bytes, int at, CatalogState before) {
    boolean first = at == ManifestLayout.HEADER_BYTES;
    long version = ManifestLayout.recordVersion(bytes, at);
    if (!first && version != before.version() + 1) {
      throw damaged(path, at, "expected record " + (before.version() + 1) + ", found " + version);
    }
    try {
      CatalogState after = before.apply(ChangeCodec.decode(ManifestLayout.payload(bytes, at)));
      return new CatalogState(
          version,
          after.databases(),
          after.tables(),
          after.nextPart(),
          after.nextTable(),
          after.states(),
          after.position());
    } catch (VarveException failed) {
      throw new VarveException(
          failed.code(), path + " at byte " + at + ": " + failed.getMessage(), failed);
    } catch (RuntimeException failed) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          path
              + " at byte "
              + at
              + ": the record's checksum is right but it makes no sense: "
              + failed,
          failed);
    }
  }

  static void checkHeader(Path path, long number, ByteBuffer bytes) {
    if (!ManifestLayout.hasMagic(bytes)) {
      throw damaged(path, 0, "this is no manifest of Varve: wrong magic bytes");
    }
    if (bytes.limit() >= 12 && !ManifestLayout.isReadable(ManifestLayout.version(bytes))) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          path
              + " has format version "
              + ManifestLayout.version(bytes)
              + ", this program reads versions up to "
              + ManifestLayout.VERSION
              + "; use the version that wrote it, or a later one");
    }
    if (!ManifestLayout.headerIsSound(bytes)) {
      throw damaged(path, 0, "the header's checksum is wrong");
    }
    if (ManifestLayout.fileNumber(bytes) != number) {
      throw damaged(
          path,
          12,
          "expected file number " + number + ", found " + ManifestLayout.fileNumber(bytes));
    }
  }

  private static void refuseHoleBefore(Path path, ByteBuffer bytes, int bad) {
    for (int at = bad + 1; at <= bytes.limit() - ManifestLayout.RECORD_HEADER_BYTES; at++) {
      if (ManifestLayout.recordIsSound(bytes, at)) {
        throw damaged(
            path,
            bad,
            "the record here is damaged, and a sound one follows at byte "
                + at
                + ", so it is not the torn end of a crash");
      }
    }
  }

  static VarveException damaged(Path path, long at, String what) {
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        path
            + " is corrupt at byte "
            + at
            + ": "
            + what
            + "; restore the data directory from a replica or a backup",
        null,
        new FilePlace(path, at));
  }

  /// Appends records, at first only to the page cache. If that fails nothing of them stays, not
  /// even after a power cut: the caller tells somebody that they do not hold.
  ///
  /// @throws Unknown if what failed could not be cut off again
  void append(ByteBuffer records) throws IOException {
    int bytes = records.remaining();
    try {
      writeAll(channel, records, end);
    } catch (IOException failed) {
      cutOff(failed);
      throw failed;
    }
    end += bytes;
  }

  private void cutOff(IOException failed) throws Unknown {
    try {
      channel.truncate(end);
      channel.force(true);
    } catch (IOException again) {
      failed.addSuppressed(again);
      throw new Unknown(failed);
    }
  }

  /// Nobody can know what the disk holds.
  static final class Unknown extends IOException {
    private static final long serialVersionUID = 1L;

    Unknown(IOException cause) {
      super(cause.toString(), cause);
    }
  }

  void sync() throws IOException {
    channel.force(false);
  }

  long bytes() {
    return end;
  }

  Path path() {
    return path;
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  private static ByteBuffer readAll(FileChannel channel) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(channel.size())).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // read on: one call need not fill the buffer
    }
    return bytes.flip();
  }

  /// Makes a directory and its name durable, and those above it that are not there yet.
  static void createDirectory(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory)) {
      if (parent != null) {
        createDirectory(parent);
      }
      Files.createDirectories(directory);
    }
    // Also where it was there: whoever made it may have died before this.
    if (parent != null && Files.isReadable(parent)) {
      syncDirectory(parent);
    }
  }

  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
