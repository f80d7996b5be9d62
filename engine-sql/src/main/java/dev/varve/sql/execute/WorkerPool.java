// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.execute;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads that lend a hand to queries. Every query also runs on its own caller's thread, so a busy
/// or closed pool slows queries down but stops none. Safe for threads.
public final class WorkerPool implements Executor, AutoCloseable {
  private final ThreadPoolExecutor threads;

  /// @param size threads beside the callers'
  public WorkerPool(int size) {
    threads =
        new ThreadPoolExecutor(
            Math.max(1, size),
            Math.max(1, size),
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("varve-query-", 0).factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable help) {
    threads.execute(help);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
