// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

/// How much merging may take.
///
/// @param mergeThreads background merges at once, of all tables; 0 turns them off
/// @param maxPartBytes a background merge makes no part larger than this
/// @param maxMergeFanIn parts merged at once at most
/// @param maxInsertBlockRows rows of an INSERT that are sorted into one part
/// @param maxTailRows rows in memory runs of a table before they are flushed into a part
/// @param maxTailMillis age of the oldest memory run before it is flushed
/// @param delayAtParts active parts of a partition from which on inserts wait for merges
/// @param refuseAtParts active parts of a partition from which on inserts are refused
/// @param rewrite what one merge may take
/// @param keyCachePercent share of the engine's off-heap memory that decoded keys of large parts
///   may take, so that an upsert of a random key need not decode a granule of keys
public record MergeSettings(
    int mergeThreads,
    long maxPartBytes,
    int maxMergeFanIn,
    int maxInsertBlockRows,
    int maxTailRows,
    long maxTailMillis,
    int delayAtParts,
    int refuseAtParts,
    RewriteSettings rewrite,
    int keyCachePercent) {
  /// What decoded keys may take unless somebody says otherwise.
  public static final int KEY_CACHE_PERCENT = 12;

  private static final int MOST_MERGE_THREADS = 16;

  public MergeSettings {
    if (mergeThreads < 0
        || keyCachePercent < 0
        || keyCachePercent > 90
        || maxMergeFanIn < 2
        || maxInsertBlockRows < 1
        || maxTailRows < 1
        || delayAtParts < 2
        || refuseAtParts < delayAtParts) {
      throw new IllegalArgumentException(
          "merge settings out of range: mergeThreads="
              + mergeThreads
              + " maxMergeFanIn="
              + maxMergeFanIn
              + " maxInsertBlockRows="
              + maxInsertBlockRows
              + " maxTailRows="
              + maxTailRows
              + " delayAtParts="
              + delayAtParts
              + " refuseAtParts="
              + refuseAtParts
              + " keyCachePercent="
              + keyCachePercent);
    }
  }

  public MergeSettings(
      int mergeThreads,
      long maxPartBytes,
      int maxMergeFanIn,
      int maxInsertBlockRows,
      int maxTailRows,
      long maxTailMillis,
      int delayAtParts,
      int refuseAtParts) {
    this(
        mergeThreads,
        maxPartBytes,
        maxMergeFanIn,
        maxInsertBlockRows,
        maxTailRows,
        maxTailMillis,
        delayAtParts,
        refuseAtParts,
        RewriteSettings.DEFAULT,
        KEY_CACHE_PERCENT);
  }

  public static MergeSettings defaults() {
    int threads = Math.min(MOST_MERGE_THREADS, Runtime.getRuntime().availableProcessors());
    return new MergeSettings(threads, 150L << 30, 16, 1 << 20, 1 << 20, 1_000, 300, 3_000);
  }

  /// The same without background merges.
  public MergeSettings withMergeThreads(int threads) {
    return new MergeSettings(
        threads,
        maxPartBytes,
        maxMergeFanIn,
        maxInsertBlockRows,
        maxTailRows,
        maxTailMillis,
        delayAtParts,
        refuseAtParts,
        rewrite,
        keyCachePercent);
  }

  /// The same with other bounds on each merge.
  public MergeSettings withRewrite(RewriteSettings other) {
    return new MergeSettings(
        mergeThreads,
        maxPartBytes,
        maxMergeFanIn,
        maxInsertBlockRows,
        maxTailRows,
        maxTailMillis,
        delayAtParts,
        refuseAtParts,
        other,
        keyCachePercent);
  }

  /// The same with this bound on the rows and on the age of the runs in memory.
  public MergeSettings withTail(int rows, long millis) {
    return new MergeSettings(
        mergeThreads,
        maxPartBytes,
        maxMergeFanIn,
        maxInsertBlockRows,
        rows,
        millis,
        delayAtParts,
        refuseAtParts,
        rewrite,
        keyCachePercent);
  }

  /// The same with this share of the memory for decoded keys.
  public MergeSettings withKeyCache(int percent) {
    return new MergeSettings(
        mergeThreads,
        maxPartBytes,
        maxMergeFanIn,
        maxInsertBlockRows,
        maxTailRows,
        maxTailMillis,
        delayAtParts,
        refuseAtParts,
        rewrite,
        percent);
  }

  /// Bytes of decoded keys in an engine with so much memory.
  public long keyCacheBytes(long memoryBytes) {
    return memoryBytes / 100 * keyCachePercent;
  }
}
