// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static java.nio.file.StandardOpenOption.READ;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reads every file of a log below a folder from its first byte to its last and says what is wrong.
/// Changes nothing.
///
/// A torn end of a partition's last segment is no damage where it begins at or above what was
/// synced: it is cut at the next start. An index that does not fit is none either: it is rebuilt.
public final class SegmentVerifier {
  private final List<Problem> problems = new ArrayList<>();
  private int segments;
  private long batches;
  private long bytes;

  private SegmentVerifier() {}

  /// @param file the segment, index or topic file
  /// @param offset first byte of what is wrong
  /// @param isDamage false for what the next start puts right by itself
  public record Problem(Path file, long offset, String message, boolean isDamage) {}

  /// What was looked at.
  public record Report(int segments, long batches, long bytes, List<Problem> problems) {
    public Report {
      problems = List.copyOf(problems);
    }
  }

  public static Report verify(Path directory) throws IOException {
    SegmentVerifier verifier = new SegmentVerifier();
    List<Path> folders;
    try (Stream<Path> entries = Files.walk(directory)) {
      folders = entries.filter(Files::isDirectory).sorted().toList();
    }
    for (Path folder : folders) {
      verifier.verifyFolder(folder);
    }
    return new Report(verifier.segments, verifier.batches, verifier.bytes, verifier.problems);
  }

  private void verifyFolder(Path folder) throws IOException {
    Path topic = folder.resolve("topic");
    if (Files.isRegularFile(topic)) {
      try {
        TopicStore.read(topic);
      } catch (VarveException damaged) {
        problems.add(new Problem(topic, 0, damaged.getMessage(), true));
      }
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(Segment::isSegment).sorted().toList();
    }
    long synced = files.isEmpty() ? 0 : SyncedMark.peek(folder);
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      boolean isLast = i == files.size() - 1;
      long base = Segment.baseOffset(file);
      End end = verify(file, base);
      boolean torn = isLast && end.offset >= synced;
      if (end.broken != null && !torn) {
        problems.add(new Problem(file, end.position, end.broken, true));
      } else if (end.broken != null) {
        String text = end.broken + "; it was never acknowledged, the next start cuts it off";
        problems.add(new Problem(file, end.position, text, false));
      } else if (isLast && end.offset < synced) {
        String text = "ends at offset " + end.offset + ", though offset " + synced + " was synced";
        problems.add(new Problem(file, end.position, text, true));
      } else if (!isLast && end.offset != Segment.baseOffset(files.get(i + 1))) {
        String text =
            "its records end at offset "
                + end.offset
                + " and the next segment begins at "
                + Segment.baseOffset(files.get(i + 1));
        problems.add(new Problem(file, end.position, text, true));
      }
      verifyIndex(file);
    }
  }

  private void verifyIndex(Path segment) throws IOException {
    String name = segment.getFileName().toString();
    Path index = segment.resolveSibling(name.replace(".log", ".index"));
    if (Files.exists(index)
        && new SparseIndex().restore(Files.readAllBytes(index), Files.size(segment)) == null) {
      problems.add(
          new Problem(index, 0, "does not fit its segment or its checksum; it is rebuilt", false));
    }
  }

  /// Where the sound batches of a segment end.
  ///
  /// @param offset behind the last sound record
  /// @param broken what stands there instead of a batch, or null at the end of the file
  private record End(long position, long offset, String broken) {}

  private End verify(Path file, long base) throws IOException {
    segments++;
    long position = 0;
    long offset = base;
    try (FileChannel channel = FileChannel.open(file, READ)) {
      long size = channel.size();
      bytes += size;
      while (position < size) {
        String broken = batchAt(channel, position, size, offset);
        if (broken != null) {
          return new End(position, offset, broken);
        }
        byte[] header = read(channel, position, BatchLayout.HEADER_BYTES);
        offset += BatchLayout.lastOffsetDelta(header, 0) + 1L;
        position += BatchLayout.size(header, 0);
        batches++;
      }
    }
    return new End(position, offset, null);
  }

  /// What is wrong with the batch here, or null.
  private static String batchAt(FileChannel channel, long position, long size, long expected)
      throws IOException {
    if (position + BatchLayout.HEADER_BYTES > size) {
      return "expected a record batch, found the file's last " + (size - position) + " bytes";
    }
    byte[] header = read(channel, position, BatchLayout.HEADER_BYTES);
    int length = BatchLayout.size(header, 0);
    if (length < BatchLayout.HEADER_BYTES || BatchLayout.magic(header, 0) != 2) {
      return "no record batch of version 2 begins here";
    }
    if (position + length > size) {
      return "expected a record batch of "
          + length
          + " bytes, found the end of the file after "
          + (size - position);
    }
    if (!BatchLayout.isIntact(read(channel, position, length), 0)) {
      return "the checksum of the record batch differs";
    }
    long found = BatchLayout.baseOffset(header, 0);
    return found == expected ? null : "expected offset " + expected + ", found " + found;
  }

  /// The batches of a segment as text.
  public static List<String> dump(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    long expected = Segment.baseOffset(file);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      long size = channel.size();
      for (long position = 0; position < size; ) {
        String broken = batchAt(channel, position, size, expected);
        if (broken != null) {
          lines.add("byte " + position + ": " + broken);
          return lines;
        }
        byte[] header = read(channel, position, BatchLayout.HEADER_BYTES);
        int records = BatchLayout.lastOffsetDelta(header, 0) + 1;
        lines.add(
            "byte "
                + position
                + ": offsets "
                + expected
                + " to "
                + (expected + records - 1)
                + ", "
                + BatchLayout.size(header, 0)
                + " bytes");
        expected += records;
        position += BatchLayout.size(header, 0);
      }
    }
    return lines;
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
