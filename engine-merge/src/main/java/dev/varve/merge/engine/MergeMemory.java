// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

/// What fits into the memory of one merge of a table. A merge holds about a block of each column of
/// each input and of the result; a table so wide that not even two parts fit is merged some columns
/// at a time.
///
/// @param bytes off-heap memory of the merge
/// @param columns stored columns of the table
record MergeMemory(long bytes, int columns) {
  /// What a reader of a column holds, about: a block as stored, and decompressed.
  private static final long BYTES_OF_A_READER = 1 << 20;

  /// What three readers of an input's keys and of deciding columns hold of a granule.
  private static final int READERS_BESIDE = 4;

  /// Tables so wide that their columns take turns are merged so many parts at a time, and not so
  /// many that a turn has fewer columns.
  private static final int WIDE_FAN_IN = 8;

  private static final int LEAST_AT_ONCE = 16;
  private static final int LARGEST_FAN_IN = 1_000;

  /// Background merges share the memory of one that somebody waits for, but a share is not less
  /// than this part of it however many may run: else they would merge column by column.
  private static final int MOST_SHARERS = 4;

  static MergeMemory of(MergeSettings settings, int columns, boolean inBackground) {
    int sharers = inBackground ? Math.clamp(settings.mergeThreads(), 1, MOST_SHARERS) : 1;
    return new MergeMemory(settings.rewrite().memoryBytes() / sharers, columns);
  }

  private long bytesOfAnInput() {
    return (columns + READERS_BESIDE) * BYTES_OF_A_READER;
  }

  /// Whether not even two parts can be merged with all columns at once.
  boolean isWide() {
    return 2 * bytesOfAnInput() > bytes;
  }

  /// Parts that one merge can read at once, at least two.
  int inputs() {
    return isWide()
        ? (int) Math.clamp(bytes / BYTES_OF_A_READER / LEAST_AT_ONCE, 2, WIDE_FAN_IN)
        : (int) Math.clamp(bytes / bytesOfAnInput(), 2, LARGEST_FAN_IN);
  }

  /// Columns that a merge holds a block of, of each input and of the result; 0 for all.
  int columnsAtOnce(int inputs) {
    return isWide()
        ? (int) Math.max(1, bytes / BYTES_OF_A_READER / (inputs + 1) - READERS_BESIDE)
        : 0;
  }

  /// Threads that can merge so many inputs, at least one.
  int threads(int inputs) {
    return (int) Math.clamp(bytes / (inputs * bytesOfAnInput()), 1, LARGEST_FAN_IN);
  }
}
