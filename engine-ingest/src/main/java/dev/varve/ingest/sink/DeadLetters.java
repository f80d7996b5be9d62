// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.BatchWriter;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.RecordHeader;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The records of one partition that did not fit its table, in a log of their own in the folder
/// `dead` of the partition. Each keeps its bytes, key, headers and time; two headers more tell its
/// offset and the reason. Safe for threads.
///
/// They are durable before the good rows around them are shown, so before these can become durable:
/// a replay begins at or before every letter that may be missing, and those that are there already
/// are not written again.
public final class DeadLetters implements AutoCloseable {
  private static final String FOLDER = "dead";
  private static final String OFFSET = "varve.offset";
  private static final String REASON = "varve.reason";
  private static final int SEGMENT_BYTES = 16 << 20;
  private static final int BATCH_BYTES = 1 << 20;
  private static final int MAX_BATCH_BYTES = 1 << 30;

  private final Path directory;
  private final LongSupplier clock;
  private PartitionLog log;
  private long lastOffset = -1;
  private Appended uncommitted;

  /// @param partition the folder of the partition that the records came to
  public DeadLetters(Path partition, LongSupplier clock) throws IOException {
    this.directory = partition.resolve(FOLDER);
    this.clock = clock;
    if (Files.isDirectory(directory)) {
      open();
      visit(letter -> lastOffset = Math.max(lastOffset, letter.offset()));
    }
  }

  private void open() {
    LogSettings settings = new LogSettings(SEGMENT_BYTES, MAX_BATCH_BYTES, -1, -1);
    log = PartitionLog.open(directory, settings.kept(), clock, 0);
  }

  /// The log that holds them, for readers.
  public synchronized PartitionLog log() {
    if (log == null) {
      open();
    }
    return log;
  }

  /// Whether there are any.
  public synchronized boolean isUsed() {
    return lastOffset >= 0;
  }

  /// Offsets at or behind this one whose records are here.
  synchronized Set<Long> offsetsFrom(long from) {
    Set<Long> offsets = new HashSet<>();
    if (lastOffset >= from) {
      visit(letter -> {
        if (letter.offset() >= from) {
          offsets.add(letter.offset());
        }
      });
    }
    return offsets;
  }

  /// Adds letters in the order of their offsets; durable when it returns.
  ///
  /// @throws VarveException IO_ERROR if the disk does not take them
  public synchronized void add(List<DeadLetter> letters) {
    BatchWriter batch = new BatchWriter();
    int bytes = 0;
    long end = lastOffset;
    for (DeadLetter letter : letters) {
      if (letter.offset() <= lastOffset) {
        continue;
      }
      List<RecordHeader> headers = new ArrayList<>(letter.headers());
      byte[] offset = ByteBuffer.allocate(Long.BYTES).putLong(letter.offset()).array();
      headers.add(new RecordHeader(OFFSET, offset));
      headers.add(new RecordHeader(REASON, letter.reason().getBytes(StandardCharsets.UTF_8)));
      batch.add(letter.timestamp(), letter.key(), letter.value(), headers);
      bytes += letter.value() == null ? 0 : letter.value().length;
      end = letter.offset();
      if (bytes >= BATCH_BYTES) {
        append(batch, end);
        batch = new BatchWriter();
        bytes = 0;
      }
    }
    if (batch.records() > 0) {
      append(batch, end);
    }
    if (uncommitted != null) {
      commit();
    }
  }

  private void append(BatchWriter batch, long end) {
    if (log == null) {
      open();
    }
    byte[] bytes = batch.build();
    uncommitted = log.append(bytes, 0, bytes.length);
    lastOffset = end;
  }

  private void commit() {
    try {
      log.sync();
      log.commit(uncommitted);
      uncommitted = null;
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR,
          "cannot keep dead letters in " + directory + ": " + e.getMessage(),
          e);
    }
  }

  /// Shows all letters, the oldest first.
  public synchronized void visit(Consumer<DeadLetter> visitor) {
    if (log == null) {
      return;
    }
    RecordCursor cursor =
        new RecordCursor(
            (_, _, _, _, _) -> {
              throw new IllegalStateException("dead letters are not compressed");
            },
            MAX_BATCH_BYTES);
    try {
      log.replay(
          log.startOffset(),
          (batch, size) -> {
            if (BatchLayout.size(batch, 0) == size) {
              cursor.open(batch, 0);
              while (cursor.next()) {
                visitor.accept(letter(cursor));
              }
            }
          });
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR,
          "cannot read dead letters in " + directory + ": " + e.getMessage(),
          e);
    }
  }

  private static DeadLetter letter(RecordCursor cursor) {
    List<RecordHeader> headers = cursor.headers();
    int own = headers.size() - 2;
    return new DeadLetter(
        ByteBuffer.wrap(headers.get(own).value()).getLong(),
        cursor.timestamp(),
        cursor.key(),
        cursor.value(),
        headers.subList(0, own),
        new String(headers.get(own + 1).value(), StandardCharsets.UTF_8));
  }

  @Override
  public synchronized void close() {
    if (log != null) {
      log.close();
    }
  }
}
