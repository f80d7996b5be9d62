// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.DataType;

/// What `CODEC(…)` asks for. [CodecText] reads it.
///
/// @param encoding of numbers or strings
/// @param compression the general compressor
/// @param level of the compressor, where it has levels
public record CodecChoice(Encoding encoding, Compression compression, int level) {
  /// How values are encoded before compression.
  public enum Encoding {
    /// By the values.
    AUTOMATIC,
    DELTA,
    DOUBLE_DELTA,
    GORILLA,
    /// Bit-packed: what ClickHouse does by transposing blocks of 64 values.
    T64,
    /// Divided by their common divisor, which is otherwise done where it saves enough.
    GCD,
    /// Strings as codes of a symbol table.
    FSST
  }

  /// The general compressor of a column.
  public enum Compression {
    /// Where it saves enough: ZSTD where a level is given, else LZ4.
    AUTOMATIC,
    NONE,
    LZ4,
    LZ4HC,
    ZSTD
  }

  public static final CodecChoice AUTOMATIC =
      new CodecChoice(Encoding.AUTOMATIC, Compression.AUTOMATIC, 0);

  /// Reads the argument of `CODEC(…)`, such as `Delta(8), ZSTD(3)`; empty is the engine's choice.
  ///
  /// @throws dev.varve.storage.error.VarveException BAD_ARGUMENTS
  public static CodecChoice parse(String text) {
    return CodecText.parse(text);
  }

  /// As [#parse(String)], and refuses what cannot be applied to values of the type.
  public static CodecChoice parse(String text, DataType type) {
    return CodecText.parse(text, type);
  }

  /// The same with ZSTD of this level, where it leaves the compressor to the engine; 0 changes
  /// nothing.
  public CodecChoice orZstd(int zstdLevel) {
    return compression == Compression.AUTOMATIC
        ? new CodecChoice(encoding, compression, zstdLevel)
        : this;
  }
}
