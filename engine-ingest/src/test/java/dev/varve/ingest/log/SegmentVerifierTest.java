// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verifier of the log finds every flipped bit and every truncation of what was synced.
final class SegmentVerifierTest {
  @TempDir Path directory;

  /// A partition of two segments, the second begun by hand where the first ends.
  private List<Path> segments() throws IOException {
    Path folder = Files.createTempDirectory(directory, "partition");
    byte[] batch = SegmentFixtureTest.fixture();
    Path first = folder.resolve("00000000000000000000.log");
    Path second = folder.resolve("00000000000000000003.log");
    Files.write(first, batches(batch, 0, 3));
    Files.write(second, batches(batch, 3, 2));
    try (SyncedMark mark = new SyncedMark(folder)) {
      mark.write(5);
    }
    return List.of(first, second);
  }

  private static byte[] batches(byte[] batch, int from, int count) {
    byte[] bytes = new byte[batch.length * count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(batch, 0, bytes, i * batch.length, batch.length);
      bytes[i * batch.length + 7] = (byte) (from + i);
    }
    return bytes;
  }

  private SegmentVerifier.Report verify() throws IOException {
    return SegmentVerifier.verify(directory);
  }

  @Test
  void soundSegmentsAreSound() throws IOException {
    segments();
    assertThat(verify().problems()).isEmpty();
    assertThat(verify().segments()).isEqualTo(2);
    assertThat(verify().batches()).isEqualTo(5);
  }

  @Randomized(times = 60)
  void aFlippedBitOrATruncationIsDamageThatNamesItsByte(RandomGenerator random) throws IOException {
    List<Path> files = segments();
    Path file = files.get(random.nextInt(2));
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    int batch = bytes.length / (file.equals(files.getFirst()) ? 3 : 2);
    boolean cut = random.nextBoolean();
    if (cut) {
      bytes = Arrays.copyOf(bytes, at);
    } else {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    Files.write(file, bytes);
    if (!cut && at % batch >= 12 && at % batch <= 15) {
      return; // the leader epoch, which says nothing and is not in the checksum
    }
    List<SegmentVerifier.Problem> problems = verify().problems();
    assertThat(problems).singleElement().matches(SegmentVerifier.Problem::isDamage);
    assertThat(problems.getFirst().file()).isEqualTo(file);
    assertThat(problems.getFirst().offset()).isEqualTo(at / batch * batch);
  }

  @Test
  void aTornEndThatWasNeverAcknowledgedIsOnlyNoted() throws IOException {
    Path last = segments().getLast();
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, bytes.length + 20));
    assertThat(verify().problems())
        .singleElement()
        .matches(problem -> !problem.isDamage() && problem.offset() == bytes.length);
  }

  @Test
  void anIndexThatDoesNotFitIsRebuilt() throws IOException {
    Path first = segments().getFirst();
    Files.write(first.resolveSibling("00000000000000000000.index"), new byte[40]);
    assertThat(verify().problems()).singleElement().matches(problem -> !problem.isDamage());
  }

  @Test
  void batchesArePrinted() throws IOException {
    List<String> lines = new ArrayList<>(SegmentVerifier.dump(segments().getFirst()));
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("byte 0: offsets 0 to 0");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }
}
