// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartitionLogTest {
  private static final LogSettings SMALL = new LogSettings(4096, 1 << 20, 1_000, -1);

  @TempDir Path directory;
  private long now = 1_000;

  private PartitionLog open() {
    return PartitionLog.open(directory.resolve("0"), SMALL, () -> now, 0);
  }

  private static Appended append(PartitionLog log, byte[] batch) {
    return log.append(batch, 0, batch.length);
  }

  private static void commit(PartitionLog log, byte[] batch) throws IOException {
    Appended at = append(log, batch);
    log.sync();
    log.commit(at);
  }

  private static Refusal refusal(Runnable action) {
    try {
      action.run();
    } catch (RefusedException e) {
      return e.refusal();
    }
    return null;
  }

  private static List<Long> offsets(PartitionLog log) throws IOException {
    List<Long> offsets = new ArrayList<>();
    log.replay(log.startOffset(), (batch, _) -> offsets.add(BatchLayout.baseOffset(batch, 0)));
    return offsets;
  }

  private Path lastSegment() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("0"))) {
      return files.filter(Segment::isSegment).sorted().toList().getLast();
    }
  }

  @Test
  void readersSeeOnlyWhatIsCommitted() throws IOException {
    try (PartitionLog log = open()) {
      Appended first = append(log, Batches.of("a", "b"));
      assertThat(log.endOffset()).isEqualTo(2);
      assertThat(log.highWatermark()).isZero();
      assertThat(log.read(0, 1000, true).remaining()).isZero();
      log.sync();
      log.commit(first);
      append(log, Batches.of("c"));
      ByteBuffer seen = log.read(1, 1000, true);
      assertThat(seen.getLong(0)).isZero();
      assertThat(seen.remaining()).isEqualTo(BatchLayout.size(seen.array(), 0));
      assertThat(log.read(2, 1000, true).remaining()).isZero();
      assertThat(refusal(() -> log.read(3, 1000, true))).isEqualTo(Refusal.OFFSET_OUT_OF_RANGE);
      assertThat(refusal(() -> log.read(-1, 1000, true))).isEqualTo(Refusal.OFFSET_OUT_OF_RANGE);
    }
  }

  @Test
  void aBatchSentAgainKeepsItsOffsetAndAGapIsRefused() throws IOException {
    try (PartitionLog log = open()) {
      for (int i = 0; i < 7; i++) {
        commit(log, Batches.of(5, (short) 0, i * 2, 1_000, "a" + i, "b" + i));
      }
      Appended again = append(log, Batches.of(5, (short) 0, 8, 1_000, "a4", "b4"));
      assertThat(again.isDuplicate()).isTrue();
      assertThat(again.baseOffset()).isEqualTo(8);
      assertThat(log.endOffset()).isEqualTo(14);
      assertThat(refusal(() -> append(log, Batches.of(5, (short) 0, 16, 1_000, "x"))))
          .isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE_NUMBER);
      assertThat(refusal(() -> append(log, Batches.of(5, (short) 0, 0, 1_000, "a0", "b0"))))
          .isEqualTo(Refusal.DUPLICATE_SEQUENCE_NUMBER);
      assertThat(refusal(() -> append(log, Batches.of(5, (short) 1, 3, 1_000, "x"))))
          .isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE_NUMBER);
      assertThat(append(log, Batches.of(5, (short) 1, 0, 1_000, "x")).baseOffset()).isEqualTo(14);
      assertThat(refusal(() -> append(log, Batches.of(5, (short) 0, 14, 1_000, "x"))))
          .isEqualTo(Refusal.INVALID_PRODUCER_EPOCH);
    }
  }

  @Test
  void sequencesWrapAroundAtTheGreatestInt() {
    try (PartitionLog log = open()) {
      append(log, Batches.of(5, (short) 0, Integer.MAX_VALUE - 1, 1_000, "a", "b", "c"));
      assertThat(append(log, Batches.of(5, (short) 0, 1, 1_000, "d")).baseOffset()).isEqualTo(3);
    }
  }

  @Test
  void producersAreKnownAfterARestartAlsoFromOlderSegments() throws IOException {
    try (PartitionLog log = open()) {
      commit(log, Batches.of(7, (short) 3, 0, 1_000, "first"));
      for (int i = 0; i < 20; i++) {
        commit(log, Batches.of("x".repeat(1000)));
      }
    }
    try (PartitionLog log = open()) {
      Appended again = append(log, Batches.of(7, (short) 3, 0, 1_000, "first"));
      assertThat(again.isDuplicate()).isTrue();
      assertThat(again.baseOffset()).isZero();
    }
    try (Stream<Path> files = Files.list(directory.resolve("0"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".producers")).toList()) {
        Files.write(file, new byte[] {1, 2, 3}); // learnt from the batches then
      }
    }
    try (PartitionLog log = open()) {
      assertThat(append(log, Batches.of(7, (short) 3, 0, 1_000, "first")).isDuplicate()).isTrue();
    }
  }

  /// The last offset of a batch is told as a distance from its first.
  @Test
  void aTornHeaderWhoseEndIsBeforeItsBeginningIsCut() throws IOException {
    try (PartitionLog log = open()) {
      append(log, Batches.of("a", "b"));
      log.sync();
      append(log, Batches.of("c"));
    }
    Path segment = directory.resolve("0").resolve("00000000000000000000.log");
    long second = tailAfter(segment, 2);
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, -9), second + 23);
    }
    try (PartitionLog log = open()) {
      assertThat(log.endOffset()).isEqualTo(2);
      assertThat(append(log, Batches.of("next")).baseOffset()).isEqualTo(2);
    }
  }

  @Randomized(times = 60)
  void aTornTailIsCutAndNothingThatWasSyncedIsLost(RandomGenerator random) throws IOException {
    Path place = directory.resolve("torn-" + random.nextLong());
    LogSettings settings = new LogSettings(2048 + random.nextInt(4096), 1 << 20, -1, -1);
    List<Long> expected = new ArrayList<>();
    long syncedEnd = 0;
    try (PartitionLog log = PartitionLog.open(place, settings, () -> now, 0)) {
      int batches = 1 + random.nextInt(30);
      for (int i = 0; i < batches; i++) {
        String[] values = new String[1 + random.nextInt(5)];
        java.util.Arrays.setAll(values, _ -> "v".repeat(random.nextInt(300)));
        expected.add(append(log, Batches.of(values)).baseOffset());
        if (random.nextInt(4) == 0) {
          syncedEnd = log.sync();
        }
      }
    }
    Path last;
    try (Stream<Path> files = Files.list(place)) {
      last = files.filter(Segment::isSegment).sorted().toList().getLast();
    }
    long size = Files.size(last);
    long keep = tailAfter(last, syncedEnd);
    long cut = keep + (size > keep ? random.nextLong(size - keep + 1) : 0);
    damage(last, cut, size, random);
    try (PartitionLog log = PartitionLog.open(place, settings, () -> now, 0)) {
      assertThat(log.endOffset()).isGreaterThanOrEqualTo(syncedEnd);
      List<Long> found = offsets(log);
      assertThat(found).isEqualTo(expected.subList(0, found.size()));
      long end = log.endOffset();
      // Nothing stays behind the last batch: a shorter one would not cover it.
      assertThat(Files.size(last)).isEqualTo(tailAfter(last, end));
      assertThat(append(log, Batches.of("next")).baseOffset()).isEqualTo(end);
    }
    try (PartitionLog log = PartitionLog.open(place, settings, () -> now, 0)) {
      assertThat(offsets(log)).hasSizeGreaterThanOrEqualTo(1);
    }
  }

  /// Bytes of a segment up to an offset.
  private static long tailAfter(Path segment, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int at = 0;
    while (at < bytes.length && BatchLayout.baseOffset(bytes, at) < offset) {
      at += BatchLayout.size(bytes, at);
    }
    return at;
  }

  /// Cuts the file there, or leaves its length and destroys what follows.
  private static void damage(Path file, long from, long size, RandomGenerator random)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (random.nextBoolean()) {
        channel.truncate(from);
        return;
      }
      byte[] rubbish = new byte[(int) (size - from)];
      if (random.nextBoolean()) {
        random.nextBytes(rubbish);
      }
      channel.write(ByteBuffer.wrap(rubbish), from);
    }
  }

  @Test
  void damageBelowWhatWasSyncedIsSaidAndNotCutAway() throws IOException {
    try (PartitionLog log = open()) {
      for (int i = 0; i < 5; i++) {
        commit(log, Batches.of("value " + i));
      }
    }
    Path segment = lastSegment();
    byte[] bytes = Files.readAllBytes(segment);
    int second = BatchLayout.size(bytes, 0);
    bytes[second + 16] ^= 1; // the magic: payloads of what was synced are not read at a start
    Files.write(segment, bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(VarveException.class)
        .hasMessageContaining(segment + " is corrupt at byte " + second)
        .satisfies(
            e -> assertThat(((VarveException) e).code()).isEqualTo(ErrorCode.CORRUPTED_DATA));
    assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
  }

  @Test
  void anIndexThatWasLetGoIsReadAgainAndNotNeeded() throws IOException {
    try (Segment segment = new Segment(directory, 0)) {
      List<byte[]> batches = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] batch = Batches.of("x".repeat(700), "y");
        BatchLayout.stamp(batch, 0, 2L * i, 0);
        segment.append(batch, 0, batch.length);
        batches.add(batch);
      }
      segment.seal();
      for (int pass = 0; pass < 3; pass++) {
        segment.forgetIndex();
        if (pass == 1) {
          Files.write(segment.indexFile(), new byte[40]);
        } else if (pass == 2) {
          Files.delete(segment.indexFile());
        }
        int position = 0;
        for (int i = 0; i < 40; i++) {
          assertThat(segment.locate(2L * i + 1)).isEqualTo(position);
          position += batches.get(i).length;
        }
      }
    }
  }

  @Test
  void aLostIndexIsBuiltAgain() throws IOException {
    try (PartitionLog log = open()) {
      for (int i = 0; i < 30; i++) {
        commit(log, Batches.of("x".repeat(700), "y"));
      }
    }
    try (Stream<Path> files = Files.list(directory.resolve("0"))) {
      List<Path> indexes = files.filter(f -> f.toString().endsWith(".index")).sorted().toList();
      assertThat(indexes).hasSizeGreaterThan(3);
      Files.delete(indexes.get(0));
      Files.write(indexes.get(1), new byte[40]);
    }
    try (PartitionLog log = open()) {
      for (long offset = 0; offset < 60; offset++) {
        byte[] batch = log.read(offset, 1, true).array();
        assertThat(BatchLayout.baseOffset(batch, 0)).isEqualTo(offset / 2 * 2);
      }
    }
  }

  @Test
  void retentionNeverTakesWhatMustBeKept() throws IOException {
    try (PartitionLog log = open()) {
      for (int i = 0; i < 30; i++) {
        commit(log, Batches.of("x".repeat(1000)));
      }
      now = 1_000_000;
      assertThat(log.retain(0)).isZero();
      assertThat(log.startOffset()).isZero();
      log.retain(17);
      assertThat(log.startOffset()).isBetween(1L, 17L);
      log.retain(Long.MAX_VALUE);
      assertThat(log.startOffset()).isGreaterThan(17);
      assertThat(log.endOffset()).isEqualTo(30);
      assertThat(refusal(() -> log.read(0, 100, true))).isEqualTo(Refusal.OFFSET_OUT_OF_RANGE);
    }
    try (PartitionLog log = open()) {
      assertThat(log.endOffset()).isEqualTo(30);
    }
  }

  @Test
  void aLogThatWasLostBeginsBehindWhatTheTableHolds() throws IOException {
    try (PartitionLog log = PartitionLog.open(directory.resolve("0"), SMALL, () -> now, 1_000)) {
      assertThat(append(log, Batches.of("a")).baseOffset()).isEqualTo(1_000);
      assertThat(log.startOffset()).isEqualTo(1_000);
    }
    try (PartitionLog log = open()) {
      assertThat(log.endOffset()).isEqualTo(1_001);
    }
  }

  @Test
  void aLogWhoseUnsyncedEndWasLostGoesOnBehindItAndKeepsTheRest() throws IOException {
    try (PartitionLog log = open()) {
      commit(log, Batches.of("a", "b"));
    }
    try (PartitionLog log = PartitionLog.open(directory.resolve("0"), SMALL, () -> now, 1_000)) {
      assertThat(log.startOffset()).isZero();
      assertThat(log.endOffset()).isEqualTo(1_000);
      commit(log, Batches.of("c"));
    }
    try (PartitionLog log = open()) {
      byte[] all = log.read(0, 1 << 20, true).array();
      assertThat(BatchLayout.records(all, 0)).isEqualTo(2);
      int filler = BatchLayout.size(all, 0);
      assertThat(BatchLayout.records(all, filler)).isZero();
      int last = filler + BatchLayout.size(all, filler);
      assertThat(BatchLayout.baseOffset(all, last)).isEqualTo(1_000);
      assertThat(log.endOffset()).isEqualTo(1_001);
    }
  }

  @Test
  void aTimeFindsTheFirstBatchThatHasItOrALaterOne() throws IOException {
    try (PartitionLog log = open()) {
      for (int i = 0; i < 30; i++) {
        commit(log, Batches.of(-1, (short) -1, -1, i * 100L, "x".repeat(500), "y"));
      }
      for (int i = 0; i < 30; i++) {
        byte[] batch = log.batchAtOrAfter(i * 100L - 50).array();
        assertThat(BatchLayout.baseOffset(batch, 0)).isEqualTo(i * 2L);
      }
      assertThat(log.batchAtOrAfter(2_901)).isNotNull();
      assertThat(log.batchAtOrAfter(2_902)).isNull();
    }
  }
}
