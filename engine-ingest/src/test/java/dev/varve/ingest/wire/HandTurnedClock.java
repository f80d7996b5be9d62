// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.timer.Timer;
import org.apache.kafka.server.util.timer.TimerTask;

/// The time of Kafka's classes, which passes when a test says so, and their timer.
final class HandTurnedClock implements Time, Timer {
  private record Due(long millis, TimerTask task) {}

  private final List<Due> tasks = new ArrayList<>();
  private long millis = 1_700_000_000_000L;

  @Override
  public synchronized long milliseconds() {
    return millis;
  }

  @Override
  public synchronized long nanoseconds() {
    return millis * 1_000_000;
  }

  @Override
  public void sleep(long more) {
    throw new UnsupportedOperationException("nobody sleeps in this test");
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
    throw new UnsupportedOperationException("nobody waits in this test");
  }

  @Override
  public synchronized void add(TimerTask task) {
    tasks.add(new Due(millis + task.delayMs, task));
  }

  /// Runs what is due after so many milliseconds.
  @Override
  public boolean advanceClock(long more) {
    List<Due> due;
    synchronized (this) {
      millis += more;
      due = tasks.stream().filter(task -> task.millis <= millis).toList();
      tasks.removeAll(due);
    }
    // Who cancelled a task knows that itself; tasks say so only of Kafka's own timers.
    due.forEach(each -> each.task.run());
    return !due.isEmpty();
  }

  @Override
  public synchronized int size() {
    return tasks.size();
  }

  @Override
  public void close() {}
}
