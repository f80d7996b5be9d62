// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

/// What one merge may take and how it writes.
///
/// @param memoryBytes off-heap memory of a merge at most; it runs with fewer threads where they
///   would need more; background merges that may run at once share it
/// @param recompressAtBytes a merge of inputs of this size in sum compresses harder: what is large
///   is merged seldom and read often
/// @param recompressLevel the ZSTD level of such parts, 0 for none
/// @param busyPercent share of a core's time that background merges take together while queries run
public record RewriteSettings(
    long memoryBytes, long recompressAtBytes, int recompressLevel, int busyPercent) {
  /// A merge that was asked for compresses text harder from this share of `recompressAtBytes` on.
  private static final int ASKED_SHARE = 16;

  public static final RewriteSettings DEFAULT = new RewriteSettings(1L << 30, 1L << 30, 1, 50);

  public RewriteSettings {
    if (memoryBytes < 1 << 20
        || recompressAtBytes < 0
        || recompressLevel < 0
        || recompressLevel > 22
        || busyPercent < 1
        || busyPercent > 100) {
      throw new IllegalArgumentException(
          "rewrite settings out of range: memoryBytes="
              + memoryBytes
              + " recompressAtBytes="
              + recompressAtBytes
              + " recompressLevel="
              + recompressLevel
              + " busyPercent="
              + busyPercent);
    }
  }

  /// The same with another bound on memory.
  public RewriteSettings withMemory(long bytes) {
    return new RewriteSettings(bytes, recompressAtBytes, recompressLevel, busyPercent);
  }

  /// The same with another threshold and level of harder compression.
  public RewriteSettings withRecompression(long atBytes, int level) {
    return new RewriteSettings(memoryBytes, atBytes, level, busyPercent);
  }

  /// Bytes of inputs from which a merge that was asked for compresses text harder.
  public long recompressAskedAtBytes() {
    return recompressAtBytes / ASKED_SHARE;
  }
}
