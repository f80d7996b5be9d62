// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/// Under which leader each record of a partition was written: for each epoch the offset at which it
/// begins. Whoever followed an earlier leader finds here how far both agree. Safe for threads.
///
/// The file is written when a segment is closed and when the log is cut: what began in the last
/// segment is learnt from its batches, which every start reads anyway.
public final class LeaderEpochs {
  /// That of a partition which has had one leader.
  public static final int FIRST = 0;

  static final String FILE = "leader-epoch-checkpoint";

  private static final int MAGIC = 0x564C4531;
  private static final int HEADER_BYTES = 8;
  private static final int ENTRY_BYTES = 12;
  private static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);

  private final Path file;
  private final LongSupplier logEnd;
  private final NavigableMap<Integer, Long> starts = new TreeMap<>();
  private volatile int current = FIRST;
  private boolean isChanged;

  /// @param logEnd the offset that the next record gets
  LeaderEpochs(Path directory, LongSupplier logEnd) {
    this.file = directory.resolve(FILE);
    this.logEnd = logEnd;
  }

  /// Takes in what the file says. False where there is none, or a damaged one: then all batches
  /// must be [#observe]d.
  synchronized boolean restore() throws IOException {
    starts.clear();
    if (!Files.exists(file)) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    int body = in.capacity() - Integer.BYTES;
    if (body < HEADER_BYTES || in.getInt(body) != checksum(in.array(), body)) {
      return false;
    }
    int magic = in.getInt();
    int entries = in.getInt();
    if (magic != MAGIC || body != HEADER_BYTES + (long) entries * ENTRY_BYTES) {
      return false;
    }
    for (int i = 0; i < entries; i++) {
      starts.put(in.getInt(), in.getLong());
    }
    current = Math.max(FIRST, latest());
    return true;
  }

  private int latest() {
    return starts.isEmpty() ? -1 : starts.lastKey();
  }

  /// The epoch that batches get which are appended now.
  public int current() {
    return current;
  }

  /// Whether this is the epoch of a client that knows the leader; -1 asks nothing.
  ///
  /// @throws RefusedException FENCED_LEADER_EPOCH for one that is over, UNKNOWN_LEADER_EPOCH for
  ///   one to come
  public void check(int epoch) {
    if (epoch >= 0 && epoch != current) {
      throw new RefusedException(
          epoch < current ? Refusal.FENCED_LEADER_EPOCH : Refusal.UNKNOWN_LEADER_EPOCH,
          "the partition is in leader epoch " + current + ", not " + epoch);
    }
  }

  /// A leader begins, at the end of the log.
  void lead(int epoch, long offset) {
    check(Math.min(epoch, current));
    observe(epoch, offset);
  }

  /// Tells of a batch, or of a leader, from this offset on. What is no news changes nothing.
  synchronized void observe(int epoch, long offset) {
    if (epoch >= 0 && epoch > latest()) {
      starts.values().removeIf(start -> start >= offset); // leaders that wrote nothing
      starts.put(epoch, offset);
      current = epoch;
      isChanged = true;
    }
  }

  /// The epoch in which the record at an offset was written; at the end of the log that of now.
  public synchronized int at(long offset) {
    int found = FIRST;
    for (Map.Entry<Integer, Long> entry : starts.entrySet()) {
      found = entry.getValue() <= offset ? entry.getKey() : found;
    }
    return found;
  }

  /// Where records of an epoch end, or those of the greatest known one before it: up to there, who
  /// followed that leader has the same records.
  public synchronized EpochEnd end(int epoch) {
    if (epoch < 0 || epoch > latest()) {
      return UNKNOWN;
    }
    Map.Entry<Integer, Long> next = starts.higherEntry(epoch);
    Integer known = starts.floorKey(epoch);
    long end = next == null ? logEnd.getAsLong() : next.getValue();
    return new EpochEnd(known == null ? epoch : known, end);
  }

  /// Forgets what began at this offset or later: the log was cut there.
  synchronized void cut(long endOffset) throws IOException {
    if (starts.values().removeIf(start -> start >= endOffset)) {
      isChanged = true;
      current = Math.max(FIRST, latest());
      save(0);
    }
  }

  /// Makes what is known durable, without epochs of which no record is left.
  synchronized void save(long startOffset) throws IOException {
    isChanged |= starts.headMap(at(startOffset)).keySet().removeIf(_ -> true);
    if (!isChanged) {
      return;
    }
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + starts.size() * ENTRY_BYTES + 4);
    out.putInt(MAGIC).putInt(starts.size());
    starts.forEach((epoch, start) -> out.putInt(epoch).putLong(start));
    out.putInt(checksum(out.array(), out.position()));
    DurableFiles.replace(file, out.array());
    isChanged = false;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
