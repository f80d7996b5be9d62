// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads a segment from its first byte and stops at the first batch that is not whole.
final class SegmentScan {
  /// Told of each batch, in order; `batch[0, size)` holds it.
  @FunctionalInterface
  interface Visitor {
    void batch(byte[] batch, int size);
  }

  private final Segment segment;
  private byte[] batch = new byte[1 << 16];

  SegmentScan(Segment segment) {
    this.segment = segment;
  }

  /// Visits intact batches with successive offsets and takes them into the segment's index, from
  /// its known size on. Returns the position where they end.
  int accept(Visitor visitor) throws IOException {
    long fileSize = segment.channel().size();
    while (true) {
      int position = segment.size();
      int size = read(position, fileSize);
      if (size < 0 || BatchLayout.baseOffset(batch, 0) != segment.nextOffset()) {
        return position;
      }
      segment.accept(batch, 0);
      visitor.batch(batch, size);
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
    if (position + BatchLayout.HEADER_BYTES > fileSize) {
      return -1;
    }
    segment.readFully(ByteBuffer.wrap(batch, 0, BatchLayout.HEADER_BYTES), position);
    int size = BatchLayout.size(batch, 0);
    boolean plausible = size >= BatchLayout.HEADER_BYTES && position + size <= fileSize;
    if (!plausible || BatchLayout.magic(batch, 0) != 2) {
      return -1;
    }
    if (size > batch.length) {
      byte[] larger = new byte[Math.max(size, batch.length * 2)];
      System.arraycopy(batch, 0, larger, 0, BatchLayout.HEADER_BYTES);
      batch = larger;
    }
    int header = BatchLayout.HEADER_BYTES;
    segment.readFully(ByteBuffer.wrap(batch, header, size - header), position + header);
    return BatchLayout.isIntact(batch, 0) ? size : -1;
  }
}
