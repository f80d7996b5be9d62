// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

/// How a part is written.
///
/// @param blockRows rows of a block at most, whole granules; 8 granules by default: enough to
///   spread the cost of a header and a dictionary, few enough to stay in the cache
/// @param sync whether files are forced to disk before the part appears; off for tests and for
///   parts that can be made again
public record PartOptions(int blockRows, boolean sync) {
  public static final PartOptions DEFAULT = new PartOptions(65536, true);

  public PartOptions {
    if (blockRows < 1) {
      throw new IllegalArgumentException("a block has rows, found blockRows=" + blockRows);
    }
  }
}
