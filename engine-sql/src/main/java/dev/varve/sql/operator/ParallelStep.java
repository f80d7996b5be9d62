// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Tasks of one step, claimed one by one by the caller and by workers that happen to be free. A
/// worker that comes after the last claim finds the step closed and leaves, so nobody waits for a
/// busy pool.
final class ParallelStep {
  private final QueryContext context;
  private final int tasks;
  private final IntConsumer task;
  private final AtomicInteger next = new AtomicInteger();
  private final Object lock = new Object();
  private int active;
  private boolean closed;
  private RuntimeException failure;
  private Error error;

  ParallelStep(QueryContext context, int tasks, IntConsumer task) {
    this.context = context;
    this.tasks = tasks;
    this.task = task;
  }

  void run(int helpers) {
    for (int i = 0; i < helpers; i++) {
      context.lend(this::help);
    }
    claimAll();
    awaitHelpers();
    if (error != null) {
      throw error;
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void help() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      active++;
    }
    try {
      claimAll();
    } finally {
      synchronized (lock) {
        active--;
        lock.notifyAll();
      }
    }
  }

  private void claimAll() {
    for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
      try {
        task.accept(i);
      } catch (RuntimeException e) {
        fail(e, null);
      } catch (Error e) {
        fail(null, e);
      }
    }
  }

  private void fail(RuntimeException exception, Error fatal) {
    synchronized (lock) {
      // The first failure is the cause; those after it are workers that were told to stop.
      if (failure == null && error == null) {
        failure = exception;
        error = fatal;
      }
    }
    next.set(tasks);
    if (exception == null) {
      context.fail();
    } else {
      context.fail(exception);
    }
  }

  private void awaitHelpers() {
    boolean interrupted = false;
    synchronized (lock) {
      closed = true;
      while (active > 0) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          // The helpers still use the query's memory, so they must end first; they do soon.
          interrupted = true;
          context.cancel();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
