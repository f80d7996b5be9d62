// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LogRangeTest {
  @Test
  void rangesThatTouchAreJoined() {
    assertThat(
            LogRange.united(
                List.of(
                    new LogRange(1, 5, 9),
                    new LogRange(0, 0, 4),
                    new LogRange(1, 0, 5),
                    new LogRange(0, 6, 7))))
        .containsExactly(new LogRange(0, 0, 4), new LogRange(0, 6, 7), new LogRange(1, 0, 9));
  }
}
