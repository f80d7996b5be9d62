// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.storage.error.VarveException;
import dev.varve.test.FaultyDisk;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A compacted log: the last record of each key stays at its offset, whatever is cut off.
final class CompactionTest {
  private static final LogSettings SETTINGS =
      new LogSettings(1024, -1, 1 << 20, false, -1, -1, true, 0, -1);

  @TempDir Path directory;

  private static PartitionLog open(Path directory) {
    return PartitionLog.open(directory.resolve("0"), SETTINGS, () -> 1_000_000, 0);
  }

  private static void append(PartitionLog log, String... keysAndValues) throws IOException {
    byte[] batch = Batches.keyed(1_000, keysAndValues);
    Appended at = log.append(batch, 0, batch.length);
    log.sync();
    log.commit(at);
  }

  private static long compact(PartitionLog log) throws IOException {
    return log.compact((_, _, _, _, _) -> {
      throw new IllegalStateException("nothing is compressed");
    });
  }

  /// Offset, key and value of each record.
  private static List<String> records(PartitionLog log) throws IOException {
    List<String> found = new ArrayList<>();
    RecordCursor cursor = new RecordCursor(null, 1 << 20);
    log.replay(
        log.startOffset(),
        (batch, _) -> {
          cursor.open(batch, 0);
          while (cursor.next()) {
            found.add(
                BatchLayout.baseOffset(batch, 0)
                    + cursor.offsetDelta()
                    + " "
                    + text(cursor, cursor.keyFrom(), cursor.keyLength())
                    + "="
                    + text(cursor, cursor.valueFrom(), cursor.valueLength()));
          }
        });
    return found;
  }

  private static String text(RecordCursor cursor, int from, int length) {
    return length < 0 ? null : new String(cursor.bytes(), from, length, StandardCharsets.UTF_8);
  }

  @Test
  void theLastRecordOfEachKeyStaysAtItsOffset() throws IOException {
    try (PartitionLog log = open(directory)) {
      append(log, "a", "1", "b", "1", "c", "1");
      append(log, "b", "x".repeat(990));
      append(log, "a", "2", "c", "2");
      append(log, "c", "y".repeat(990));
      append(log, "z", "active");
      assertThat(compact(log)).isPositive();
      List<String> left =
          List.of("3 b=" + "x".repeat(990), "4 a=2", "6 c=" + "y".repeat(990), "7 z=active");
      assertThat(records(log)).isEqualTo(left);
      assertThat(log.endOffset()).isEqualTo(8);
      assertThat(log.startOffset()).isZero();
      assertThat(log.read(1, 10_000, true).remaining()).isPositive();
    }
    try (PartitionLog log = open(directory)) {
      assertThat(records(log)).hasSize(4);
      assertThat(log.endOffset()).isEqualTo(8);
    }
    assertThat(SegmentVerifier.verify(directory).problems()).isEmpty();
  }

  @Test
  void aTombstoneTakesItsKeyAwayAndThenGoesItself() throws IOException {
    try (PartitionLog log = open(directory)) {
      append(log, "a", "1", "b", "1");
      append(log, "a", null);
      append(log, "big", "x".repeat(1000));
      append(log, "z", "active");
      compact(log);
      assertThat(records(log)).containsExactly("1 b=1", "3 big=" + "x".repeat(1000), "4 z=active");
    }
  }

  @Test
  void recordsBeforeADeletedOffsetAreGoneAlsoAfterARestart() throws IOException {
    try (PartitionLog log = open(directory)) {
      for (int i = 0; i < 10; i++) {
        append(log, "k" + i, "x".repeat(500));
      }
      assertThat(log.deleteBefore(7)).isEqualTo(7);
      assertThat(log.startOffset()).isEqualTo(7);
      assertThat(log.bytes()).isLessThan(4000);
      assertThatThrownBy(() -> log.read(6, 100, true))
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> assertThat(e.refusal()).isEqualTo(Refusal.OFFSET_OUT_OF_RANGE));
      assertThatThrownBy(() -> log.deleteBefore(11)).isInstanceOf(RefusedException.class);
    }
    try (PartitionLog log = open(directory)) {
      assertThat(log.startOffset()).isEqualTo(7);
      assertThat(log.endOffset()).isEqualTo(10);
    }
  }

  /// What a reader who asks for the last value of each key gets.
  private static Map<String, String> state(List<String> records) {
    Map<String, String> state = new TreeMap<>();
    for (String record : records) {
      String pair = record.substring(record.indexOf(' ') + 1);
      state.put(pair.substring(0, 1), pair);
      if (pair.endsWith("=null")) {
        state.remove(pair.substring(0, 1));
      }
    }
    return state;
  }

  @Randomized(times = 100)
  void aPowerCutDuringCompactionLosesNoKey(RandomGenerator random) throws IOException {
    FaultyDisk disk = new FaultyDisk();
    List<String> sent = new ArrayList<>();
    for (int life = 0; life < 4; life++) {
      try (PartitionLog log = open(disk.root())) {
        List<String> found = records(log);
        assertThat(state(found)).isEqualTo(state(sent));
        assertThat(log.endOffset()).isEqualTo(sent.size());
        for (int i = random.nextInt(40); i >= 0; i--) {
          String key = "" + (char) ('a' + random.nextInt(6));
          String value = random.nextInt(5) == 0 ? null : "v".repeat(random.nextInt(400));
          append(log, key, value);
          sent.add(sent.size() + " " + key + "=" + value);
        }
        disk.failAfterWrites(random.nextInt(30));
        compact(log);
      } catch (IOException | VarveException e) {
        assertThat(disk.isGone()).as(e.toString()).isTrue();
      }
      disk.powerCut(random);
    }
  }
}
