// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.MergeTrace;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.roaringbitmap.RoaringBitmap;

/// Merges the slices of one merge, several at once. The calling thread merges too, and merges all
/// where no other thread is free: nothing waits for a thread that may never come.
final class SlicedMerge {
  private final List<MergeSlice> slices;
  private final List<PartMerger.Sink> sinks;
  private final Function<MergeSlice, MergeStream> streams;
  private final PartMerger.Watcher watcher;
  private final List<CompletableFuture<Result>> results = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong rowsRead = new AtomicLong();
  private final AtomicLong rowsWritten = new AtomicLong();
  private volatile boolean failed;

  /// What became of a slice.
  ///
  /// @param deleted output rows of the slice that are deleted and stay
  record Result(MergeTrace trace, RoaringBitmap deleted) {
    /// The results of slices that follow each other, as one.
    static Result stitched(List<Result> results) {
      RoaringBitmap deleted = new RoaringBitmap();
      long rows = 0;
      for (Result result : results) {
        deleted.or(RoaringBitmap.addOffset(result.deleted, rows));
        rows += result.trace.outputRows();
      }
      return new Result(MergeTrace.stitched(results.stream().map(Result::trace).toList()), deleted);
    }
  }

  SlicedMerge(
      List<MergeSlice> slices,
      List<PartMerger.Sink> sinks,
      Function<MergeSlice, MergeStream> streams,
      PartMerger.Watcher watcher) {
    this.slices = slices;
    this.sinks = sinks;
    this.streams = streams;
    this.watcher = watcher;
    slices.forEach(_ -> results.add(new CompletableFuture<>()));
  }

  Result run(Executor executor, int atOnce) {
    for (int i = 1; i < Math.min(atOnce, slices.size()); i++) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException closing) {
        break; // the calling thread does what is left
      }
    }
    work();
    Throwable failure = null;
    List<Result> done = new ArrayList<>();
    for (CompletableFuture<Result> result : results) {
      try {
        done.add(result.join());
      } catch (CancellationException given) {
        assert failed : "a slice was left out";
      } catch (CompletionException e) {
        failure = worse(failure, e.getCause());
      }
    }
    // All slices have ended, so that nobody touches the parts any more.
    switch (failure) {
      case null -> {
        return Result.stitched(done);
      }
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
    for (int s = next.getAndIncrement(); s < slices.size(); s = next.getAndIncrement()) {
      if (failed) {
        results.get(s).cancel(false);
        continue;
      }
      try {
        results.get(s).complete(merge(slices.get(s), sinks.get(s)));
      } catch (RuntimeException | Error e) {
        failed = true;
        results.get(s).completeExceptionally(e);
      }
    }
  }

  /// @throws VarveException QUERY_WAS_CANCELLED when the watcher stops the merge
  static void proceed(PartMerger.Watcher watcher, long rowsRead, long rowsWritten) {
    if (!watcher.proceed(rowsRead, rowsWritten)) {
      throw new VarveException(
          ErrorCode.QUERY_WAS_CANCELLED,
          "the merge was stopped after " + rowsRead + " rows; its parts stay as they were");
    }
  }

  private Result merge(MergeSlice slice, PartMerger.Sink sink) {
    try (MergeStream stream = streams.apply(slice)) {
      stream.copyInto(sink);
      long read = 0;
      long written = 0;
      while (stream.step(sink)) {
        long all = rowsRead.addAndGet(stream.rowsRead() - read);
        read = stream.rowsRead();
        long allWritten = rowsWritten.addAndGet(stream.rowsWritten() - written);
        written = stream.rowsWritten();
        if (failed) {
          throw new CancellationException("another slice failed");
        }
        proceed(watcher, all, allWritten);
      }
      return new Result(stream.trace(), stream.deleted());
    }
  }
}
