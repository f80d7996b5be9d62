// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.transaction;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.transaction.TransactionState.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Begins and ends transactions. Each step is durable before its caller goes on, and the outcome is
/// decided by the record that says committing or aborting: a restart carries that out.
///
/// A caller that ends a transaction waits until every partition has its marker, so what is
/// committed is visible when the producer hears of it. Safe for threads; calls block.
public final class TransactionCoordinator {
  /// As Kafka's `transaction.max.timeout.ms`.
  private static final int MAX_TIMEOUT_MILLIS = 15 * 60 * 1000;

  private static final long FORGET_AFTER_MILLIS = 7L * 24 * 3600 * 1000;

  /// A producer as it may go on.
  public record Producer(long id, short epoch) {}

  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile TransactionState state;
  }

  private final TransactionStore store;
  private final LongSupplier clock;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /// Learns what is in the store; what was ending is ended by the next [#tick()].
  ///
  /// @param clock milliseconds since the epoch
  public TransactionCoordinator(TransactionStore store, LongSupplier clock) {
    this.store = store;
    this.clock = clock;
    store.load((id, bytes) -> {
      if (bytes == null) {
        entries.remove(id);
      } else {
        entries.computeIfAbsent(id, _ -> new Entry()).state = TransactionState.of(bytes);
      }
    });
  }

  /// Begins a new life of a transactional id: what an earlier one left open is aborted, and the
  /// earlier one is fenced.
  ///
  /// @param known what the caller believes to be, or null
  public Producer init(String id, int timeoutMillis, Producer known) {
    if (id.isEmpty()) {
      throw new RefusedException(Refusal.INVALID_REQUEST, "transactional.id is empty");
    }
    if (timeoutMillis <= 0 || timeoutMillis > MAX_TIMEOUT_MILLIS) {
      throw new RefusedException(
          Refusal.INVALID_TRANSACTION_TIMEOUT,
          "transaction.timeout.ms is 1 to " + MAX_TIMEOUT_MILLIS + ", found " + timeoutMillis);
    }
    Entry entry = entries.computeIfAbsent(id, _ -> new Entry());
    entry.lock.lock();
    try {
      TransactionState state = entry.state;
      if (state == null) {
        long producer = store.newProducerId();
        put(id, entry, TransactionState.first(producer, timeoutMillis, clock.getAsLong()));
      } else {
        checkKnown(state, known);
        if (state.stage() == Stage.OPEN) {
          put(id, entry, state.ending(false, true, clock.getAsLong()));
        }
        finish(id, entry);
        put(id, entry, nextLife(entry.state, timeoutMillis));
      }
      return producer(entry.state);
    } finally {
      entry.lock.unlock();
    }
  }

  private static void checkKnown(TransactionState state, Producer known) {
    if (known == null || known.id() < 0) {
      return;
    }
    if (known.id() != state.producerId() || known.epoch() > state.epoch()) {
      throw new RefusedException(
          Refusal.INVALID_PRODUCER_EPOCH, "another producer has this transactional id now");
    }
    if (known.epoch() < state.epoch() - 1) {
      throw fenced(state);
    }
  }

  private TransactionState nextLife(TransactionState state, int timeoutMillis) {
    long now = clock.getAsLong();
    boolean usedUp = state.epoch() >= Short.MAX_VALUE - 2;
    return usedUp
        ? TransactionState.first(store.newProducerId(), timeoutMillis, now)
        : state.reborn(state.producerId(), (short) (state.epoch() + 1), timeoutMillis, now);
  }

  /// Takes partitions into the open transaction of a producer, or opens one.
  public void add(String id, Producer producer, Set<Participant> partitions) {
    Entry entry = entry(id);
    if (holds(entry.state, producer, partitions)) {
      return; // the usual case of a batch that is not the first
    }
    entry.lock.lock();
    try {
      check(entry.state, producer);
      checkNotEnding(entry.state);
      if (!holds(entry.state, producer, partitions)) {
        put(id, entry, entry.state.with(partitions, clock.getAsLong()));
      }
    } finally {
      entry.lock.unlock();
    }
  }

  private static boolean holds(
      TransactionState state, Producer producer, Set<Participant> partitions) {
    return state != null
        && state.stage() == Stage.OPEN
        && state.producerId() == producer.id()
        && state.epoch() == producer.epoch()
        && state.partitions().containsAll(partitions);
  }

  /// Refuses a batch for a partition that its producer has not taken into a transaction.
  public void verify(String id, Producer producer, Participant partition) {
    TransactionState state = entry(id).state;
    check(state, producer);
    if (!holds(state, producer, Set.of(partition))) {
      throw new RefusedException(
          Refusal.INVALID_TXN_STATE,
          "partition " + partition + " is in no open transaction of " + id);
    }
  }

  /// Ends the open transaction of a producer. Returns how the producer goes on.
  ///
  /// @param nextEpoch whether each transaction has an epoch of its own, so that what comes late
  ///   from this one cannot end up in the next
  public Producer end(String id, Producer producer, boolean commit, boolean nextEpoch) {
    Entry entry = entry(id);
    entry.lock.lock();
    try {
      TransactionState state = entry.state;
      if (isAnsweredBefore(state, producer, commit, nextEpoch)) {
        finish(id, entry);
        return producer(entry.state);
      }
      check(state, producer);
      if (state.stage() == Stage.OPEN) {
        put(id, entry, state.ending(commit, nextEpoch, clock.getAsLong()));
        finish(id, entry);
      } else if (nextEpoch && !commit && !state.stage().isEnding()) {
        put(id, entry, nextLife(state, state.timeoutMillis())); // nothing was written
      } else {
        throw new RefusedException(
            Refusal.INVALID_TXN_STATE, id + " has no open transaction, it is " + state.stage());
      }
      if (nextEpoch && entry.state.epoch() >= Short.MAX_VALUE - 2) {
        put(id, entry, nextLife(entry.state, state.timeoutMillis()));
      }
      return producer(entry.state);
    } finally {
      entry.lock.unlock();
    }
  }

  /// Whether the request came before, and only its answer was lost.
  private static boolean isAnsweredBefore(
      TransactionState state, Producer producer, boolean commit, boolean nextEpoch) {
    boolean sameEnd =
        commit
            ? state.stage() == Stage.COMMITTING || state.stage() == Stage.COMMITTED
            : state.stage() == Stage.ABORTING || state.stage() == Stage.ABORTED;
    int epochThen = nextEpoch ? state.epoch() - 1 : state.epoch();
    return sameEnd && producer.id() == state.producerId() && producer.epoch() == epochThen;
  }

  /// Ends what timed out and what a crash or a failing disk left in the middle of its end; forgets
  /// ids that were silent for a week. To be called every now and then.
  public void tick() {
    entries.forEach((id, entry) -> {
      long now = clock.getAsLong();
      TransactionState seen = entry.state;
      if (seen == null || !isDue(seen, now) || !entry.lock.tryLock()) {
        return;
      }
      try {
        TransactionState state = entry.state;
        if (state.stage() == Stage.OPEN && isDue(state, now)) {
          put(id, entry, state.ending(false, true, now));
        }
        finish(id, entry);
        if (isDue(entry.state, now) && entry.state.stage() != Stage.OPEN) {
          entries.remove(id, entry);
          await(store.put(id, null));
        }
      } finally {
        entry.lock.unlock();
      }
    });
  }

  private static boolean isDue(TransactionState state, long now) {
    return switch (state.stage()) {
      case OPEN -> now - state.beganMillis() > state.timeoutMillis();
      case COMMITTING, ABORTING -> true;
      case EMPTY, COMMITTED, ABORTED -> now - state.changedMillis() > FORGET_AFTER_MILLIS;
    };
  }

  /// Carries out an end that is decided. The caller holds the lock.
  private void finish(String id, Entry entry) {
    TransactionState state = entry.state;
    if (!state.stage().isEnding()) {
      return;
    }
    List<CompletableFuture<?>> markers = new ArrayList<>();
    for (Participant partition : state.partitions()) {
      markers.add(
          store.end(
              partition, state.producerId(), state.epoch(), state.stage() == Stage.COMMITTING));
    }
    markers.forEach(TransactionCoordinator::await);
    TransactionState ended = state.ended(clock.getAsLong());
    entry.state = ended;
    // Nobody waits for this record: without it a restart writes the markers again.
    store.put(id, ended.toBytes());
  }

  private void put(String id, Entry entry, TransactionState state) {
    await(store.put(id, state.toBytes()));
    entry.state = state;
  }

  private static void await(CompletableFuture<?> step) {
    try {
      step.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RefusedException refused
          ? refused
          : new RefusedException(
              Refusal.COORDINATOR_NOT_AVAILABLE, String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Refusal.COORDINATOR_NOT_AVAILABLE, "the server stops");
    }
  }

  private Entry entry(String id) {
    Entry entry = entries.get(id);
    if (entry == null || entry.state == null) {
      throw new RefusedException(
          Refusal.INVALID_PRODUCER_ID_MAPPING, "no producer has the transactional id " + id);
    }
    return entry;
  }

  private static void check(TransactionState state, Producer producer) {
    if (state.producerId() != producer.id()) {
      throw new RefusedException(
          Refusal.INVALID_PRODUCER_ID_MAPPING, "another producer has this transactional id now");
    }
    if (producer.epoch() != state.epoch()) {
      throw fenced(state);
    }
  }

  private static void checkNotEnding(TransactionState state) {
    if (state.stage().isEnding()) {
      throw new RefusedException(
          Refusal.CONCURRENT_TRANSACTIONS, "the last transaction is still ending");
    }
  }

  private static RefusedException fenced(TransactionState state) {
    return new RefusedException(
        Refusal.PRODUCER_FENCED,
        "a newer producer has this transactional id; its epoch is " + state.epoch());
  }

  private static Producer producer(TransactionState state) {
    return new Producer(state.producerId(), state.epoch());
  }

  /// What is known of all transactional ids.
  public Map<String, TransactionState> states() {
    Map<String, TransactionState> states = new TreeMap<>();
    entries.forEach((id, entry) -> {
      if (entry.state != null) {
        states.put(id, entry.state);
      }
    });
    return states;
  }
}
