// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.journal;

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
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// One file of the journal: written from its first frame to its last by one process, and read by
/// the next. One thread at a time.
final class JournalFile implements AutoCloseable {
  private final Path path;
  private final Map<Long, Long> last = new HashMap<>();
  private FileChannel channel;
  private long end;

  private JournalFile(Path path) {
    this.path = path;
  }

  static String name(long first) {
    return String.format(Locale.ROOT, "journal-%020d", first);
  }

  /// A new file for entries from this number on; it and its name are durable.
  static JournalFile create(Path directory, long first) throws IOException {
    JournalFile file = new JournalFile(directory.resolve(name(first)));
    try {
      file.channel = FileChannel.open(file.path, CREATE_NEW, WRITE);
      file.writeAll(JournalLayout.header(first));
      file.channel.force(true);
      syncDirectory(directory);
      return file;
    } catch (IOException failed) {
      file.abandon(failed);
      throw failed;
    }
  }

  private void abandon(IOException failed) {
    try {
      close();
      Files.deleteIfExists(path);
    } catch (IOException again) {
      failed.addSuppressed(again); // the next start finds a file without entries
    }
  }

  /// Hands on the entries of a file that an earlier process left.
  ///
  /// @param isLast whether its end may be torn; that is cut off, and what is left is forced
  static JournalFile recover(Path path, boolean isLast, Journal.Visitor visitor)
      throws IOException {
    JournalFile file = read(path, isLast, visitor);
    if (isLast) {
      // A process that died may have left entries unforced that were shown once they are read.
      try (FileChannel cut = FileChannel.open(path, READ, WRITE)) {
        cut.truncate(file.end);
        cut.force(true);
      }
    }
    return file;
  }

  /// As [#recover], and changes nothing.
  static JournalFile read(Path path, boolean isLast, Journal.Visitor visitor) throws IOException {
    JournalFile file = new JournalFile(path);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int at = file.checkHeader(bytes, isLast);
    while (at > 0 && JournalLayout.frameIsSound(bytes, at)) {
      file.visit(bytes, at, visitor);
      at += JournalLayout.FRAME_BYTES + JournalLayout.entryBytes(bytes, at);
    }
    if (at < bytes.limit() && (!isLast || soundFrameBehind(bytes, at) >= 0)) {
      throw file.damaged(at, "the entries here are damaged, and later ones are there");
    }
    file.end = at;
    return file;
  }

  /// Where the first frame begins; 0 in a file that a crash left before its header was whole.
  private int checkHeader(ByteBuffer bytes, boolean isLast) {
    if (isLast && !JournalLayout.headerIsSound(bytes) && soundFrameBehind(bytes, 0) < 0) {
      return 0;
    }
    if (!JournalLayout.hasMagic(bytes)) {
      throw damaged(0, "this is no journal of Varve: wrong magic bytes");
    }
    if (bytes.limit() >= 12 && JournalLayout.version(bytes) != JournalLayout.VERSION) {
      throw new VarveException(
          ErrorCode.UNSUPPORTED_FORMAT_VERSION,
          path
              + " has format version "
              + JournalLayout.version(bytes)
              + ", this program reads version "
              + JournalLayout.VERSION
              + "; use the version that wrote it, or a later one");
    }
    if (!JournalLayout.headerIsSound(bytes)) {
      throw damaged(0, "the header's checksum is wrong");
    }
    return JournalLayout.HEADER_BYTES;
  }

  private static int soundFrameBehind(ByteBuffer bytes, int from) {
    for (int at = from + 1; at <= bytes.limit() - JournalLayout.FRAME_BYTES; at++) {
      if (JournalLayout.frameIsSound(bytes, at)) {
        return at;
      }
    }
    return -1;
  }

  private void visit(ByteBuffer bytes, int frame, Journal.Visitor visitor) {
    int at = frame + JournalLayout.FRAME_BYTES;
    long first = JournalLayout.number(bytes, frame);
    for (int i = 0; i < JournalLayout.count(bytes, frame); i++) {
      byte[] entry = new byte[bytes.getInt(at)];
      bytes.get(at + 4, entry);
      JournalEntry decoded = JournalEntry.decode(path, entry);
      for (JournalEntry.Rows rows : decoded.rows()) {
        note(rows.table(), first + i);
      }
      visitor.entry(path, first + i, decoded);
      at += 4 + entry.length;
    }
  }

  private VarveException damaged(long at, String what) {
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        path
            + " is corrupt at byte "
            + at
            + ": "
            + what
            + "; restore the data directory from a replica or a backup, or move the file away and"
            + " lose the INSERTs in it that are in no part",
        null,
        new FilePlace(path, at));
  }

  /// An entry of this number has rows of a table.
  void note(long table, long number) {
    last.merge(table, number, Math::max);
  }

  /// For each table that has rows here, the number of the last entry with some.
  Map<Long, Long> last() {
    return last;
  }

  /// Appends a frame and forces it.
  ///
  /// @throws Unknown if nobody can know whether it is durable; after other exceptions it is not
  void append(ByteBuffer frame) throws IOException {
    long before = end;
    try {
      writeAll(frame);
    } catch (IOException failed) {
      cutOff(before, failed);
      throw failed;
    }
    try {
      channel.force(false);
    } catch (IOException failed) {
      throw new Unknown(failed);
    }
  }

  private void cutOff(long before, IOException failed) throws Unknown {
    try {
      channel.truncate(before);
      channel.force(true);
      end = before;
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

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      end += channel.write(bytes, end);
    }
  }

  long bytes() {
    return end;
  }

  Path path() {
    return path;
  }

  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel folder = FileChannel.open(directory, READ)) {
      folder.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
