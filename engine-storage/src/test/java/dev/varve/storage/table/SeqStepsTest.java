// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SeqStepsTest {
  private final SeqSteps steps = new SeqSteps();

  @Test
  void aStepHoldsFromItsOffsetToTheNext() {
    steps.put(new SeqStep(0, 10, 100));
    steps.put(new SeqStep(0, 20, 300));
    assertThat(steps.base(0, 9)).isZero();
    assertThat(steps.base(0, 10)).isEqualTo(100);
    assertThat(steps.base(0, 19)).isEqualTo(100);
    assertThat(steps.base(0, 20)).isEqualTo(300);
    assertThat(steps.base(1, 20)).isZero();
    assertThat(steps.nextChange(0, 9)).isEqualTo(10);
    assertThat(steps.nextChange(0, 20)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void ofTwoStepsAtOneOffsetTheGreaterHoldsInAnyOrder() {
    steps.put(new SeqStep(0, 10, 300));
    steps.put(new SeqStep(0, 10, 100));
    assertThat(steps.base(0, 10)).isEqualTo(300);
  }

  @Test
  void pruningKeepsTheStepThatStillHolds() {
    steps.put(new SeqStep(0, 10, 100));
    steps.put(new SeqStep(0, 20, 300));
    steps.put(new SeqStep(0, 30, 500));
    steps.prune(Map.of(0, 25L));
    assertThat(steps.list()).containsExactly(new SeqStep(0, 20, 300), new SeqStep(0, 30, 500));
  }
}
