// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Cuts the files of a partition that is closed: what lies behind an offset was never committed,
/// and the leader has other records there.
public final class LogCut {
  private LogCut() {}

  /// Drops all batches that do not end at or before an offset. A crash on the way leaves a log that
  /// can be opened, and cut again.
  ///
  /// @throws VarveException IO_ERROR
  public static void cut(Path directory, long end) {
    try {
      try (SyncedMark mark = new SyncedMark(directory)) {
        // First, as what is gone below the mark would be taken for damage.
        mark.write(Math.min(end, SyncedMark.peek(directory)));
      }
      for (Path file : segments(directory).reversed()) {
        long base = Segment.baseOffset(file);
        if (base >= end && base > 0) {
          delete(directory, file, base);
        } else {
          shorten(directory, file, end);
        }
      }
      DurableFiles.forceDirectory(directory);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /// Drops everything: a log that is opened then begins where its caller says.
  public static void drop(Path directory) {
    try {
      try (SyncedMark mark = new SyncedMark(directory)) {
        mark.write(0);
      }
      for (Path file : segments(directory).reversed()) {
        delete(directory, file, Segment.baseOffset(file));
      }
      Files.deleteIfExists(directory.resolve(LeaderEpochs.FILE));
      DurableFiles.forceDirectory(directory);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static VarveException failed(Path directory, IOException e) {
    return new VarveException(
        ErrorCode.IO_ERROR, "cannot cut the log in " + directory + ": " + e.getMessage(), e);
  }

  private static List<Path> segments(Path directory) throws IOException {
    try (Stream<Path> listing = Files.list(directory)) {
      return listing.filter(Segment::isSegment).sorted().toList();
    }
  }

  private static void delete(Path directory, Path file, long base) throws IOException {
    Files.deleteIfExists(directory.resolve(LogRecovery.producersFile(base)));
    deleteIndex(file);
    Files.delete(file);
  }

  private static void deleteIndex(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".log", ".index");
    Files.deleteIfExists(file.resolveSibling(name));
  }

  private static void shorten(Path directory, Path file, long end) throws IOException {
    try (Segment segment = new Segment(directory, Segment.baseOffset(file))) {
      long[] size = {0};
      new SegmentScan(segment)
          .visitHeaders(header -> {
            long next =
                BatchLayout.baseOffset(header, 0) + BatchLayout.lastOffsetDelta(header, 0) + 1;
            boolean stays = next <= end;
            size[0] += stays ? BatchLayout.size(header, 0) : 0;
            return stays;
          });
      if (size[0] < segment.channel().size()) {
        deleteIndex(file);
        segment.channel().truncate(size[0]);
        segment.force();
      }
    }
  }
}
