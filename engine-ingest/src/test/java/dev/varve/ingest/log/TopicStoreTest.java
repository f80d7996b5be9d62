// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopicStoreTest {
  @TempDir Path directory;

  private static final Topic PLAIN =
      new Topic(UUID.randomUUID(), "täglich", 3, "", Map.of("retention.ms", "5"));

  @Test
  void topicsComeBackUntilTheyAreDeleted() throws IOException {
    TopicStore store = new TopicStore(directory);
    Topic table = new Topic(UUID.randomUUID(), "db.events", 1, "42", Map.of());
    store.create(PLAIN);
    store.create(table);
    assertThat(new TopicStore(directory).load()).containsExactlyInAnyOrder(PLAIN, table);
    store.delete(table);
    assertThat(new TopicStore(directory).load()).containsExactly(PLAIN);
  }

  @Test
  void leftoversOfACrashAreCleared() throws IOException {
    TopicStore store = new TopicStore(directory);
    store.create(PLAIN);
    Path unfinished = directory.resolve(UUID.randomUUID() + ".new");
    Path deleted = directory.resolve(UUID.randomUUID() + ".deleted");
    Files.createDirectories(unfinished.resolve("0"));
    Files.createDirectories(deleted.resolve("0"));
    Files.writeString(deleted.resolve("0/00000000000000000000.log"), "x");
    assertThat(new TopicStore(directory).load()).containsExactly(PLAIN);
    assertThat(unfinished).doesNotExist();
    assertThat(deleted).doesNotExist();
  }

  @Test
  void aDamagedDescriptionIsSaid() throws IOException {
    TopicStore store = new TopicStore(directory);
    store.create(PLAIN);
    Path file = directory.resolve(PLAIN.id().toString()).resolve("topic");
    byte[] bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(store::load)
        .isInstanceOf(VarveException.class)
        .hasMessageContaining(file + " is damaged");
  }

  @Test
  void aProducerIdIsGivenOnceForEver() throws IOException {
    Path file = directory.resolve("producer-ids");
    Set<Long> given = new HashSet<>();
    for (int restart = 0; restart < 3; restart++) {
      ProducerIds ids = new ProducerIds(file);
      for (int i = 0; i < 1_500; i++) {
        assertThat(given.add(ids.take())).isTrue();
      }
    }
  }
}
