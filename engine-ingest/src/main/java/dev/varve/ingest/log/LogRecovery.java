// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.stream.Stream;

/// Brings a partition's files to a state that can be served: loads closed segments, walks the last
/// one from header to header, checks every batch that was not synced, cuts a torn tail, and
/// rebuilds what is known of producers.
final class LogRecovery {
  private final Path directory;
  private final NavigableMap<Long, Segment> segments;
  private final ProducerStates producers;
  private final LeaderEpochs epochs;
  private final long syncedOffset;

  LogRecovery(
      Path directory,
      NavigableMap<Long, Segment> segments,
      ProducerStates producers,
      LeaderEpochs epochs,
      long syncedOffset) {
    this.directory = directory;
    this.segments = segments;
    this.producers = producers;
    this.epochs = epochs;
    this.syncedOffset = syncedOffset;
  }

  static String producersFile(long baseOffset) {
    return String.format(Locale.ROOT, "%020d", baseOffset) + ".producers";
  }

  /// Fills the maps given; the last segment is the one to append to.
  void run() throws IOException {
    List<Path> files;
    try (Stream<Path> listing = Files.list(directory)) {
      files = listing.filter(Segment::isSegment).sorted().toList();
    }
    if (files.isEmpty()) {
      Segment first = new Segment(directory, 0);
      DurableFiles.forceDirectory(directory);
      segments.put(0L, first);
      return;
    }
    if (!epochs.restore()) {
      learnEpochs(files);
    }
    boolean known = restoreProducers(Segment.baseOffset(files.getLast()));
    Segment segment = null;
    for (int i = 0; i < files.size(); i++) {
      Segment previous = segment;
      if (previous != null && Segment.baseOffset(files.get(i)) < previous.nextOffset()) {
        deleteCompacted(files.get(i));
        segment = previous;
        continue;
      }
      segment = new Segment(directory, Segment.baseOffset(files.get(i)));
      segments.put(segment.baseOffset(), segment);
      if (previous != null && previous.nextOffset() != segment.baseOffset()) {
        throw corrupt(
            previous,
            previous.size(),
            "its records end at offset "
                + previous.nextOffset()
                + " and the next segment begins at "
                + segment.baseOffset());
      }
      boolean last = i == files.size() - 1;
      if (last || !known || !segment.restoreIndex()) {
        scan(segment, last, last || !known);
        if (!last) {
          segment.seal();
        }
      }
    }
    epochs.cut(segment.nextOffset());
  }

  /// Reads of each closed segment the first batch, and the headers of all where the segment behind
  /// it begins with another leader.
  private void learnEpochs(List<Path> files) throws IOException {
    for (int i = 0; i < files.size() - 1; i++) {
      try (Segment closed = new Segment(directory, Segment.baseOffset(files.get(i)));
          Segment next = new Segment(directory, Segment.baseOffset(files.get(i + 1)))) {
        boolean isOneLeaders = firstEpoch(closed) == firstEpoch(next);
        new SegmentScan(closed)
            .visitHeaders(header -> {
              observe(header);
              return !isOneLeaders;
            });
      }
    }
  }

  private static int firstEpoch(Segment segment) throws IOException {
    int[] epoch = {-1};
    new SegmentScan(segment)
        .visitHeaders(header -> {
          epoch[0] = BatchLayout.leaderEpoch(header, 0);
          return false;
        });
    return epoch[0];
  }

  private void observe(byte[] header) {
    epochs.observe(BatchLayout.leaderEpoch(header, 0), BatchLayout.baseOffset(header, 0));
  }

  /// Makes the log end at this offset if it ends before, and returns the segment to append to. What
  /// is missing was written, and lost before it was synced. A log of which nothing is left begins
  /// there; else a batch without records stands for the offsets that are gone, so that readers of
  /// what is left find their way.
  Segment reach(long offset) throws IOException {
    Segment last = segments.lastEntry().getValue();
    if (last.nextOffset() >= offset) {
      return last;
    }
    if (last.size() == 0) {
      for (Segment old : segments.values()) {
        old.unlink();
        old.close();
      }
      segments.clear();
      last = new Segment(directory, offset);
      segments.put(offset, last);
      DurableFiles.forceDirectory(directory);
    }
    byte[] nothing = new byte[BatchLayout.HEADER_BYTES];
    while (last.nextOffset() < offset) {
      int offsets = (int) Math.min(offset - last.nextOffset(), Integer.MAX_VALUE);
      BatchLayout.writeEmpty(nothing, 0, last.nextOffset(), offsets, epochs.current());
      last.append(nothing, 0, nothing.length);
    }
    return last;
  }

  /// A segment whose records stand in the compacted one before it; a crash kept it from going.
  private void deleteCompacted(Path file) throws IOException {
    Files.delete(file);
    String name = file.getFileName().toString().replace(".log", ".index");
    Files.deleteIfExists(file.resolveSibling(name));
    Files.deleteIfExists(directory.resolve(producersFile(Segment.baseOffset(file))));
  }

  /// Producers as of the beginning of the last segment. False if they must be learnt by reading
  /// all.
  private boolean restoreProducers(long lastBase) throws IOException {
    Path file = directory.resolve(producersFile(lastBase));
    return Files.exists(file) && producers.restore(Files.readAllBytes(file));
  }

  private void scan(Segment segment, boolean isLast, boolean learnProducers) throws IOException {
    int end =
        new SegmentScan(segment)
            .accept(
                syncedOffset,
                (batch, _) -> {
                  observe(batch);
                  if (learnProducers) {
                    producers.appended(batch, 0);
                  }
                });
    long fileSize = segment.channel().size();
    if (end == fileSize) {
      return;
    }
    if (!isLast || segment.nextOffset() < syncedOffset) {
      throw corrupt(
          segment,
          end,
          "a batch that once was synced is damaged (offset " + segment.nextOffset() + ")");
    }
    keepAside(segment, end, fileSize);
    segment.channel().truncate(end);
    segment.force();
  }

  /// The cut tail was never acknowledged, but it is not ours to destroy evidence of a bad disk.
  private void keepAside(Segment segment, long from, long to) throws IOException {
    Path aside = directory.resolve(segment.baseOffset() + "-" + from + ".torn");
    try (FileChannel out =
        FileChannel.open(
            aside,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      segment.channel().transferTo(from, to - from, out);
    }
  }

  private static VarveException corrupt(Segment segment, int position, String what) {
    return new VarveException(
        ErrorCode.CORRUPTED_DATA,
        segment.file()
            + " is corrupt at byte "
            + position
            + ": "
            + what
            + "; the partition is out of service, restore the file or remove the topic");
  }
}
