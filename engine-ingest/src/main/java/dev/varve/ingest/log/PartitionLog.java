// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Decompressor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// One partition of a topic: batches in segments, in the order of their offsets. Safe for threads.
///
/// A batch goes through three states: appended (has its offset), synced (survives a power cut), and
/// committed (below the high watermark, readers see it). The caller leads it from one to the next,
/// because between sync and commit a table's rows become visible. Offsets have no gaps.
public final class PartitionLog implements AutoCloseable {
  private final Path directory;
  private final LongSupplier clock;
  private final SyncedMark syncedMark;
  private final ConcurrentNavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ProducerStates producers = new ProducerStates();
  private final LeaderEpochs epochs;
  private final Set<Runnable> commitListeners = ConcurrentHashMap.newKeySet();
  private final LogUpkeep upkeep;
  private final LogReader reader;
  private final SyncTurns turns = new SyncTurns();
  private final ReplicaLog copies;
  private volatile LogSettings settings;
  private volatile Segment active;
  private long activeSince;
  private volatile long syncedEnd;
  private volatile String failure;

  private PartitionLog(Path directory, LogSettings settings, LongSupplier clock)
      throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.syncedMark = new SyncedMark(directory);
    this.epochs = new LeaderEpochs(directory, this::endOffset);
    this.upkeep = new LogUpkeep(directory, segments);
    this.reader = new LogReader(segments, producers.transactions(), this::startOffset);
    this.copies = new ReplicaLog(this, segments, reader);
    this.activeSince = clock.getAsLong();
  }

  /// Opens or creates a partition and recovers it. Everything found is synced and committed then,
  /// but not yet applied to a table: the caller replays before it lets anyone in.
  ///
  /// @param clock milliseconds since the epoch
  /// @param leastEnd offsets below are used up, whatever is found: where the log ends before, its
  ///   end was lost, and it goes on there
  /// @throws VarveException CORRUPTED_DATA if records are damaged that once were synced
  public static PartitionLog open(
      Path directory, LogSettings settings, LongSupplier clock, long leastEnd) {
    PartitionLog log = null;
    try {
      DurableFiles.createDirectory(directory);
      log = new PartitionLog(directory, settings, clock);
      LogRecovery recovery =
          new LogRecovery(
              directory, log.segments, log.producers, log.epochs, log.syncedMark.read());
      recovery.run();
      log.epochs.observe(LeaderEpochs.FIRST, log.startOffset());
      log.active = recovery.reach(Math.max(leastEnd, log.upkeep.deletedTo()));
      log.syncFound();
      log.reader.show(log.endOffset(), log.active.baseOffset(), log.active.size());
      return log;
    } catch (IOException | VarveException e) {
      if (log != null) {
        log.close();
      }
      if (e instanceof VarveException varve) {
        throw varve;
      }
      throw new VarveException(
          ErrorCode.IO_ERROR, "cannot open the log in " + directory + ": " + e.getMessage(), e);
    }
  }

  /// What the mark says was synced need not be again, which is all of it but after a crash.
  private void syncFound() throws IOException {
    if (syncedMark.read() == endOffset() || active.size() == 0 && segments.size() == 1) {
      syncedEnd = endOffset();
    } else {
      sync();
    }
  }

  public LogSettings settings() {
    return settings;
  }

  /// Keeps records by other settings from now on.
  public void settings(LogSettings changed) {
    settings = changed;
  }

  /// The oldest offset that can be read.
  public long startOffset() {
    return Math.max(segments.firstKey(), upkeep.deletedTo());
  }

  /// The offset that the next record gets.
  public long endOffset() {
    return active.nextOffset();
  }

  /// The offset behind the last record that readers see.
  public long highWatermark() {
    return reader.highWatermark();
  }

  public long bytes() {
    return segments.values().stream().mapToLong(Segment::size).sum();
  }

  /// Why nothing can be appended any more, or null.
  public String failure() {
    return failure;
  }

  /// The batch's offsets if the producer had sent it before, or null if it is new.
  ///
  /// @throws RefusedException if its sequence does not follow the producer's last
  public Appended duplicateOf(byte[] bytes, int from) {
    lock.lock();
    try {
      long known = producers.check(bytes, from);
      return known < 0 ? null : duplicate(known, bytes, from);
    } finally {
      lock.unlock();
    }
  }

  private static Appended duplicate(long offset, byte[] bytes, int from) {
    long end = offset + BatchLayout.lastOffsetDelta(bytes, from) + 1;
    return new Appended(offset, end, -1, -1, true);
  }

  /// Gives a checked batch its offsets, in place, and writes it. It is not durable yet.
  ///
  /// @throws RefusedException if its sequence does not follow, or the disk does not take it
  public Appended append(byte[] bytes, int from, int length) {
    lock.lock();
    try {
      if (failure != null) {
        throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, failure);
      }
      long known = producers.check(bytes, from);
      if (known >= 0) {
        return duplicate(known, bytes, from);
      }
      makeRoom(length);
      BatchLayout.stamp(bytes, from, active.nextOffset(), epochs.current());
      return write(bytes, from, length);
    } catch (IOException e) {
      throw notWritten(e);
    } finally {
      lock.unlock();
    }
  }

  /// Appends a batch as the leader has it, offsets and epoch included.
  Appended copy(byte[] bytes, int from, int length) {
    lock.lock();
    try {
      if (failure != null) {
        throw new RefusedException(Refusal.KAFKA_STORAGE_ERROR, failure);
      }
      makeRoom(length);
      return write(bytes, from, length);
    } catch (IOException e) {
      throw notWritten(e);
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom(int length) throws IOException {
    boolean isFull = (long) active.size() + length > settings.segmentBytes();
    if (active.size() > 0 && (isFull || isOld())) {
      roll();
    }
  }

  private Appended write(byte[] bytes, int from, int length) throws IOException {
    long offset = active.nextOffset();
    active.append(bytes, from, length);
    epochs.observe(BatchLayout.leaderEpoch(bytes, from), offset);
    producers.appended(bytes, from);
    copies.appended();
    return new Appended(offset, active.nextOffset(), active.baseOffset(), active.size(), false);
  }

  private RefusedException notWritten(IOException e) {
    return new RefusedException(
        Refusal.KAFKA_STORAGE_ERROR,
        "the log cannot write to " + directory + ": " + e.getMessage());
  }

  /// What the log is to other servers that keep it too.
  public ReplicaLog copies() {
    return copies;
  }

  /// Under which leader each record was written.
  public LeaderEpochs epochs() {
    return epochs;
  }

  /// Begins a new epoch: another leader writes from here on, or this one does again.
  ///
  /// @throws RefusedException FENCED_LEADER_EPOCH for an epoch that is over
  public void lead(int epoch) {
    lock.lock();
    try {
      epochs.lead(epoch, endOffset());
    } finally {
      lock.unlock();
    }
  }

  /// The offset behind the last record whose fate is known: readers of committed records stop here.
  public long lastStableOffset() {
    return reader.lastStableOffset();
  }

  /// The first offset of a transaction that is open, or whose end is not committed yet;
  /// Long.MAX_VALUE if there is none.
  public long firstUnstableOffset() {
    return producers.transactions().firstUnstable();
  }

  /// The producers that the partition knows.
  public List<KnownProducer> producers() {
    lock.lock();
    try {
      return producers.known();
    } finally {
      lock.unlock();
    }
  }

  /// Open transactions: since what offset, by the id of their producer.
  public Map<Long, Long> openTransactions() {
    return producers.transactions().open();
  }

  /// Aborted transactions with records from one offset on, up to another.
  public List<AbortedTransaction> aborted(long from, long to) {
    return producers.transactions().aborted(from, to);
  }

  /// Closes the active segment durably and begins the next, with the producers known by then.
  private void roll() throws IOException {
    active.seal();
    long base = active.nextOffset();
    synced(base);
    DurableFiles.replace(directory.resolve(LogRecovery.producersFile(base)), snapshot());
    epochs.save(startOffset());
    Segment next = new Segment(directory, base);
    DurableFiles.forceDirectory(directory);
    segments.put(base, next);
    active = next;
    activeSince = clock.getAsLong();
  }

  private byte[] snapshot() {
    return producers.snapshot(clock.getAsLong(), startOffset());
  }

  /// Takes every producer for a new one from here on, after a restart too.
  public void forgetProducers() throws IOException {
    lock.lock();
    try {
      producers.forget(endOffset());
      if (active.size() > 0) {
        roll();
      } else {
        DurableFiles.replace(
            directory.resolve(LogRecovery.producersFile(active.baseOffset())), snapshot());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Makes all that is appended survive a power cut. Returns the offset behind it. One call for
  /// many batches: who waits for this is grouped by the caller. Several threads may be in it.
  ///
  /// @throws IOException if the disk failed; what it holds is unknown then, so the partition takes
  ///   nothing more until it is opened again
  public long sync() throws IOException {
    if (failure != null) {
      throw new IOException(failure);
    }
    Segment segment = active;
    long end = segment.nextOffset();
    SyncTurns.Turn turn = turns.begin(end);
    try {
      segment.force();
      synced(turns.end(turn));
    } catch (IOException e) {
      failure =
          "the log in "
              + directory
              + " could not be synced ("
              + e.getMessage()
              + "); check the disk and restart the server";
      throw e;
    }
    return end;
  }

  private void synced(long end) throws IOException {
    synchronized (syncedMark) {
      if (end > syncedEnd) {
        syncedMark.write(end);
        syncedEnd = end;
      }
    }
    copies.synced(end);
  }

  /// The offset up to which all that is appended survives a power cut.
  public long syncedOffset() {
    return syncedEnd;
  }

  /// Takes the partition out of service, for a reason that its users are told.
  public void fail(String reason) {
    failure = reason;
  }

  /// Shows readers everything up to and with this batch.
  public void commit(Appended batch) {
    reader.show(batch.endOffset(), batch.segment(), batch.endPosition());
    tellCommitted();
  }

  void tellCommitted() {
    commitListeners.forEach(Runnable::run);
  }

  /// Calls back after each commit, until [#removeCommitListener].
  public void addCommitListener(Runnable listener) {
    commitListeners.add(listener);
  }

  public void removeCommitListener(Runnable listener) {
    commitListeners.remove(listener);
  }

  /// Committed batches from the one that holds `offset` on, as they lie in the log. The last may be
  /// cut off; the first is whole even if it alone is larger than `maxBytes`, where `wholeFirst`
  /// asks for it. Empty at the high watermark.
  ///
  /// @param stableOnly whether to stop at the last stable offset
  /// @throws RefusedException OFFSET_OUT_OF_RANGE before the first or behind the high watermark
  public LogSlice slice(long offset, int maxBytes, boolean wholeFirst, boolean stableOnly) {
    return reader.slice(offset, maxBytes, wholeFirst, stableOnly);
  }

  /// The bytes of [#slice], up to the high watermark.
  public ByteBuffer read(long offset, int maxBytes, boolean wholeFirst) {
    return reader.read(offset, maxBytes, wholeFirst);
  }

  /// Calls `visitor` with each batch from the one that holds `offset` to the end of the log.
  public void replay(long offset, BatchVisitor visitor) throws IOException {
    replay(offset, Long.MAX_VALUE, visitor);
  }

  /// As the other, up to an offset at which a batch begins.
  public void replay(long offset, long end, BatchVisitor visitor) throws IOException {
    Long first = segments.floorKey(offset);
    for (Segment segment : segments.tailMap(first == null ? segments.firstKey() : first).values()) {
      int from = offset > segment.baseOffset() ? segment.locate(offset) : 0;
      if (segment.baseOffset() >= end) {
        return;
      }
      int to = end < segment.nextOffset() ? segment.locate(end) : segment.size();
      new SegmentScan(segment).visit(from, to, visitor::batch);
    }
  }

  /// Told of each batch of a replay; `bytes[0, size)` holds it and is used again for the next.
  @FunctionalInterface
  public interface BatchVisitor {
    void batch(byte[] bytes, int size);
  }

  /// A committed batch that has a record of this time or later, or null. Its records decide.
  public ByteBuffer batchAtOrAfter(long timestamp) throws IOException {
    return reader.batchAtOrAfter(timestamp);
  }

  /// The greatest timestamp in the log, or Long.MIN_VALUE.
  public long maxTimestamp() {
    return segments.values().stream().mapToLong(Segment::maxTimestamp).max().orElse(Long.MIN_VALUE);
  }

  /// Closes the segment that is written once it is old, and deletes the oldest closed segments that
  /// settings let go and whose records all lie below `keepFrom`. Returns how many went.
  public int retain(long keepFrom) throws IOException {
    rollWhenOld();
    return upkeep.retain(settings, Math.min(keepFrom, reader.highWatermark()), clock.getAsLong());
  }

  private void rollWhenOld() throws IOException {
    lock.lock();
    try {
      if (failure == null && active.size() > 0 && isOld()) {
        roll();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isOld() {
    return settings.segmentMillis() >= 0
        && clock.getAsLong() - activeSince > settings.segmentMillis();
  }

  /// Deletes everything before an offset, for ever. Returns the offset that is the oldest now.
  ///
  /// @throws RefusedException OFFSET_OUT_OF_RANGE behind the high watermark
  public long deleteBefore(long offset) throws IOException {
    if (offset < 0 || offset > reader.highWatermark()) {
      throw reader.outOfRange(offset);
    }
    upkeep.deleteBefore(offset, clock.getAsLong());
    return startOffset();
  }

  /// Leaves only the last record of each key in closed segments, where settings want that and
  /// enough came since the last time. Returns how many bytes it saved.
  public long compact(Decompressor decompressor) throws IOException {
    if (!settings.compacts() || failure != null) {
      return 0;
    }
    return upkeep.compact(
        settings, decompressor, active, reader.highWatermark(), clock.getAsLong());
  }

  @Override
  public void close() {
    try {
      syncedMark.close();
      for (Segment segment : segments.values()) {
        segment.close();
      }
      upkeep.close();
    } catch (IOException e) {
      throw new VarveException(
          ErrorCode.IO_ERROR, "cannot close the log in " + directory + ": " + e.getMessage(), e);
    }
  }
}
