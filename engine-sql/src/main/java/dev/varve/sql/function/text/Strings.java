// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.expression.PredicateKernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// Strings as bytes, and as UTF-8 where the name says so.
public final class Strings {
  private Strings() {}

  public static List<ScalarFunction> functions() {
    List<ScalarFunction> all = new ArrayList<>();
    all.add(
        ScalarFunction.of(
                "length", "length(x)", "Bytes of a string, elements of an array.", Strings::length)
            .alias("octet_length", "strlen")
            .inAnyCase());
    all.add(
        ScalarFunction.of(
                "lengthUTF8",
                "lengthUTF8(text)",
                "Characters of a text.",
                args -> {
                  texts("lengthUTF8", args, 1);
                  return new Binding(DataTypes.UINT64, Strings::characters);
                })
            .alias("char_length", "character_length")
            .inAnyCase());
    all.add(emptiness("empty", true));
    all.add(emptiness("notEmpty", false));
    all.add(
        mapped("lower", "lower case, ASCII letters only", Strings::asciiLower)
            .alias("lcase")
            .inAnyCase());
    all.add(
        mapped("upper", "upper case, ASCII letters only", Strings::asciiUpper)
            .alias("ucase")
            .inAnyCase());
    all.add(onText("lowerUTF8", "lower case", s -> s.toLowerCase(Locale.ROOT)));
    all.add(onText("upperUTF8", "upper case", s -> s.toUpperCase(Locale.ROOT)));
    all.add(mapped("reverse", "its bytes in reverse", Strings::reversed).inAnyCase());
    all.add(
        onText(
            "reverseUTF8",
            "its characters in reverse",
            s -> new StringBuilder(s).reverse().toString()));
    all.add(onText("initcap", "each word with a capital", Strings::capitals).inAnyCase());
    all.add(
        mapped("base64Encode", "its bytes in base64", b -> java.util.Base64.getEncoder().encode(b))
            .alias("TO_BASE64")
            .inAnyCase());
    all.add(
        mapped("base64Decode", "the bytes that the base64 spells", Strings::fromBase64)
            .alias("FROM_BASE64")
            .inAnyCase());
    all.add(trim("trimBoth", true, true).alias("trim", "btrim"));
    all.add(trim("trimLeft", true, false).alias("ltrim"));
    all.add(trim("trimRight", false, true).alias("rtrim"));
    all.addAll(Substrings.functions());
    all.addAll(Joining.functions());
    all.add(position("position", false).alias("strpos"));
    all.add(located());
    all.add(position("positionCaseInsensitive", true).alias("instr"));
    all.add(replace("replaceAll", false).alias("replace").inAnyCase());
    all.add(replace("replaceOne", true));
    all.addAll(Filling.functions());
    all.add(
        ScalarFunction.of(
                "ascii",
                "ascii(text)",
                "The first byte as a number.",
                args -> {
                  texts("ascii", args, 1);
                  return new Binding(
                      DataTypes.INT32,
                      (v, rows, scratch) -> {
                        VectorBuilder builder = new VectorBuilder(DataTypes.INT32, scratch);
                        for (int i = 0; i < rows; i++) {
                          byte[] bytes =
                              v.getFirst().isNull(i) ? new byte[0] : v.getFirst().getBytes(i);
                          builder.appendLong(bytes.length == 0 ? 0 : bytes[0] & 0xFF);
                        }
                        return builder.build();
                      });
                })
            .inAnyCase());
    return all;
  }

  private static void texts(String name, List<Argument> args, int count) {
    Arguments.count(name, args, count, count);
    for (int i = 0; i < count; i++) {
      Arguments.requireText(name, args, i);
    }
  }

  private static Binding length(List<Argument> args) {
    Arguments.count("length", args, 1, 1);
    DataType type = args.getFirst().plain();
    if (type instanceof DataType.Array || type instanceof DataType.MapOf) {
      return new Binding(
          DataTypes.UINT64,
          (v, rows, scratch) -> {
            Vector flat = VectorOps.flatten(v.getFirst(), scratch);
            MemorySegment out = scratch.allocate(rows * 8L);
            for (int i = 0; i < rows; i++) {
              out.set(Vector.I64, i * 8L, flat.listTo(i) - flat.listFrom(i));
            }
            return Vector.fixed(DataTypes.UINT64, rows, out, null);
          });
    }
    Arguments.requireText("length", args, 0);
    return new Binding(
        DataTypes.UINT64,
        (v, rows, scratch) -> {
          MemorySegment out = scratch.allocate(rows * 8L);
          if (type instanceof DataType.FixedText) {
            int width = v.getFirst().base().width();
            for (int i = 0; i < rows; i++) {
              out.set(Vector.I64, i * 8L, width);
            }
          } else {
            lengths(v.getFirst(), rows, out);
          }
          return Vector.fixed(DataTypes.UINT64, rows, out, null);
        });
  }

  /// Asks the offsets alone, so texts that a vector points to are not fetched.
  private static void lengths(Vector texts, int rows, MemorySegment out) {
    Vector base = texts.base();
    MemorySegment offsets = base.offsets();
    boolean nullable = texts.mayHaveNulls();
    for (int i = 0; i < rows; i++) {
      long at = nullable && texts.isNull(i) ? 0 : texts.valueRow(i) * 4L;
      long length =
          base.rows() == 0 ? 0 : offsets.get(Vector.I32, at + 4) - offsets.get(Vector.I32, at);
      out.set(Vector.I64, i * 8L, length);
    }
  }

  private static Vector characters(List<Vector> v, int rows, Scratch scratch) {
    MemorySegment out = scratch.allocate(rows * 8L);
    for (int i = 0; i < rows; i++) {
      MemorySegment bytes = v.getFirst().getSegment(i);
      long count = 0;
      for (long at = 0; at < bytes.byteSize(); at++) {
        count += (bytes.get(JAVA_BYTE, at) & 0xC0) != 0x80 ? 1 : 0;
      }
      out.set(Vector.I64, i * 8L, count);
    }
    return Vector.fixed(DataTypes.UINT64, rows, out, null);
  }

  private static boolean isBytes(DataType type) {
    return switch (type) {
      case DataType.FixedText _, DataType.Uuid _, DataType.Ipv4 _, DataType.Ipv6 _ -> true;
      default -> false;
    };
  }

  /// Whether a value of so many bytes has none but zeros.
  private static boolean isZero(Vector value, int row) {
    if (value.type().unwrapped() instanceof DataType.Ipv4) {
      return value.getLong(row) == 0;
    }
    for (byte b : value.getBytes(row)) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static ScalarFunction emptiness(String name, boolean wanted) {
    return ScalarFunction.of(
        name,
        name + "(x)",
        "Whether a string or array has " + (wanted ? "nothing" : "something") + " in it.",
        args -> {
          Arguments.count(name, args, 1, 1);
          if (isBytes(args.getFirst().plain())) {
            return RowBinding.of(
                DataTypes.BOOL,
                (v, row, to) -> to.appendLong(isZero(v.getFirst(), row) == wanted ? 1 : 0));
          }
          Binding length = length(args);
          return new Binding(
              DataTypes.BOOL,
              (PredicateKernel)
                  (v, rows, scratch, mask) -> {
                    Vector lengths = length.kernel().evaluate(v, rows, scratch);
                    for (int i = 0; i < rows; i++) {
                      boolean isEmpty = lengths.values().get(Vector.I64, i * 8L) == 0;
                      mask[i >>> 6] |= isEmpty == wanted ? 1L << i : 0;
                    }
                  });
        });
  }

  private static ScalarFunction mapped(String name, String what, UnaryOperator<byte[]> map) {
    return ScalarFunction.of(
        name,
        name + "(text String)",
        "The text: " + what + ".",
        args -> {
          Arguments.count(name, args, 1, 1);
          if (!(args.getFirst().plain() instanceof DataType.AggregateState)) {
            Arguments.requireText(name, args, 0);
          }
          return new Binding(DataTypes.STRING, each(map));
        });
  }

  private static Kernel each(UnaryOperator<byte[]> map) {
    return (v, rows, scratch) -> {
      VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
      for (int i = 0; i < rows; i++) {
        if (v.getFirst().isNull(i)) {
          builder.appendDefault();
        } else {
          builder.appendBytes(map.apply(v.getFirst().getBytes(i)));
        }
      }
      return builder.build();
    };
  }

  private static ScalarFunction onText(String name, String what, UnaryOperator<String> map) {
    return mapped(
        name,
        what,
        bytes ->
            map.apply(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] asciiLower(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] += (byte) (bytes[i] >= 'A' && bytes[i] <= 'Z' ? 32 : 0);
    }
    return bytes;
  }

  private static byte[] asciiUpper(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] -= (byte) (bytes[i] >= 'a' && bytes[i] <= 'z' ? 32 : 0);
    }
    return bytes;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = bytes[bytes.length - 1 - i];
    }
    return out;
  }

  private static String capitals(String text) {
    StringBuilder out = new StringBuilder();
    boolean start = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
      start = !Character.isLetterOrDigit(c);
    }
    return out.toString();
  }

  private static byte[] fromBase64(byte[] text) {
    try {
      return java.util.Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT,
          "base64Decode was given text that is not base64 ("
              + e.getMessage()
              + "); tryBase64Decode gives an empty text instead");
    }
  }

  private static ScalarFunction trim(String name, boolean left, boolean right) {
    return ScalarFunction.of(
            name,
            name + "(text[, characters])",
            "The text without blanks (or these characters) at "
                + (left && right ? "both ends" : left ? "its start" : "its end")
                + ".",
            args -> {
              Arguments.count(name, args, 1, 2);
              Arguments.requireText(name, args, 0);
              if (args.size() > 1) {
                Arguments.requireText(name, args, 1);
              }
              return new Binding(
                  DataTypes.STRING,
                  (v, rows, scratch) -> {
                    VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
                    for (int i = 0; i < rows; i++) {
                      byte[] cut = v.size() < 2 ? new byte[] {' '} : v.get(1).getBytes(i);
                      byte[] text = v.getFirst().getBytes(i);
                      int from = 0;
                      int to = text.length;
                      while (left && from < to && contains(cut, text[from])) {
                        from++;
                      }
                      while (right && to > from && contains(cut, text[to - 1])) {
                        to--;
                      }
                      builder.appendBytes(text, from, to - from);
                    }
                    return builder.build();
                  });
            })
        .inAnyCase();
  }

  private static boolean contains(byte[] set, byte wanted) {
    for (byte b : set) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  private static ScalarFunction position(String name, boolean anyCase) {
    return Declared.bound(
            name + "(text String, piece String[, start Int])",
            "Where the piece begins in the text: 1 is the first byte, 0 means nowhere.",
            _ -> new Binding(DataTypes.UINT64, positions(anyCase, 0)))
        .inAnyCase();
  }

  private static ScalarFunction located() {
    return Declared.bound(
            "locate(piece String, text String[, start Int])",
            "As position, with the piece first.",
            _ -> new Binding(DataTypes.UINT64, positions(false, 1)))
        .inAnyCase();
  }

  private static Kernel positions(boolean anyCase, int textAt) {
    return (v, rows, scratch) -> {
      MemorySegment out = scratch.allocate(rows * 8L);
      for (int i = 0; i < rows; i++) {
        byte[] piece = v.get(1 - textAt).getBytes(i);
        MemorySegment text = v.get(textAt).getSegment(i);
        long start = v.size() > 2 ? Math.max(0, v.get(2).getLong(i) - 1) : 0;
        if (anyCase) {
          text = MemorySegment.ofArray(asciiLower(text.toArray(JAVA_BYTE)));
          piece = asciiLower(piece);
        }
        long at =
            start > text.byteSize() ? -1 : Search.indexOf(text, start, text.byteSize(), piece);
        out.set(Vector.I64, i * 8L, at + 1);
      }
      return Vector.fixed(DataTypes.UINT64, rows, out, null);
    };
  }

  private static ScalarFunction replace(String name, boolean first) {
    return ScalarFunction.of(
        name,
        name + "(text, piece, replacement)",
        "The text with " + (first ? "the first" : "every") + " piece replaced.",
        args -> {
          texts(name, args, 3);
          return new Binding(
              DataTypes.STRING,
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
                for (int i = 0; i < rows; i++) {
                  byte[] out =
                      replaced(
                          v.get(0).getSegment(i),
                          v.get(1).getBytes(i),
                          v.get(2).getSegment(i),
                          first);
                  builder.appendBytes(out);
                }
                return builder.build();
              });
        });
  }

  private static byte[] replaced(
      MemorySegment text, byte[] piece, MemorySegment with, boolean first) {
    if (piece.length == 0) {
      return text.toArray(JAVA_BYTE);
    }
    byte[] buffer = new byte[(int) text.byteSize() + 16];
    int size = 0;
    long from = 0;
    long end = text.byteSize();
    for (long at = Search.indexOf(text, 0, end, piece);
        at >= 0;
        at = Search.indexOf(text, from, end, piece)) {
      MemorySegment before = text.asSlice(from, at - from);
      buffer = Joining.append(buffer, size, before);
      size += (int) before.byteSize();
      buffer = Joining.append(buffer, size, with);
      size += (int) with.byteSize();
      from = at + piece.length;
      if (first) {
        break;
      }
    }
    MemorySegment rest = text.asSlice(from);
    buffer = Joining.append(buffer, size, rest);
    return java.util.Arrays.copyOf(buffer, size + (int) rest.byteSize());
  }
}
