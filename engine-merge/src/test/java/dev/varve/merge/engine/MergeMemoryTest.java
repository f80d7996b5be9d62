// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MergeMemoryTest {
  private static final long MIB = 1 << 20;

  @Test
  void aTableIsWideWhenTwoPartsDoNotFit() {
    // Two parts of 60 columns hold 2 * (60 + 4) blocks.
    assertThat(new MergeMemory(128 * MIB, 60).isWide()).isFalse();
    assertThat(new MergeMemory(128 * MIB - 1, 60).isWide()).isTrue();
    assertThat(new MergeMemory(128 * MIB, 61).isWide()).isTrue();
  }

  @Test
  void columnsTakeTurnsOnlyInWideTables() {
    assertThat(new MergeMemory(128 * MIB, 60).columnsAtOnce(2)).isZero();
    assertThat(new MergeMemory(128 * MIB, 61).columnsAtOnce(2)).isEqualTo(128 / 3 - 4);
    assertThat(new MergeMemory(MIB, 61).columnsAtOnce(2)).isOne();
  }

  @Test
  void whatIsReadAtOnceFitsIntoTheMemory() {
    for (int columns = 1; columns < 3_000; columns += 7) {
      for (long mib = 64; mib <= 4_096; mib *= 2) {
        MergeMemory memory = new MergeMemory(mib * MIB, columns);
        int inputs = memory.inputs();
        assertThat(inputs).isBetween(2, 1_000);
        if (memory.isWide()) {
          int blocks = (memory.columnsAtOnce(inputs) + 4) * (inputs + 1);
          assertThat(blocks).isLessThanOrEqualTo((int) mib);
          assertThat(memory.columnsAtOnce(inputs)).isLessThan(columns);
        } else {
          long blocks = (columns + 4L) * inputs * memory.threads(inputs);
          assertThat(blocks).isLessThanOrEqualTo(mib);
        }
      }
    }
  }

  @Test
  void aMergeHasAThreadEvenWhereNothingFits() {
    assertThat(new MergeMemory(MIB, 100).threads(20)).isOne();
    assertThat(new MergeMemory(1024 * MIB, 12).threads(20)).isEqualTo(3);
  }

  @Test
  void backgroundMergesShareWithoutStarving() {
    MergeSettings settings =
        MergeSettings.defaults().withRewrite(RewriteSettings.DEFAULT.withMemory(1024 * MIB));
    assertThat(MergeMemory.of(settings.withMergeThreads(64), 3, false).bytes())
        .isEqualTo(1024 * MIB);
    assertThat(MergeMemory.of(settings.withMergeThreads(0), 3, true).bytes()).isEqualTo(1024 * MIB);
    assertThat(MergeMemory.of(settings.withMergeThreads(2), 3, true).bytes()).isEqualTo(512 * MIB);
    assertThat(MergeMemory.of(settings.withMergeThreads(64), 3, true).bytes()).isEqualTo(256 * MIB);
  }
}
