// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// One file of a partition: record batches end to end, named by the offset of its first record.
///
/// The owner's lock guards writing; reading is safe for threads, up to the size that the reader was
/// told. Never interrupt a thread that reads or writes: it would close the channel.
final class Segment implements AutoCloseable {
  private static final String SUFFIX = ".log";

  private final Path file;
  private final long baseOffset;
  private final FileChannel channel;
  // A closed segment's is in its file, and stays in memory as long as there is room: of much log,
  // indexes would fill the heap.
  private volatile SparseIndex growing;
  private volatile SoftReference<SparseIndex> closed = new SoftReference<>(null);
  private volatile int size;
  private volatile long nextOffset;
  private volatile long maxTimestamp = Long.MIN_VALUE;

  Segment(Path directory, long baseOffset) throws IOException {
    this(directory, baseOffset, new SparseIndex());
  }

  private Segment(Path directory, long baseOffset, SparseIndex index) throws IOException {
    this.growing = index;
    this.file = directory.resolve(name(baseOffset));
    this.baseOffset = baseOffset;
    this.nextOffset = baseOffset;
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /// A closed segment whose file was moved to another folder, and whose index is known.
  static Segment reopened(Path directory, long baseOffset, Segment moved) throws IOException {
    Segment segment = new Segment(directory, baseOffset, moved.growing);
    segment.closed = moved.closed;
    segment.size = moved.size;
    segment.nextOffset = moved.nextOffset;
    segment.maxTimestamp = moved.maxTimestamp;
    return segment;
  }

  static String name(long baseOffset) {
    return String.format(Locale.ROOT, "%020d", baseOffset) + SUFFIX;
  }

  static boolean isSegment(Path file) {
    String name = file.getFileName().toString();
    return name.length() == 20 + SUFFIX.length()
        && name.endsWith(SUFFIX)
        && name.chars().limit(20).allMatch(c -> c >= '0' && c <= '9');
  }

  static long baseOffset(Path file) {
    return Long.parseLong(file.getFileName().toString().substring(0, 20));
  }

  Path file() {
    return file;
  }

  long baseOffset() {
    return baseOffset;
  }

  /// The offset behind the last record.
  long nextOffset() {
    return nextOffset;
  }

  int size() {
    return size;
  }

  long maxTimestamp() {
    return maxTimestamp;
  }

  FileChannel channel() {
    return channel;
  }

  /// Writes a stamped batch at the end. When that fails half way, the file is cut back.
  void append(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(bytes, from, length);
    int position = size;
    try {
      while (source.hasRemaining()) {
        position += channel.write(source, position);
      }
    } catch (IOException e) {
      cutBack(e);
      throw e;
    }
    accept(bytes, from);
  }

  private void cutBack(IOException failure) {
    try {
      channel.truncate(size);
    } catch (IOException e) {
      // The next append writes over the same place, and recovery cuts what is torn.
      failure.addSuppressed(e);
    }
  }

  /// Takes a batch that lies at the end of the known bytes into the index.
  void accept(byte[] bytes, int from) {
    long offset = BatchLayout.baseOffset(bytes, from);
    int length = BatchLayout.size(bytes, from);
    growing.appended((int) (offset - baseOffset), size, length, maxTimestamp);
    maxTimestamp = Math.max(maxTimestamp, BatchLayout.maxTimestamp(bytes, from));
    nextOffset = offset + BatchLayout.lastOffsetDelta(bytes, from) + 1;
    size += length;
  }

  private SparseIndex index() throws IOException {
    SparseIndex known = growing;
    if (known == null) {
      known = closed.get();
    }
    if (known == null) {
      known = new SparseIndex();
      try {
        // One that is damaged meanwhile stays empty: batches are walked from the first then.
        known.restore(Files.readAllBytes(indexFile()), size);
      } catch (NoSuchFileException e) {
        return known; // the segment was deleted, and who reads it now reads on
      }
      closed = new SoftReference<>(known);
    }
    return known;
  }

  /// Lets a closed segment's index go, as happens by itself when memory is short.
  void forgetIndex() {
    closed.clear();
  }

  private void indexIsClosed() {
    closed = new SoftReference<>(growing);
    growing = null;
  }

  /// Position of the batch that holds this offset, which is in this segment.
  int locate(long offset) throws IOException {
    int position = index().positionBefore((int) (offset - baseOffset));
    byte[] header = new byte[BatchLayout.HEADER_BYTES];
    int limit = size;
    while (position < limit) {
      readFully(ByteBuffer.wrap(header), position);
      long last = BatchLayout.baseOffset(header, 0) + BatchLayout.lastOffsetDelta(header, 0);
      if (last >= offset) {
        return position;
      }
      position += BatchLayout.size(header, 0);
    }
    return limit;
  }

  /// Position of the first batch that has a record of this time or later; [#size()] if none has.
  int locateTime(long timestamp) throws IOException {
    int position = index().positionBeforeTime(timestamp);
    byte[] header = new byte[BatchLayout.HEADER_BYTES];
    int limit = size;
    while (position < limit) {
      readFully(ByteBuffer.wrap(header), position);
      if (BatchLayout.maxTimestamp(header, 0) >= timestamp) {
        return position;
      }
      position += BatchLayout.size(header, 0);
    }
    return limit;
  }

  /// Bytes of the batch at this position.
  int batchSize(int position) throws IOException {
    byte[] header = new byte[BatchLayout.OVERHEAD_BYTES];
    readFully(ByteBuffer.wrap(header), position);
    return BatchLayout.size(header, 0);
  }

  /// No batch before this position has a record with the offset or a later one.
  long endOffsetAt(int position) throws IOException {
    int relative = index().offsetFrom(position);
    return relative < 0 ? nextOffset : baseOffset + relative;
  }

  void readFully(ByteBuffer into, long position) throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int read = channel.read(into, at);
      if (read < 0) {
        throw new IOException(file + " ends at byte " + at + ", expected more");
      }
      at += read;
    }
  }

  Path indexFile() {
    String name = file.getFileName().toString().replace(SUFFIX, ".index");
    return file.resolveSibling(name);
  }

  /// Makes the segment and its index durable; it takes no more batches.
  void seal() throws IOException {
    force();
    Files.write(indexFile(), growing.toBytes(size, nextOffset, maxTimestamp));
    indexIsClosed();
  }

  /// Reads the index of a sealed segment. False if it is missing or damaged: scan then.
  boolean restoreIndex() throws IOException {
    if (!Files.exists(indexFile())) {
      return false;
    }
    SparseIndex.Closed known = growing.restore(Files.readAllBytes(indexFile()), channel.size());
    if (known == null) {
      return false;
    }
    size = known.size();
    nextOffset = known.nextOffset();
    maxTimestamp = known.maxTimestamp();
    indexIsClosed();
    return true;
  }

  void force() throws IOException {
    channel.force(false);
  }

  /// Removes the files; who has the segment may read on until it is closed.
  void unlink() throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(indexFile());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
