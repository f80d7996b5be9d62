// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

final class TransactionCoordinatorTest {
  private final AtomicLong clock = new AtomicLong(1);
  private final Map<String, byte[]> kept = new HashMap<>();
  private final Store store = new Store();

  /// What is kept, in memory, and transactions that end at once.
  private final class Store implements TransactionStore {
    private long producers;

    @Override
    public void load(BiConsumer<String, byte[]> states) {
      kept.forEach(states);
    }

    @Override
    public CompletableFuture<?> put(String id, byte[] state) {
      if (state == null) {
        kept.remove(id);
      } else {
        kept.put(id, state);
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<?> end(
        Participant partition, long producerId, short epoch, boolean commit) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public long newProducerId() {
      return producers++;
    }
  }

  @Test
  void idsThatWereSilentForAWeekAreForgotten() {
    TransactionCoordinator coordinator = new TransactionCoordinator(store, clock::get);
    for (int i = 0; i < 1_000; i++) {
      TransactionCoordinator.Producer producer = coordinator.init("id-" + i, 60_000, null);
      coordinator.add("id-" + i, producer, Set.of(new Participant("t", 0)));
    }
    // Open transactions come to their timeout first, which is a sign of life.
    clock.addAndGet(TimeUnit.DAYS.toMillis(7));
    coordinator.tick();
    assertThat(kept).hasSize(1_000);
    clock.addAndGet(TimeUnit.DAYS.toMillis(7));
    coordinator.tick();
    assertThat(kept).hasSize(1_000);
    clock.addAndGet(1);
    TransactionCoordinator.Producer back = coordinator.init("id-7", 60_000, null);
    coordinator.tick();
    assertThat(kept).containsOnlyKeys("id-7");
    assertThat(back.id()).isEqualTo(7);
    // Who comes back after that is somebody new.
    assertThat(coordinator.init("id-8", 60_000, null).id()).isEqualTo(1_000);
  }
}
