// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.MergeTrace;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.roaringbitmap.RoaringBitmap;

/// Merges the slices of one merge, several at once.
final class SlicedMerge {
  private final List<MergeSlice> slices;
  private final List<PartMerger.Sink> sinks;
  private final Function<MergeSlice, MergeStream> streams;
  private final PartMerger.Watcher watcher;
  private final SharedWork work;
  private final Result[] results;
  private final AtomicLong rowsRead = new AtomicLong();
  private final AtomicLong rowsWritten = new AtomicLong();

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
    this.results = new Result[slices.size()];
    this.work = new SharedWork(slices.size(), s -> results[s] = merge(slices.get(s), sinks.get(s)));
  }

  /// All slices have ended when it returns or throws, so that nobody touches the parts any more.
  Result run(Executor executor, int atOnce) {
    work.run(executor, atOnce);
    return Result.stitched(List.of(results));
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
        if (work.hasFailed()) {
          throw new CancellationException("another slice failed");
        }
        proceed(watcher, all, allWritten);
      }
      return new Result(stream.trace(), stream.deleted());
    }
  }
}
