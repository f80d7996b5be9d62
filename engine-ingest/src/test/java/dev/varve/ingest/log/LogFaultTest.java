// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.error.VarveException;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The log on a disk that fails as disks do.
final class LogFaultTest {
  private static PartitionLog open(Path directory) {
    return PartitionLog.open(
        directory.resolve("0"), new LogSettings(4096, 1 << 20, -1, -1), () -> 0, 0);
  }

  private static Appended append(PartitionLog log, byte[] batch) {
    return log.append(batch, 0, batch.length);
  }

  /// The batches of the log, as they were before the log stamped them.
  private static List<byte[]> batches(PartitionLog log) throws IOException {
    List<byte[]> batches = new ArrayList<>();
    log.replay(
        0,
        (bytes, size) -> {
          byte[] batch = Arrays.copyOf(bytes, size);
          BatchLayout.stamp(batch, 0, 0, -1);
          batches.add(batch);
        });
    return batches;
  }

  @Randomized(times = 150)
  void aPowerCutTakesNothingThatWasSynced(RandomGenerator random) throws IOException {
    FaultyDisk disk = new FaultyDisk();
    List<byte[]> sent = new ArrayList<>();
    int synced = 0;
    for (int life = 0; life < 3; life++) {
      try (PartitionLog log = open(disk.root())) {
        List<byte[]> found = batches(log);
        assertThat(found).hasSizeGreaterThanOrEqualTo(synced);
        assertThat(found.toArray()).isEqualTo(sent.subList(0, found.size()).toArray());
        sent = new ArrayList<>(found);
        synced = found.size();
        disk.failAfterWrites(random.nextInt(60));
        synced = produce(log, sent, synced, random);
      } catch (VarveException e) {
        assertThat(disk.isGone()).as(e.getMessage()).isTrue();
      }
      disk.powerCut(random);
    }
  }

  /// Appends and syncs until the disk is gone or enough is there. Returns how many are synced.
  private static int produce(
      PartitionLog log, List<byte[]> sent, int syncedBefore, RandomGenerator random) {
    int synced = syncedBefore;
    try {
      for (int i = random.nextInt(40); i >= 0; i--) {
        byte[] batch = Batches.of("v".repeat(random.nextInt(900)), "w" + i);
        sent.add(batch.clone());
        append(log, batch);
        if (random.nextInt(3) == 0) {
          log.sync();
          synced = sent.size();
        }
      }
    } catch (RefusedException | IOException e) {
      assertThat(e.getMessage()).isNotEmpty(); // the disk is gone
    }
    return synced;
  }

  @Test
  void aFullDiskRefusesAndTheLogGoesOnWhenThereIsRoom() throws IOException {
    FaultyDisk disk = new FaultyDisk();
    try (PartitionLog log = open(disk.root())) {
      append(log, Batches.of("first"));
      log.sync();
      disk.fillAt(disk.usedBytes() + 40);
      assertThatThrownBy(() -> append(log, Batches.of("second")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("cannot write")
          .satisfies(e ->
              assertThat(((RefusedException) e).refusal()).isEqualTo(Refusal.KAFKA_STORAGE_ERROR));
      disk.fillAt(Long.MAX_VALUE);
      assertThat(append(log, Batches.of("third")).baseOffset()).isEqualTo(1);
      log.sync();
    }
    try (PartitionLog log = open(disk.root())) {
      assertThat(batches(log).toArray())
          .isEqualTo(new byte[][] {Batches.of("first"), Batches.of("third")});
    }
  }

  @Test
  void aSyncThatFailsStopsThePartitionUntilItIsOpenedAgain() throws IOException {
    FaultyDisk disk = new FaultyDisk();
    try (PartitionLog log = open(disk.root())) {
      append(log, Batches.of("first"));
      log.sync();
      append(log, Batches.of("second"));
      disk.failSyncs(true);
      assertThatThrownBy(log::sync).isInstanceOf(IOException.class);
      disk.failSyncs(false);
      assertThatThrownBy(() -> append(log, Batches.of("third")))
          .hasMessageContaining("could not be synced");
    }
    try (PartitionLog log = open(disk.root())) {
      assertThat(log.failure()).isNull();
      assertThat(log.endOffset()).isBetween(1L, 2L);
    }
  }
}
