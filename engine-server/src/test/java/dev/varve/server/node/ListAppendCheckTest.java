// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.server.node.ListAppendCheck.Transaction;
import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ListAppendCheckTest {
  private static Transaction append(long began, long ended, Map<Integer, Integer> values) {
    return new Transaction(began, ended, values, Map.of());
  }

  private static Transaction read(long began, long ended, Map<Integer, List<Integer>> lists) {
    return new Transaction(began, ended, Map.of(), lists);
  }

  private static String anomaly(Transaction... history) {
    return String.join("\n", ListAppendCheck.anomalies(List.of(history)));
  }

  @Test
  void whatHappenedAtTheSameTimeMayHaveAnyOrder() {
    assertThat(
            anomaly(
                append(0, 10, Map.of(1, 1)),
                append(0, 10, Map.of(1, 2)),
                read(5, 12, Map.of(1, List.of(2))),
                read(11, 12, Map.of(1, List.of(2, 1)))))
        .isEmpty();
  }

  @Test
  void aLostValueIsFound() {
    assertThat(
            anomaly(
                append(0, 1, Map.of(1, 1)),
                append(2, 3, Map.of(1, 2)),
                read(4, 5, Map.of(1, List.of(2)))))
        .contains("in real time");
    assertThat(
            anomaly(
                append(0, 1, Map.of(1, 1)),
                append(2, 3, Map.of(1, 2)),
                read(4, 5, Map.of(1, List.of(1, 2))),
                read(6, 7, Map.of(1, List.of(2)))))
        .contains("was [2] and [1, 2]");
  }

  @Test
  void aValueThatIsThereTwiceOrComesFromNobodyIsFound() {
    assertThat(anomaly(append(0, 1, Map.of(1, 1)), read(2, 3, Map.of(1, List.of(1, 1)))))
        .contains("twice");
    assertThat(anomaly(read(2, 3, Map.of(1, List.of(7))))).contains("nobody");
  }

  @Test
  void aStaleReadIsFound() {
    assertThat(
            anomaly(
                append(0, 1, Map.of(1, 1)),
                append(2, 3, Map.of(1, 2)),
                read(4, 5, Map.of(1, List.of(1))),
                read(6, 7, Map.of(1, List.of(1, 2)))))
        .contains("G-single in real time");
  }

  @Test
  void halfOfAWriteIsFound() {
    assertThat(
            anomaly(
                append(0, 9, Map.of(1, 1, 2, 1)),
                read(0, 9, Map.of(1, List.of(1), 2, List.of())),
                read(0, 9, Map.of(1, List.of(1), 2, List.of(1)))))
        .startsWith("G-single:");
  }

  @Test
  void writesInTwoOrdersAreFound() {
    assertThat(
            anomaly(
                append(0, 9, Map.of(1, 1, 2, 1)),
                append(0, 9, Map.of(1, 2, 2, 2)),
                read(0, 9, Map.of(1, List.of(1, 2), 2, List.of(2, 1)))))
        .startsWith("G0:");
  }

  /// What really was serial is never called an anomaly.
  @Randomized(times = 200)
  void aSerialHistoryHasNone(RandomGenerator random) {
    Map<Integer, List<Integer>> lists = new HashMap<>();
    List<Transaction> history = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long began = 10L * i - random.nextInt(40);
      long ended = 10L * i + 1 + random.nextInt(40);
      int one = random.nextInt(3);
      if (random.nextBoolean()) {
        lists.computeIfAbsent(one, _ -> new ArrayList<>()).add(i);
        history.add(append(began, ended, Map.of(one, i)));
      } else {
        history.add(
            read(began, ended, Map.of(one, List.copyOf(lists.getOrDefault(one, List.of())))));
      }
    }
    assertThat(ListAppendCheck.anomalies(history)).isEmpty();
  }
}
