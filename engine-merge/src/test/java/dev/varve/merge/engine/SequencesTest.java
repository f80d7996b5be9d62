// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.SeqStep;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SequencesTest {
  private static Sequences open(
      int stride, Map<Integer, Long> offsets, List<SeqStep> steps, long greatest) {
    return new Sequences(
        stride,
        new CatalogTable(
            1, null, Map.of(), Map.of(), offsets, steps, greatest, Map.of(), List.of(), Map.of()));
  }

  private static long[] offsets(long from, int count) {
    long[] offsets = new long[count];
    for (int i = 0; i < count; i++) {
      offsets[i] = from + i;
    }
    return offsets;
  }

  @Randomized(times = 200)
  void laterRowsHaveGreaterSequencesAndNoTwoShareOne(RandomGenerator random) {
    int stride = 1 + random.nextInt(4);
    Sequences sequences = open(stride, Map.of(), List.of(), 0);
    long[] next = new long[stride];
    long[] lastOfPartition = new long[stride];
    java.util.Arrays.fill(lastOfPartition, -1);
    long lastInsert = -1;
    long greatest = -1;
    Set<Long> all = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      if (random.nextInt(3) == 0) {
        int count = 1 + random.nextInt(3);
        long insert = sequences.ofInsert(count);
        assertThat(insert).isGreaterThan(greatest);
        for (int c = 0; c < count; c++) {
          assertThat(all.add(insert++)).isTrue();
        }
        lastInsert = --insert;
        greatest = insert;
      } else {
        int p = random.nextInt(stride);
        int count = random.nextInt(5);
        long[] given =
            sequences.ofLog(new LogRange(p, next[p], next[p] + count), offsets(next[p], count));
        next[p] += count;
        for (long sequence : given) {
          assertThat(sequence).isGreaterThan(lastInsert).isGreaterThan(lastOfPartition[p]);
          assertThat(all.add(sequence)).isTrue();
          lastOfPartition[p] = sequence;
          greatest = Math.max(greatest, sequence);
        }
      }
    }
  }

  /// What is lost in a crash is everything since the last commit; each commit holds the steps.
  @Randomized(times = 300)
  void replayGivesRowsTheSequencesThatCommittedPartsReliedOn(RandomGenerator random) {
    int stride = 1 + random.nextInt(3);
    Map<Integer, Long> durable = new HashMap<>();
    List<SeqStep> steps = List.of();
    long greatestInsert = 0;
    // Order of acknowledged things: each entry is a log row or an INSERT that must stay in order.
    List<long[]> acknowledged = new ArrayList<>(); // {partition or -1, offset or sequence}
    long[] logEnd = new long[stride];
    for (int life = 0; life < 4; life++) {
      Sequences sequences = open(stride, durable, steps, greatestInsert);
      for (int p = 0; p < stride; p++) {
        long from = durable.getOrDefault(p, 0L);
        sequences.ofLog(new LogRange(p, from, logEnd[p]), offsets(from, (int) (logEnd[p] - from)));
      }
      for (int i = random.nextInt(12); i > 0; i--) {
        int p = random.nextInt(stride);
        switch (random.nextInt(4)) {
          case 0 -> { // an INSERT that is committed
            long insert = sequences.ofInsert(1);
            greatestInsert = Math.max(greatestInsert, insert);
            steps = sequences.steps();
            acknowledged.add(new long[] {-1, insert});
          }
          case 1 -> sequences.ofInsert(1); // an INSERT that the crash cuts short
          case 2 -> { // a flush
            for (int q = 0; q < stride; q++) {
              durable.put(q, logEnd[q]);
            }
            steps = sequences.steps();
            sequences.forget(durable);
            acknowledged.clear(); // their sequences are in parts now
          }
          default -> {
            sequences.ofLog(new LogRange(p, logEnd[p], logEnd[p] + 1), offsets(logEnd[p], 1));
            acknowledged.add(new long[] {p, logEnd[p]++});
          }
        }
      }
      assertReplayKeepsOrder(acknowledged, open(stride, durable, steps, greatestInsert));
    }
  }

  private static void assertReplayKeepsOrder(List<long[]> acknowledged, Sequences replayed) {
    long lastInsert = -1;
    long greatestRow = -1;
    for (long[] entry : acknowledged) {
      if (entry[0] < 0) {
        assertThat(entry[1]).isGreaterThan(greatestRow);
        lastInsert = entry[1];
      } else {
        int p = (int) entry[0];
        long row =
            replayed.ofLog(new LogRange(p, entry[1], entry[1] + 1), new long[] {entry[1]})[0];
        assertThat(row).isGreaterThan(lastInsert);
        greatestRow = Math.max(greatestRow, row);
      }
    }
  }

  @Test
  void rowsTakenBackGetTheirSequencesAgainWhateverCameBetween() {
    Sequences sequences = open(1, Map.of(), List.of(), 0);
    LogRange range = new LogRange(0, 0, 3);
    long[] first = sequences.ofLog(range, offsets(0, 3));
    sequences.ofInsert(1);
    sequences.takeBack(0, 0);
    assertThat(sequences.ofLog(range, offsets(0, 3))).containsExactly(first);
  }

  @Test
  void aLogPartitionBeyondTheShardsIsRefused() {
    Sequences sequences = open(2, Map.of(), List.of(), 0);
    assertThatThrownBy(() -> sequences.ofLog(new LogRange(2, 0, 1), offsets(0, 1)))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("shards");
  }
}
