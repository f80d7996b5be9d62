// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.Decompressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/// Takes records out of a partition that nobody needs any more: by age and size, by order of a
/// client, and by compaction. Only closed segments are touched. Safe for threads.
///
/// The file `start` holds the offset before which a client had everything deleted: eight bytes,
/// then their CRC32C.
final class LogUpkeep implements AutoCloseable {
  private static final String START_FILE = "start";
  private static final String CLEANED_FOLDER = "cleaned";
  private static final int START_BYTES = 12;

  /// A transfer to a client may be under way from a file that is deleted.
  private static final long OPEN_MILLIS = 60_000;

  /// A segment whose records are gone and whose file is still open.
  private record Retired(Segment segment, long atMillis) {}

  private final Path directory;
  private final ConcurrentNavigableMap<Long, Segment> segments;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Retired> retired = new ArrayDeque<>();
  private volatile long deletedTo;
  private long compactedTo;

  LogUpkeep(Path directory, ConcurrentNavigableMap<Long, Segment> segments) throws IOException {
    this.directory = directory;
    this.segments = segments;
    this.deletedTo = readStart();
    Path leftover = directory.resolve(CLEANED_FOLDER);
    if (Files.exists(leftover)) {
      DurableFiles.deleteTree(leftover);
    }
  }

  private long readStart() throws IOException {
    Path file = directory.resolve(START_FILE);
    if (!Files.exists(file)) {
      return 0;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    boolean whole = bytes.capacity() == START_BYTES && bytes.getInt(8) == checksum(bytes);
    return whole ? bytes.getLong(0) : 0; // what is below is shown again until it is deleted anew
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, Long.BYTES);
    return (int) crc.getValue();
  }

  /// Offsets below are deleted, whether or not their segments are still there.
  long deletedTo() {
    return deletedTo;
  }

  /// Durable when it returns.
  void deleteBefore(long offset, long now) throws IOException {
    lock.lock();
    try {
      if (offset <= deletedTo) {
        return;
      }
      ByteBuffer bytes = ByteBuffer.allocate(START_BYTES).putLong(0, offset);
      DurableFiles.replace(directory.resolve(START_FILE), bytes.putInt(8, checksum(bytes)).array());
      deletedTo = offset;
      retain(null, offset, now);
    } finally {
      lock.unlock();
    }
  }

  /// Deletes the oldest closed segments that settings let go, or that a client had deleted, and
  /// whose records all lie below `keepFrom`. Returns how many went.
  ///
  /// @param settings null for only those that were deleted
  int retain(LogSettings settings, long keepFrom, long now) throws IOException {
    lock.lock();
    try {
      closeRetired(now - OPEN_MILLIS);
      int deleted = 0;
      long total = segments.values().stream().mapToLong(Segment::size).sum();
      while (segments.size() > 1) {
        Segment oldest = segments.firstEntry().getValue();
        boolean mayGo = oldest.nextOffset() <= deletedTo || isExpired(oldest, settings, total, now);
        if (!mayGo || oldest.nextOffset() > keepFrom) {
          return deleted;
        }
        total -= oldest.size();
        segments.remove(oldest.baseOffset());
        oldest.unlink();
        retired.add(new Retired(oldest, now));
        Files.deleteIfExists(directory.resolve(LogRecovery.producersFile(oldest.baseOffset())));
        deleted++;
      }
      return deleted;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isExpired(Segment oldest, LogSettings settings, long total, long now) {
    if (settings == null || !settings.deletes()) {
      return false;
    }
    boolean tooOld =
        settings.retentionMillis() >= 0 && oldest.maxTimestamp() < now - settings.retentionMillis();
    return tooOld || settings.retentionBytes() >= 0 && total > settings.retentionBytes();
  }

  /// Compacts closed segments once those that came since the last time are as large as the others.
  /// Returns how many bytes it saved.
  ///
  /// @param committed records behind it may not be there after a crash, and hide nothing
  long compact(
      LogSettings settings, Decompressor decompressor, Segment active, long committed, long now)
      throws IOException {
    lock.lock();
    try {
      List<Segment> closed = new ArrayList<>();
      for (Segment segment : segments.headMap(active.baseOffset()).values()) {
        if (segment.nextOffset() <= committed) {
          closed.add(segment);
        }
      }
      long before = closed.stream().mapToLong(Segment::size).sum();
      long fresh =
          closed.stream()
              .filter(segment -> segment.baseOffset() >= compactedTo)
              .mapToLong(Segment::size)
              .sum();
      if (fresh == 0 || fresh * 2 < before) {
        return 0;
      }
      long end = closed.getLast().nextOffset();
      LogCompaction compaction = new LogCompaction(decompressor, now - settings.tombstoneMillis());
      for (Segment segment : closed) {
        compaction.learn(segment, segment.size());
      }
      long after = 0;
      for (List<Segment> group : groups(closed, settings.segmentBytes())) {
        after += replace(group, compaction, now).size();
      }
      compactedTo = end;
      return before - after;
    } finally {
      lock.unlock();
    }
  }

  /// Neighbours that fit one segment together, as they were before anything went.
  private static List<List<Segment>> groups(List<Segment> closed, int segmentBytes) {
    List<List<Segment>> groups = new ArrayList<>();
    long bytes = 0;
    for (Segment segment : closed) {
      boolean fits =
          !groups.isEmpty()
              && bytes + segment.size() <= segmentBytes
              && segment.nextOffset() - groups.getLast().getFirst().baseOffset()
                  <= Integer.MAX_VALUE;
      if (!fits) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.getLast().add(segment);
      bytes += segment.size();
    }
    return groups;
  }

  /// Puts the compacted segment in the place of others. Its file takes the name of the first; a
  /// crash before the others are deleted leaves segments that begin inside it, and recovery deletes
  /// those.
  private Segment replace(List<Segment> group, LogCompaction compaction, long now)
      throws IOException {
    Path folder = directory.resolve(CLEANED_FOLDER);
    DurableFiles.createDirectory(folder);
    Segment cleaned = compaction.rewrite(group, folder);
    cleaned.close();
    Segment first = group.getFirst();
    Files.deleteIfExists(first.indexFile());
    Files.move(
        cleaned.file(),
        first.file(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Files.move(cleaned.indexFile(), first.indexFile(), StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.forceDirectory(directory);
    Segment opened = Segment.reopened(directory, first.baseOffset(), cleaned);
    segments.put(opened.baseOffset(), opened);
    retired.add(new Retired(first, now));
    for (Segment other : group.subList(1, group.size())) {
      segments.remove(other.baseOffset());
      other.unlink();
      retired.add(new Retired(other, now));
      Files.deleteIfExists(directory.resolve(LogRecovery.producersFile(other.baseOffset())));
    }
    return opened;
  }

  private void closeRetired(long before) throws IOException {
    while (!retired.isEmpty() && retired.getFirst().atMillis <= before) {
      retired.removeFirst().segment.close();
    }
  }

  /// Closes the files of segments that are deleted.
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closeRetired(Long.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }
}
