// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Runs background merges, as many at once as it has threads. A table is asked for work when
/// something changed in it ([#poke]) and after each of its merges; one that asks again when it
/// gives a merge may have several under way. A table whose merge failed is left alone for a while,
/// longer each time. Safe for threads.
public final class MergeScheduler implements AutoCloseable {
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  private final ScheduledExecutorService timer;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Map<MergeSource, Boolean> waiting = new LinkedHashMap<>();
  private final Map<MergeSource, Failure> failures = new ConcurrentHashMap<>();
  private final Set<MergeSource> stopped = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong merges = new AtomicLong();
  private final AtomicLong failedMerges = new AtomicLong();
  private boolean closed;
  private boolean held;

  /// The last failure of a source.
  ///
  /// @param count failures since the last merge that went well
  public record Failure(int count, Throwable last) {}

  /// @param timer wakes sources whose pause is over; belongs to the caller
  public MergeScheduler(int threadCount, ScheduledExecutorService timer) {
    this.timer = timer;
    for (int i = 0; i < threadCount; i++) {
      threads.add(Thread.ofPlatform().name("varve-merge-" + i).daemon().start(this::work));
    }
  }

  /// Asks the source for work soon.
  public void poke(MergeSource source) {
    synchronized (waiting) {
      if (!closed && !stopped.contains(source) && !failures.containsKey(source)) {
        waiting.put(source, true);
        waiting.notify();
      }
    }
  }

  /// No background merge of the source begins until [#start].
  public void stop(MergeSource source) {
    synchronized (waiting) {
      stopped.add(source);
      waiting.remove(source);
    }
  }

  public void start(MergeSource source) {
    stopped.remove(source);
    failures.remove(source);
    poke(source);
  }

  /// Holds off all merges that have not begun, or lets them begin again. Who lets them pokes what
  /// may have work.
  public void hold(boolean holds) {
    synchronized (waiting) {
      held = holds;
      waiting.notifyAll();
    }
  }

  public boolean isStopped(MergeSource source) {
    return stopped.contains(source);
  }

  /// Forgets a source whose table is gone.
  public void forget(MergeSource source) {
    stop(source);
    stopped.remove(source);
    failures.remove(source);
  }

  /// Merges that went well since the start.
  public long merges() {
    return merges.get();
  }

  /// Merges that run now.
  public int running() {
    return running.get();
  }

  public long failedMerges() {
    return failedMerges.get();
  }

  public Optional<Failure> failure(MergeSource source) {
    return Optional.ofNullable(failures.get(source));
  }

  private void work() {
    MergeSource source = take();
    while (source != null) {
      step(source);
      source = take();
    }
  }

  private void step(MergeSource source) {
    Failure before = failures.get(source);
    try {
      Optional<MergeTask> task = source.nextMerge();
      if (task.isPresent()) {
        run(task.get());
        merges.incrementAndGet();
        failures.remove(source);
        poke(source);
      } else if (before != null) {
        // Not the failure of a merge that ran meanwhile: its retry is to come.
        failures.remove(source, before);
      }
    } catch (RuntimeException | Error failed) {
      failedMerges.incrementAndGet();
      pause(source, failed);
    }
  }

  private void run(MergeTask task) {
    running.incrementAndGet();
    try {
      task.run();
    } finally {
      running.decrementAndGet();
    }
  }

  private void pause(MergeSource source, Throwable failed) {
    int count = 1 + failure(source).map(Failure::count).orElse(0);
    failures.put(source, new Failure(count, failed));
    long millis = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(10, count - 1));
    synchronized (waiting) {
      if (!closed) {
        timer.schedule(() -> retry(source), millis, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void retry(MergeSource source) {
    synchronized (waiting) {
      // The count stays until a merge goes well, so that the pauses grow.
      if (!closed && !stopped.contains(source) && failures.containsKey(source)) {
        waiting.put(source, true);
        waiting.notify();
      }
    }
  }

  /// The next source to ask, or null at the end.
  private MergeSource take() {
    synchronized (waiting) {
      while ((held || waiting.isEmpty()) && !closed) {
        try {
          waiting.wait();
        } catch (InterruptedException nobodyDoes) {
          throw new IllegalStateException("a merge thread was interrupted", nobodyDoes);
        }
      }
      if (closed) {
        return null;
      }
      MergeSource source = waiting.keySet().iterator().next();
      waiting.remove(source);
      return source;
    }
  }

  /// Begins no merge any more and waits for those that run; whoever closes cancels them first.
  @Override
  public void close() {
    synchronized (waiting) {
      closed = true;
      waiting.clear();
      waiting.notifyAll();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
