// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.codec.CodecChoice.Compression;
import dev.varve.storage.codec.CodecChoice.Encoding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import java.util.List;

/// Reads the argument of `CODEC(…)`: light encodings of numbers, then at most one general
/// compressor.
final class CodecText {
  private static final List<String> KNOWN =
      List.of(
          "NONE",
          "LZ4",
          "LZ4HC",
          "ZSTD",
          "Default",
          "Delta",
          "DoubleDelta",
          "Gorilla",
          "FPC",
          "FSST",
          "GCD",
          "T64");

  private final DataType type;
  private Encoding encoding = Encoding.AUTOMATIC;
  private Compression compression = Compression.AUTOMATIC;
  private int level;
  private String general = "";
  private String light = "";

  private CodecText(DataType type) {
    this.type = type;
  }

  static CodecChoice parse(String text) {
    return parse(text, null);
  }

  /// @param type what the codec is for, or null where it was checked before
  static CodecChoice parse(String text, DataType type) {
    CodecText reader = new CodecText(type);
    for (String piece : text.split(",(?![^(]*\\))", -1)) {
      if (!piece.isBlank()) {
        reader.add(piece.strip());
      } else if (!text.isBlank()) {
        throw bad("CODEC(" + text + ") has an empty place between its commas");
      }
    }
    return new CodecChoice(reader.encoding, reader.compression, reader.level);
  }

  private static VarveException bad(String message) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, message);
  }

  private void add(String codec) {
    int open = codec.indexOf('(');
    String written = open < 0 ? codec : codec.substring(0, open).strip();
    String name =
        KNOWN.stream()
            .filter(written::equalsIgnoreCase)
            .findFirst()
            .orElseThrow(
                () -> bad("no codec \"" + written + "\"" + NearNames.suggest(written, KNOWN)));
    int close = codec.lastIndexOf(')');
    if (open >= 0 && close < open) {
      throw bad("codec " + codec + " has no closing parenthesis");
    }
    String argument = open < 0 ? "" : codec.substring(open + 1, close).strip();
    if (!general.isEmpty()) {
      throw bad(
          "codec "
              + name
              + " cannot follow "
              + general
              + ": nothing is left to encode behind a general compressor, name it last and once");
    }
    switch (name) {
      case "NONE" -> general(name, Compression.NONE, noArgument(name, argument));
      case "Default" -> general(name, Compression.AUTOMATIC, noArgument(name, argument));
      case "LZ4" -> general(name, Compression.LZ4, noArgument(name, argument));
      case "LZ4HC" -> general(name, Compression.LZ4HC, level(name, argument, 9, 12));
      case "ZSTD" -> general(name, Compression.ZSTD, level(name, argument, 1, 22));
      default -> light(name, argument);
    }
  }

  private void general(String name, Compression chosen, int chosenLevel) {
    if (chosen == Compression.NONE && !light.isEmpty()) {
      throw bad("codec NONE cannot follow " + light + ": it stands alone");
    }
    general = name;
    compression = chosen;
    level = chosenLevel;
  }

  private static int noArgument(String name, String argument) {
    if (!argument.isEmpty()) {
      throw bad("codec " + name + " takes no argument, found \"" + argument + "\"");
    }
    return 0;
  }

  private static int level(String name, String argument, int standard, int most) {
    if (argument.isEmpty()) {
      return standard;
    }
    // ZSTD may name a window beside the level; blocks are far smaller than any.
    String text = argument.split(",", 2)[0].strip();
    if (!text.matches("[0-9]{1,2}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > most) {
      throw bad("the level of " + name + " must be 1 to " + most + ", found \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private void light(String name, String argument) {
    // T64 behind a difference is what differences get in any case: they are bit-packed.
    boolean packsDifferences =
        name.equals("T64") && (light.equals("Delta") || light.equals("DoubleDelta"));
    // What stands behind a division is divided first in any case.
    boolean follows = light.equals("GCD") && !name.equals("FSST") && !name.equals("GCD");
    if (!light.isEmpty() && !follows && !packsDifferences) {
      throw bad(
          "codec "
              + name
              + " cannot follow "
              + light
              + ": one encoding of numbers or strings, then at most one general compressor");
    }
    if (name.equals("FSST")) {
      noArgument(name, argument);
    }
    checkArgument(name, argument);
    checkType(name);
    if (!packsDifferences) {
      light = name;
      encoding =
          switch (name) {
            case "Delta" -> Encoding.DELTA;
            case "DoubleDelta" -> Encoding.DOUBLE_DELTA;
            case "Gorilla", "FPC" -> Encoding.GORILLA;
            case "T64" -> Encoding.T64;
            case "FSST" -> Encoding.FSST;
            default -> Encoding.GCD;
          };
    }
  }

  private static void checkArgument(String name, String argument) {
    String allowed =
        switch (name) {
          case "T64" -> "('bit'|'byte')?";
          case "FPC" -> "([1-9][0-9]?(\\s*,\\s*(4|8))?)?";
          default -> "(1|2|4|8)?";
        };
    if (!argument.matches(allowed)) {
      throw bad(
          "codec "
              + name
              + " takes "
              + switch (name) {
                case "T64" -> "'bit' or 'byte'";
                case "FPC" -> "a level and a width of 4 or 8";
                default -> "a width of 1, 2, 4 or 8 bytes";
              }
              + ", found \""
              + argument
              + "\"");
    }
  }

  private void checkType(String name) {
    if (type == null) {
      return;
    }
    boolean isRight =
        switch (name) {
          case "FPC" -> leavesAre(type, false, true);
          case "FSST" -> leavesAreText(type);
          case "Delta", "Gorilla" -> leavesAre(type, true, true);
          default -> leavesAre(type, true, false);
        };
    if (!isRight) {
      String wanted =
          switch (name) {
            case "FPC" -> "floats";
            case "FSST" -> "strings";
            case "Delta", "Gorilla" -> "numbers, dates and times of up to 8 bytes";
            default -> "integers, decimals, dates and times of up to 8 bytes";
          };
      throw bad(
          "codec "
              + name
              + " is not applicable to "
              + type.name()
              + ": it encodes "
              + wanted
              + "; use LZ4 or ZSTD(n), or leave the codec out for the engine's choice");
    }
  }

  private static boolean leavesAreText(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Array(DataType element) -> leavesAreText(element);
      case DataType.MapOf(DataType key, DataType value) ->
          leavesAreText(key) && leavesAreText(value);
      case DataType.Tuple tuple -> tuple.fields().stream().allMatch(CodecText::leavesAreText);
      case DataType leaf -> leaf.physical() == Physical.BYTES;
    };
  }

  private static boolean leavesAre(DataType type, boolean integers, boolean floats) {
    return switch (type.unwrapped()) {
      case DataType.Array(DataType element) -> leavesAre(element, integers, floats);
      case DataType.MapOf(DataType key, DataType value) ->
          leavesAre(key, integers, floats) && leavesAre(value, integers, floats);
      case DataType.Tuple tuple ->
          tuple.fields().stream().allMatch(field -> leavesAre(field, integers, floats));
      case DataType leaf -> {
        Physical physical = leaf.physical();
        yield physical.isFloat() ? floats : integers && physical.isLong();
      }
    };
  }
}
