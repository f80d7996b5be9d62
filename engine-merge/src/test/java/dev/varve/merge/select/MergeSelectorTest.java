// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class MergeSelectorTest {
  private static final long MIB = 1 << 20;

  private static Candidate part(long id, long bytes) {
    return new Candidate(id, "all", bytes, bytes / 10 + 1, 0, 0, 0, 0);
  }

  @Test
  void mergesEqualPartsOnceThereAreFour() {
    MergeSelector selector = new MergeSelector(1 << 30, 16);
    List<Candidate> parts = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      parts.add(part(id, MIB));
    }
    assertThat(selector.select(parts)).isEmpty();
    parts.add(part(4, MIB));
    assertThat(selector.select(parts)).hasSize(4);
  }

  @Test
  void leavesALargePartAloneWhileSmallOnesArrive() {
    MergeSelector selector = new MergeSelector(1 << 30, 16);
    List<Candidate> parts = new ArrayList<>(List.of(part(1, 500 * MIB)));
    for (int id = 2; id <= 6; id++) {
      parts.add(part(id, MIB));
    }
    assertThat(selector.select(parts))
        .extracting(Candidate::id)
        .containsExactly(2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void mergesSoonerWhatIsMostlyDead() {
    MergeSelector selector = new MergeSelector(1 << 30, 16);
    Candidate alive = new Candidate(1, "all", MIB, 1000, 0, 0, 0, 0);
    Candidate halfDead = new Candidate(2, "all", MIB, 1000, 0, 1000, 0, 0);
    assertThat(selector.select(List.of(alive, alive))).isEmpty();
    assertThat(selector.select(List.of(alive, halfDead)))
        .containsExactlyInAnyOrder(alive, halfDead);
  }

  @Test
  void mergesPartsFirstWhoseKeysOverlap() {
    MergeSelector selector = new MergeSelector(1 << 30, 4);
    List<Candidate> parts = new ArrayList<>();
    for (int id = 1; id <= 8; id++) {
      double overlap = id > 4 ? 1 : 0;
      parts.add(new Candidate(id, "all", MIB, 1000, 0, 0, overlap, 0));
    }
    assertThat(selector.select(parts)).extracting(Candidate::id).containsExactly(5L, 6L, 7L, 8L);
  }

  @Test
  void neverMixesPartitions() {
    MergeSelector selector = new MergeSelector(1 << 30, 16);
    List<Candidate> parts = new ArrayList<>();
    for (int id = 0; id < 12; id++) {
      parts.add(new Candidate(id, "p" + id % 4, MIB, 1000, 0, 0, 0, 0));
    }
    assertThat(selector.select(parts)).isEmpty();
  }

  @Randomized(times = 30)
  void rowsAreRewrittenAFewTimesAndPartsStayFew(RandomGenerator random) {
    long maxPartBytes = (1 + random.nextInt(100)) * 100 * MIB;
    int fanIn = 4 + random.nextInt(20);
    MergeSelector selector = new MergeSelector(maxPartBytes, fanIn);
    List<Candidate> parts = new ArrayList<>();
    long inserted = 0;
    long written = 0;
    int mostParts = 0;
    long id = 0;
    for (int insert = 0; insert < 1500; insert++) {
      long bytes = MIB + random.nextLong(4 * MIB);
      inserted += bytes;
      parts.add(part(++id, bytes));
      while (true) {
        List<Candidate> chosen = selector.select(parts);
        if (chosen.isEmpty()) {
          break;
        }
        assertThat(chosen).hasSizeBetween(2, fanIn).doesNotHaveDuplicates();
        long sum = chosen.stream().mapToLong(Candidate::bytes).sum();
        assertThat(sum).isLessThanOrEqualTo(maxPartBytes);
        // Ends: each merge leaves fewer parts.
        parts.removeAll(chosen);
        parts.add(part(++id, sum));
        written += sum;
      }
      mostParts = Math.max(mostParts, parts.size());
    }
    assertThat((double) written / inserted).as("rewrites of a row").isLessThan(8);
    long full = inserted / maxPartBytes;
    assertThat((long) mostParts).as("parts at most").isLessThan(4 * full + 60);
  }
}
