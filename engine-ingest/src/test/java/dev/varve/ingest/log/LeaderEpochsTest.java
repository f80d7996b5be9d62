// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.test.Randomized;
import java.io.IOException;
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

final class LeaderEpochsTest {
  private static final LogSettings SMALL = new LogSettings(2048, 1 << 20, -1, -1);

  @TempDir Path directory;

  private PartitionLog open() {
    return PartitionLog.open(directory.resolve("0"), SMALL, () -> 1_000, 0);
  }

  private static void append(PartitionLog log, int batches) {
    for (int i = 0; i < batches; i++) {
      byte[] batch = Batches.of("x".repeat(400));
      log.append(batch, 0, batch.length);
    }
  }

  private static void write(PartitionLog log, int epoch, int batches) throws IOException {
    log.lead(epoch);
    append(log, batches);
    log.sync();
  }

  private static EpochEnd end(PartitionLog log, int epoch) {
    return log.epochs().end(epoch);
  }

  @Test
  void anEpochEndsWhereTheNextBegins() throws IOException {
    try (PartitionLog log = open()) {
      write(log, 0, 3);
      write(log, 4, 2);
      write(log, 7, 0);
      assertThat(end(log, 0)).isEqualTo(new EpochEnd(0, 3));
      assertThat(end(log, 4)).isEqualTo(new EpochEnd(4, 5));
      assertThat(end(log, 7)).isEqualTo(new EpochEnd(7, 5));
      assertThat(log.epochs().at(2)).isZero();
      assertThat(log.epochs().at(3)).isEqualTo(4);
    }
  }

  @Test
  void anEpochThatWroteNothingHereEndsWithTheOneBefore() throws IOException {
    try (PartitionLog log = open()) {
      write(log, 2, 3);
      write(log, 5, 1);
      assertThat(end(log, 4)).isEqualTo(new EpochEnd(2, 3));
      assertThat(end(log, 6)).isEqualTo(new EpochEnd(-1, -1));
      assertThat(end(log, -1)).isEqualTo(new EpochEnd(-1, -1));
    }
  }

  @Test
  void aLeaderThatWroteNothingLeavesNoTrace() throws IOException {
    try (PartitionLog log = open()) {
      write(log, 0, 2);
      write(log, 1, 0);
      write(log, 2, 1);
      assertThat(end(log, 1)).isEqualTo(new EpochEnd(0, 2));
    }
  }

  @Test
  void whoMeansAnotherLeaderIsTold() throws IOException {
    try (PartitionLog log = open()) {
      write(log, 3, 1);
      log.epochs().check(3);
      log.epochs().check(-1);
      assertThatThrownBy(() -> log.epochs().check(2)).satisfies(fails(Refusal.FENCED_LEADER_EPOCH));
      assertThatThrownBy(() -> log.epochs().check(4))
          .satisfies(fails(Refusal.UNKNOWN_LEADER_EPOCH));
      assertThatThrownBy(() -> log.lead(2)).satisfies(fails(Refusal.FENCED_LEADER_EPOCH));
    }
  }

  private static java.util.function.Consumer<Throwable> fails(Refusal refusal) {
    return e -> assertThat(((RefusedException) e).refusal()).isEqualTo(refusal);
  }

  @Test
  void aRestartKnowsAllEpochs() throws IOException {
    try (PartitionLog log = open()) {
      write(log, 1, 9);
      write(log, 2, 9);
      write(log, 6, 1);
    }
    try (PartitionLog log = open()) {
      assertThat(end(log, 1)).isEqualTo(new EpochEnd(1, 9));
      assertThat(end(log, 2)).isEqualTo(new EpochEnd(2, 18));
      assertThat(end(log, 6)).isEqualTo(new EpochEnd(6, 19));
      assertThat(log.epochs().current()).isEqualTo(6);
    }
  }

  @Test
  void epochsBehindATornTailAreForgotten() throws IOException {
    long size;
    try (PartitionLog log = open()) {
      write(log, 1, 2);
      size = Files.size(lastSegment());
      log.lead(2);
      append(log, 1);
    }
    try (FileChannel file = FileChannel.open(lastSegment(), StandardOpenOption.WRITE)) {
      file.truncate(size + 30);
    }
    try (PartitionLog log = open()) {
      assertThat(log.endOffset()).isEqualTo(2);
      assertThat(end(log, 2)).isEqualTo(new EpochEnd(-1, -1));
      assertThat(end(log, 1)).isEqualTo(new EpochEnd(1, 2));
      assertThat(log.epochs().current()).isEqualTo(1);
    }
  }

  private Path lastSegment() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("0"))) {
      return files.filter(Segment::isSegment).sorted().toList().getLast();
    }
  }

  @Randomized(times = 40)
  void aMissingOrDamagedFileIsLearntAnewFromTheBatches(RandomGenerator random) throws IOException {
    Path place = directory.resolve("random-" + random.nextLong());
    List<EpochEnd> expected = new ArrayList<>();
    try (PartitionLog log = PartitionLog.open(place, SMALL, () -> 1_000, 0)) {
      int epoch = 0;
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        write(log, epoch, random.nextInt(1, 9));
        expected.add(new EpochEnd(epoch, log.endOffset()));
        epoch += random.nextInt(1, 3);
      }
    }
    Path file = place.resolve(LeaderEpochs.FILE);
    if (random.nextBoolean()) {
      Files.deleteIfExists(file);
    } else if (Files.exists(file)) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
    }
    try (PartitionLog log = PartitionLog.open(place, SMALL, () -> 1_000, 0)) {
      for (EpochEnd each : expected) {
        assertThat(end(log, each.epoch())).isEqualTo(each);
      }
    }
  }

  @Test
  void epochsWithoutARecordLeftGoWithTheirSegments() throws IOException {
    try (PartitionLog log = open()) {
      write(log, 0, 8);
      write(log, 1, 8);
      Appended last = log.append(Batches.of("y"), 0, Batches.of("y").length);
      log.sync();
      log.commit(last);
      log.deleteBefore(10);
      append(log, 8); // a segment is closed, and the file is written
      assertThat(end(log, 0)).isEqualTo(new EpochEnd(0, 8));
    }
    byte[] file = Files.readAllBytes(directory.resolve("0").resolve(LeaderEpochs.FILE));
    assertThat(file).hasSize(8 + 12 + 4);
  }
}
