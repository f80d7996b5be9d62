// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;

/// How a part is written.
///
/// @param blockRows rows of a block at most, whole granules; 8 granules by default: enough to
///   spread the cost of a header and a dictionary, few enough to stay in the cache
/// @param sync whether files are forced to disk before the part appears; off for tests and for
///   parts that can be made again
/// @param zstdLevel 0 compresses columns without a codec of their own by LZ4, as suits a part that
///   is soon merged; 1 to 22 takes ZSTD of that level where it saves enough, as suits a large part
///   that stays, and looks for symbols in text
/// @param textOnly whether the level is for text alone: numbers, which are packed in any case, have
///   little to gain
public record PartOptions(int blockRows, boolean sync, int zstdLevel, boolean textOnly) {
  public static final PartOptions DEFAULT = new PartOptions(65536, true);

  public PartOptions {
    if (blockRows < 1) {
      throw new IllegalArgumentException("a block has rows, found blockRows=" + blockRows);
    }
    if (zstdLevel < 0 || zstdLevel > 22) {
      throw new IllegalArgumentException("a ZSTD level is 0 to 22, found " + zstdLevel);
    }
  }

  public PartOptions(int blockRows, boolean sync) {
    this(blockRows, sync, 0, false);
  }

  /// The same, compressed by ZSTD of this level where it pays.
  public PartOptions withZstdLevel(int level) {
    return new PartOptions(blockRows, sync, level, false);
  }

  /// The same for text alone.
  public PartOptions ofText() {
    return new PartOptions(blockRows, sync, zstdLevel, true);
  }

  /// The level for values of a type.
  int levelOf(DataType type) {
    return textOnly && !isText(type) ? 0 : zstdLevel;
  }

  /// Whether values are text, or hold some.
  public static boolean isText(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Array(DataType element) -> isText(element);
      case DataType.MapOf(DataType key, DataType value) -> isText(key) || isText(value);
      case DataType.Tuple tuple -> tuple.fields().stream().anyMatch(PartOptions::isText);
      case DataType leaf -> leaf.physical() == Physical.BYTES;
    };
  }
}
