// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Pieces of work that several threads do at once. The calling thread works too, and does all where
/// no other thread is free: nothing waits for a thread that may never come.
public final class SharedWork {
  private final IntConsumer work;
  private final List<CompletableFuture<Void>> pieces = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean failed;

  /// @param work does the piece of a number; called once for each
  public SharedWork(int count, IntConsumer work) {
    this.work = work;
    for (int i = 0; i < count; i++) {
      pieces.add(new CompletableFuture<>());
    }
  }

  /// Whether a piece has failed, so that what the others do is in vain.
  boolean hasFailed() {
    return failed;
  }

  /// Returns when all pieces have ended. One that fails keeps those that have not begun from
  /// beginning, and is thrown.
  ///
  /// @param executor lends threads beside the calling one
  /// @param atOnce threads at most, the calling one included
  public void run(Executor executor, int atOnce) {
    for (int i = 1; i < Math.min(atOnce, pieces.size()); i++) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException closing) {
        break; // the calling thread does what is left
      }
    }
    work();
    Throwable failure = null;
    for (CompletableFuture<Void> piece : pieces) {
      try {
        piece.join();
      } catch (CancellationException given) {
        assert failed : "a piece was left out";
      } catch (CompletionException e) {
        failure = worse(failure, e.getCause());
      }
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /// An error of ours before one of the user's; else the first.
  private static Throwable worse(Throwable known, Throwable other) {
    boolean given = other instanceof CancellationException;
    return known == null && !given || other instanceof Error ? other : known;
  }

  private void work() {
    for (int p = next.getAndIncrement(); p < pieces.size(); p = next.getAndIncrement()) {
      if (failed) {
        pieces.get(p).cancel(false);
        continue;
      }
      try {
        work.accept(p);
        pieces.get(p).complete(null);
      } catch (RuntimeException | Error e) {
        failed = true;
        pieces.get(p).completeExceptionally(e);
      }
    }
  }
}
