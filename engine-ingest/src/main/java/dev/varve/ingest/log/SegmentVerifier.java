// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static java.nio.file.StandardOpenOption.READ;

import dev.varve.ingest.record.BatchLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Reads every segment below a folder from its first byte to its last and says what is wrong.
/// Changes nothing. A torn end of a partition's last segment is not damage: it is cut at the next
/// start.
public final class SegmentVerifier {
  private SegmentVerifier() {}

  /// @param file the segment
  /// @param offset first byte of what is wrong
  public record Problem(Path file, long offset, String message) {}

  /// What was looked at.
  public record Report(int segments, long batches, List<Problem> problems) {}

  public static Report verify(Path directory) throws IOException {
    List<Problem> problems = new ArrayList<>();
    int segments = 0;
    long batches = 0;
    List<Path> files;
    try (Stream<Path> entries = Files.walk(directory)) {
      files = entries.filter(Segment::isSegment).sorted(Comparator.naturalOrder()).toList();
    }
    for (Path file : files) {
      segments++;
      batches += verify(file, problems);
    }
    return new Report(segments, batches, problems);
  }

  private static long verify(Path file, List<Problem> problems) throws IOException {
    long batches = 0;
    try (FileChannel channel = FileChannel.open(file, READ)) {
      long size = channel.size();
      long position = 0;
      long expectedOffset = -1;
      while (position + BatchLayout.HEADER_BYTES <= size) {
        byte[] header = read(channel, position, BatchLayout.HEADER_BYTES);
        int bytes = BatchLayout.size(header, 0);
        if (bytes < BatchLayout.HEADER_BYTES || BatchLayout.magic(header, 0) != 2) {
          problems.add(new Problem(file, position, "no record batch of version 2 begins here"));
          return batches;
        }
        if (position + bytes > size) {
          return batches;
        }
        byte[] batch = read(channel, position, bytes);
        if (!BatchLayout.isIntact(batch, 0)) {
          problems.add(new Problem(file, position, "the checksum of the record batch differs"));
          return batches;
        }
        long offset = BatchLayout.baseOffset(batch, 0);
        if (expectedOffset >= 0 && offset != expectedOffset) {
          problems.add(
              new Problem(
                  file, position, "expected offset " + expectedOffset + ", found " + offset));
          return batches;
        }
        expectedOffset = offset + BatchLayout.lastOffsetDelta(batch, 0) + 1;
        position += bytes;
        batches++;
      }
    }
    return batches;
  }

  private static byte[] read(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, position + buffer.position());
      if (count < 0) {
        throw new IOException("the file ended while it was read");
      }
    }
    return buffer.array();
  }
}
