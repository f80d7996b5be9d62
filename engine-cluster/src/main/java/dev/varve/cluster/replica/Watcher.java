// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.storage.error.VarveException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A thread that takes a step at each signal, and without one after a pause, until it is closed. A
/// step that fails is told in [#failure] and taken again: a server whose watcher had ended would
/// neither follow nor lead any more, and nobody would know.
final class Watcher implements AutoCloseable {
  private final Semaphore signals;
  private final long pauseMillis;
  private final Runnable step;
  private final Thread thread;
  private volatile boolean closed;
  private volatile String failure = "";

  /// @param signals released whenever there may be something to do
  Watcher(String name, Semaphore signals, long pauseMillis, Runnable step) {
    this.signals = signals;
    this.pauseMillis = pauseMillis;
    this.step = step;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  /// Why the last step failed; empty if it did not.
  String failure() {
    return failure;
  }

  private void watch() {
    while (!closed) {
      try {
        if (signals.tryAcquire(pauseMillis, TimeUnit.MILLISECONDS)) {
          signals.drainPermits();
        }
        step.run();
        failure = "";
      } catch (VarveException failed) {
        failure = String.valueOf(failed.getMessage());
      } catch (RuntimeException unexpected) {
        failure = unexpected.toString();
      } catch (InterruptedException asked) {
        return; // closed
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }
}
