// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/// Reads a segment from its first byte and stops at the first batch that is not whole.
final class SegmentScan {
  /// Told of each batch, in order; `batch[0, size)` holds it.
  @FunctionalInterface
  interface Visitor {
    void batch(byte[] batch, int size);
  }

  private static final int WINDOW_BYTES = 64 << 10;

  private final Segment segment;
  private byte[] batch = new byte[1 << 16];
  // Bytes of the file from `windowAt` on: small batches are not read one by one.
  private final byte[] window = new byte[WINDOW_BYTES];
  private long windowAt;
  private int windowSize;

  SegmentScan(Segment segment) {
    this.segment = segment;
  }

  /// Visits intact batches with successive offsets and takes them into the segment's index, from
  /// its known size on. Returns the position where they end.
  ///
  /// @param syncedOffset records below were synced and are whole: of batches there the visitor is
  ///   shown the header alone, unless they end a transaction
  int accept(long syncedOffset, Visitor visitor) throws IOException {
    long fileSize = segment.channel().size();
    while (true) {
      int position = segment.size();
      int size = readHeader(position, fileSize);
      if (size < 0 || BatchLayout.baseOffset(batch, 0) != segment.nextOffset()) {
        return position;
      }
      // What was not synced may be anything, the header too: an end before the beginning, say.
      long base = BatchLayout.baseOffset(batch, 0);
      long end = base + BatchLayout.lastOffsetDelta(batch, 0) + 1;
      boolean isKnown = base < end && end <= syncedOffset && !BatchLayout.isControl(batch, 0);
      if (!isKnown && !readBody(position, size)) {
        return position;
      }
      segment.accept(batch, 0);
      visitor.batch(batch, size);
    }
  }

  /// Shows the header of each batch, unchecked, until `visitor` has seen enough.
  void visitHeaders(Predicate<byte[]> visitor) throws IOException {
    long fileSize = segment.channel().size();
    long position = 0;
    int size = readHeader(position, fileSize);
    while (size >= 0 && visitor.test(batch)) {
      position += size;
      size = readHeader(position, fileSize);
    }
  }

  /// Visits the intact batches between two positions.
  void visit(int from, int to, Visitor visitor) throws IOException {
    int position = from;
    while (position < to) {
      int size = read(position, to);
      if (size < 0) {
        throw new IOException(
            segment.file() + " is corrupt at byte " + position + ": no intact record batch");
      }
      visitor.batch(batch, size);
      position += size;
    }
  }

  /// Reads the batch at a position. Its size, or -1 if there is none that is whole.
  private int read(long position, long fileSize) throws IOException {
    int size = readHeader(position, fileSize);
    return size >= 0 && readBody(position, size) ? size : -1;
  }

  /// The size of the batch at a position, or -1 if no header of one lies there.
  private int readHeader(long position, long fileSize) throws IOException {
    if (position + BatchLayout.HEADER_BYTES > fileSize) {
      return -1;
    }
    if (position < windowAt || position + BatchLayout.HEADER_BYTES > windowAt + windowSize) {
      windowSize = (int) Math.min(WINDOW_BYTES, fileSize - position);
      windowAt = position;
      segment.readFully(ByteBuffer.wrap(window, 0, windowSize), position);
    }
    System.arraycopy(window, (int) (position - windowAt), batch, 0, BatchLayout.HEADER_BYTES);
    int size = BatchLayout.size(batch, 0);
    boolean plausible = size >= BatchLayout.HEADER_BYTES && position + size <= fileSize;
    return plausible && BatchLayout.magic(batch, 0) == 2 ? size : -1;
  }

  /// Reads the rest of the batch whose header was read. False if it is damaged.
  private boolean readBody(long position, int size) throws IOException {
    if (size > batch.length) {
      byte[] larger = new byte[Math.max(size, batch.length * 2)];
      System.arraycopy(batch, 0, larger, 0, BatchLayout.HEADER_BYTES);
      batch = larger;
    }
    int header = BatchLayout.HEADER_BYTES;
    int inWindow = (int) Math.min(size, windowAt + windowSize - position);
    System.arraycopy(
        window, (int) (position - windowAt) + header, batch, header, inWindow - header);
    segment.readFully(ByteBuffer.wrap(batch, inWindow, size - inWindow), position + inWindow);
    return BatchLayout.isIntact(batch, 0);
  }
}
