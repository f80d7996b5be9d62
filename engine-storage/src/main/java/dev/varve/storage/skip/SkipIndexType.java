// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a skip index keeps of the values of some granules.
public sealed interface SkipIndexType {
  /// The names that may stand behind TYPE.
  List<String> NAMES =
      List.of("minmax", "set", "bloom_filter", "tokenbf_v1", "ngrambf_v1", "bitmap", "text");

  /// Filters never grow beyond this.
  int MAX_FILTER_BYTES = 1 << 24;

  /// What the filters of `text` have, which asks for no size: one in a hundred wrong at 27,000
  /// tokens.
  int TEXT_FILTER_BYTES = 1 << 15;

  int TEXT_HASHES = 6;

  /// The smallest and the greatest value.
  record MinMax() implements SkipIndexType {}

  /// All different values, if there are at most so many; 0 for any number.
  record ValueSet(int maxRows) implements SkipIndexType {}

  /// For each value of the part, the entries that hold it.
  record Bitmap() implements SkipIndexType {}

  /// A Bloom filter of the values, or of the elements of arrays.
  ///
  /// @param falsePositives share of absent values that the filter takes for present
  record Bloom(double falsePositives) implements SkipIndexType {}

  /// A Bloom filter of the words of texts: runs of ASCII letters and digits and of other bytes than
  /// ASCII.
  record Tokens(int bytes, int hashes, long seed) implements SkipIndexType {}

  /// A Bloom filter of all runs of `length` bytes of texts.
  record Ngrams(int length, int bytes, int hashes, long seed) implements SkipIndexType {}

  /// @throws VarveException what is wrong with the spelling, and what to write
  static SkipIndexType parse(String spelling) {
    Matcher matcher = Pattern.compile("(?s)\\s*(\\w+)\\s*(?:\\((.*)\\))?\\s*").matcher(spelling);
    if (!matcher.matches()) {
      throw wrong(spelling, "is no type of a skip index; use one of " + NAMES);
    }
    if (!NAMES.contains(matcher.group(1))) {
      throw unknown(spelling, matcher.group(1));
    }
    if (matcher.group(1).equals("text")) {
      return text(spelling, matcher.group(2) == null ? "" : matcher.group(2));
    }
    List<Double> arguments = new ArrayList<>();
    if (matcher.group(2) != null && !matcher.group(2).isBlank()) {
      for (String argument : matcher.group(2).split(",")) {
        arguments.add(number(spelling, argument.strip()));
      }
    }
    return of(spelling, matcher.group(1), arguments);
  }

  private static SkipIndexType of(String spelling, String name, List<Double> arguments) {
    return switch (name) {
      case "minmax" -> counted(spelling, arguments, 0, "minmax") ? new MinMax() : null;
      case "bitmap" -> counted(spelling, arguments, 0, "bitmap") ? new Bitmap() : null;
      case "set" ->
          counted(spelling, arguments, 1, "set(max_rows)")
              ? new ValueSet(whole(spelling, arguments.getFirst(), 0, Integer.MAX_VALUE))
              : null;
      case "bloom_filter" -> bloom(spelling, arguments);
      case "tokenbf_v1" -> {
        counted(spelling, arguments, 3, "tokenbf_v1(bytes, hashes, seed)");
        yield new Tokens(
            whole(spelling, arguments.get(0), 1, MAX_FILTER_BYTES),
            whole(spelling, arguments.get(1), 1, 20),
            arguments.get(2).longValue());
      }
      case "ngrambf_v1" -> {
        counted(spelling, arguments, 4, "ngrambf_v1(length, bytes, hashes, seed)");
        yield new Ngrams(
            whole(spelling, arguments.get(0), 1, 64),
            whole(spelling, arguments.get(1), 1, MAX_FILTER_BYTES),
            whole(spelling, arguments.get(2), 1, 20),
            arguments.get(3).longValue());
      }
      default -> throw unknown(spelling, name);
    };
  }

  /// `text(tokenizer = …)`: a filter of the tokens, which is exact enough to leave granules out.
  private static SkipIndexType text(String spelling, String arguments) {
    Matcher matcher =
        Pattern.compile("(?s)\\s*tokenizer\\s*=\\s*'?(\\w+)'?\\s*(?:\\(\\s*(\\d+)?\\s*\\))?\\s*")
            .matcher(arguments);
    String form = "write text(tokenizer = splitByNonAlpha), ngrams(3) or array";
    if (!matcher.matches()) {
      throw wrong(spelling, "does not name its tokenizer alone; " + form);
    }
    String length = matcher.group(2);
    return switch (matcher.group(1)) {
      case "splitByNonAlpha", "default" -> new Tokens(TEXT_FILTER_BYTES, TEXT_HASHES, 0);
      case "ngrams", "ngram" -> {
        double given = length == null ? 3 : number(spelling, length);
        yield new Ngrams(whole(spelling, given, 1, 64), TEXT_FILTER_BYTES, TEXT_HASHES, 0);
      }
      case "array" -> new Bloom(0.01);
      default -> throw wrong(spelling, "has a tokenizer that is not supported; " + form);
    };
  }

  private static VarveException unknown(String spelling, String name) {
    return switch (name) {
      case "inverted", "full_text" ->
          wrong(
              spelling,
              "is no longer of any engine; text(tokenizer = splitByNonAlpha) finds words,"
                  + " text(tokenizer = ngrams(3)) parts of words");
      default ->
          wrong(
              spelling,
              "is no type of a skip index; use one of " + NAMES + NearNames.suggest(name, NAMES));
    };
  }

  private static SkipIndexType bloom(String spelling, List<Double> arguments) {
    if (arguments.size() > 1) {
      throw wrong(spelling, "has too many arguments; write bloom_filter(share_of_errors)");
    }
    double share = arguments.isEmpty() ? 0.025 : arguments.getFirst();
    if (!(share > 0 && share < 1)) {
      throw wrong(spelling, "needs a share of false positives between 0 and 1");
    }
    return new Bloom(share);
  }

  private static double number(String spelling, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(spelling, "has the argument " + text + ", which is no number");
    }
  }

  private static boolean counted(String spelling, List<Double> arguments, int count, String form) {
    if (arguments.size() != count) {
      throw wrong(spelling, "has " + arguments.size() + " arguments; write " + form);
    }
    return true;
  }

  private static int whole(String spelling, double value, int least, int most) {
    if (value != Math.rint(value) || value < least || value > most) {
      throw wrong(
          spelling, "needs a whole number from " + least + " to " + most + ", found " + value);
    }
    return (int) value;
  }

  private static VarveException wrong(String spelling, String what) {
    return new VarveException(ErrorCode.BAD_ARGUMENTS, "the index type " + spelling + " " + what);
  }

  /// Refuses what the index cannot hold.
  ///
  /// @param name of the index, for the error
  /// @throws VarveException BAD_ARGUMENTS naming it
  default void check(String name, List<DataType> types) {
    for (DataType type : types) {
      DataType inner = elementType(type);
      boolean fits =
          switch (this) {
            case Tokens _, Ngrams _ ->
                inner instanceof DataType.Text || inner instanceof DataType.FixedText;
            case Bloom _ -> isPlain(inner);
            case MinMax _, ValueSet _, Bitmap _ -> isPlain(type.unwrapped());
          };
      if (!fits) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS,
            "index \""
                + name
                + "\": a value of type "
                + type.name()
                + " cannot stand in an index of this type");
      }
    }
    if (this instanceof Bitmap && types.size() > 1) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "index \"" + name + "\": a bitmap has one expression; make an index for each");
    }
  }

  /// What a filter holds of a column: its values, or the elements of its arrays, without NULLs.
  static DataType elementType(DataType type) {
    DataType bare = type.unwrapped();
    return bare instanceof DataType.Array(DataType element) ? element.unwrapped() : bare;
  }

  private static boolean isPlain(DataType type) {
    return switch (type) {
      case DataType.Array _, DataType.Tuple _, DataType.MapOf _, DataType.AggregateState _ -> false;
      case DataType.Nothing _ -> false;
      default -> true;
    };
  }

  /// `type` without LowCardinality; nullable where it is.
  static DataType storedType(DataType type) {
    return type.isNullable() ? DataTypes.nullable(type.unwrapped()) : type.unwrapped();
  }
}
