// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.table.HeldPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// Folds runs in memory of like size into one once there are many of them, so that a read never
/// meets more than a few dozen: small ones at once, larger ones by a worker. One fold of a table at
/// a time. Safe for threads.
final class TailFolds {
  private static final int FOLD_AT = 8;
  private static final int FOLD_INLINE_ROWS = 16_384;

  private final MergeTable table;
  private final EngineContext context;
  private final TableParts parts;
  private final Object lock;
  private final Consumer<RuntimeException> failures;
  private Fold fold;

  /// Runs that were reserved for a fold.
  private static final class Fold {
    private final List<HeldPart> runs;
    private boolean begun;

    Fold(List<HeldPart> runs) {
      this.runs = runs;
    }
  }

  /// @param lock held whenever runs are reserved for a fold
  /// @param failures told of a fold that failed beside
  TailFolds(
      MergeTable table,
      EngineContext context,
      TableParts parts,
      Object lock,
      Consumer<RuntimeException> failures) {
    this.table = table;
    this.context = context;
    this.parts = parts;
    this.lock = lock;
    this.failures = failures;
  }

  /// Folds what is worth it, if no other fold is under way.
  void fold() {
    Fold chosen;
    synchronized (lock) {
      List<HeldPart> runs = fold == null ? choose() : List.of();
      if (runs.isEmpty()) {
        return;
      }
      chosen = new Fold(runs);
      fold = chosen;
    }
    long rows = chosen.runs.stream().mapToLong(run -> run.part().info().rows()).sum();
    if (rows <= FOLD_INLINE_ROWS) {
      run(chosen);
      return;
    }
    try {
      context.workers().execute(() -> runBeside(chosen));
    } catch (RejectedExecutionException closing) {
      giveUp(chosen);
    }
  }

  /// Runs of one partition and one size, reserved; none where nothing is worth it.
  private List<HeldPart> choose() {
    Map<String, List<HeldPart>> tiers = new HashMap<>();
    for (HeldPart run : parts.free(TableParts::isRun)) {
      long size = Math.max(1, run.part().info().rows() / 64);
      int tier = (63 - Long.numberOfLeadingZeros(size)) / 3; // a factor of eight each
      tiers
          .computeIfAbsent(tier + " " + run.part().info().partition(), t -> new ArrayList<>())
          .add(run);
    }
    for (List<HeldPart> tier : tiers.values()) {
      if (tier.size() >= FOLD_AT && parts.reserve(tier)) {
        return tier;
      }
    }
    return List.of();
  }

  /// Waits until no fold holds a run; the caller holds the lock. One that no worker has begun is
  /// given up: all workers may be flushing, and would wait for it for ever.
  void await() {
    while (fold != null && fold.begun) {
      try {
        lock.wait();
      } catch (InterruptedException asked) {
        Thread.currentThread().interrupt();
        throw new VarveException(
            ErrorCode.QUERY_WAS_CANCELLED, "cancelled while waiting for a fold", asked);
      }
    }
    if (fold != null) {
      giveUp(fold);
    }
  }

  private void giveUp(Fold given) {
    synchronized (lock) {
      if (fold == given) {
        fold = null;
        parts.release(given.runs);
        lock.notifyAll();
      }
    }
  }

  private boolean begin(Fold chosen) {
    synchronized (lock) {
      chosen.begun = fold == chosen;
      return chosen.begun;
    }
  }

  private void runBeside(Fold chosen) {
    try {
      run(chosen);
    } catch (RuntimeException failed) {
      failures.accept(failed); // the runs stay as they were, and the flush that comes replaces them
    }
  }

  private void run(Fold chosen) {
    if (!begin(chosen)) {
      return; // a flush took the runs
    }
    try {
      PartRewrite.Rewritten<MemoryPart> rewritten =
          PartRewrite.leased(context, table, parts, chosen.runs, PartRewrite::toMemory);
      MemoryPart folded = rewritten.part();
      table.reads().inherit(folded, rewritten.merged().trace());
      parts.swap(
          chosen.runs,
          folded == null
              ? List.of()
              : List.of(DeletesOfMade.held(LogTail.hold(folded), rewritten.merged().deleted())));
    } finally {
      giveUp(chosen);
    }
  }
}
