// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.Locale;

/// What `CODEC(…)` asks for.
///
/// Light encodings are chosen by the values in any case: T64, DoubleDelta, Gorilla, GCD and FPC are
/// accepted and leave the choice to the engine.
///
/// @param compression the general compressor
/// @param level of the compressor, where it has levels
/// @param delta whether integers are stored as differences
public record CodecChoice(Compression compression, int level, boolean delta) {
  /// The general compressor of a column.
  public enum Compression {
    /// Where it saves enough: ZSTD where a level is given, else LZ4.
    AUTOMATIC,
    NONE,
    LZ4,
    ZSTD
  }

  public static final CodecChoice AUTOMATIC = new CodecChoice(Compression.AUTOMATIC, 0, false);

  private static final List<String> LIGHT =
      List.of("Default", "T64", "DoubleDelta", "Gorilla", "GCD", "FPC");
  private static final List<String> KNOWN =
      List.of(
          "NONE",
          "LZ4",
          "LZ4HC",
          "ZSTD",
          "Delta",
          "Default",
          "T64",
          "DoubleDelta",
          "Gorilla",
          "GCD",
          "FPC");

  /// Reads the argument of `CODEC(…)`, such as `Delta(8), ZSTD(3)`; empty is the engine's choice.
  public static CodecChoice parse(String text) {
    CodecChoice choice = AUTOMATIC;
    for (String piece : text.split(",(?![^(]*\\))", -1)) {
      String codec = piece.strip();
      if (!codec.isEmpty()) {
        choice = choice.with(codec);
      }
    }
    return choice;
  }

  /// The same with ZSTD of this level, where it leaves the compressor to the engine; 0 changes
  /// nothing.
  public CodecChoice orZstd(int zstdLevel) {
    return compression == Compression.AUTOMATIC
        ? new CodecChoice(compression, zstdLevel, delta)
        : this;
  }

  private CodecChoice with(String codec) {
    int open = codec.indexOf('(');
    String name = open < 0 ? codec : codec.substring(0, open).strip();
    if (name.equalsIgnoreCase("Delta")) {
      return new CodecChoice(compression, level, true);
    }
    if (LIGHT.stream().anyMatch(name::equalsIgnoreCase)) {
      return this;
    }
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "NONE" -> new CodecChoice(Compression.NONE, 0, delta);
      case "LZ4", "LZ4HC" -> new CodecChoice(Compression.LZ4, 0, delta);
      case "ZSTD" ->
          new CodecChoice(Compression.ZSTD, open < 0 ? 1 : zstdLevel(codec, open), delta);
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "no codec \"" + name + "\"" + NearNames.suggest(name, KNOWN));
    };
  }

  private static int zstdLevel(String codec, int open) {
    int close = codec.indexOf(')', open);
    String text = codec.substring(open + 1, close < 0 ? codec.length() : close).strip();
    if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 22) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "the level of ZSTD must be 1 to 22, found \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }
}
