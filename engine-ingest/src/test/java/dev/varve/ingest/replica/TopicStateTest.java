// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.log.Topic;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TopicStateTest {
  private static final PartitionState FIRST = PartitionState.first(List.of(2, 3, 1));

  @Test
  void whatIsWrittenIsReadAgain() {
    Topic plain =
        new Topic(UUID.randomUUID(), "click s", 2, "", Map.of("cleanup.policy", "compact,delete"));
    TopicState state =
        new TopicState(plain, List.of(FIRST, new PartitionState(List.of(1, 2), -1, 7, List.of(2))));

    assertThat(TopicState.parse(state.text())).isEqualTo(state);
    assertThat(new String(state.text(), StandardCharsets.UTF_8))
        .contains("partition leader=-1 epoch=7 isr=2 replicas=1,2");
  }

  @Test
  void topicsOfTablesAreKnownByTheTableAndOthersByName() {
    assertThat(TopicState.key(new Topic(UUID.randomUUID(), "a", 1, "17", Map.of())))
        .isEqualTo("table-17");
    assertThat(TopicState.key(new Topic(UUID.randomUUID(), "a/b", 1, "", Map.of())))
        .isEqualTo("topic-a%2Fb");
  }

  @Test
  void whatIsNoStateIsRefused() {
    for (String text : List.of("", "varve topic 2\n", "varve topic 1\nid x\n", "varve topic 1\n")) {
      assertThatThrownBy(() -> TopicState.parse(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(VarveException.class)
          .hasMessageContaining("cannot be read");
    }
  }
}
