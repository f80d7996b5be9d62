// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.expression.PredicateKernel;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
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
    all.add(substring("substring", false).alias("substr", "mid", "byteSlice").inAnyCase());
    all.add(substring("substringUTF8", true));
    all.add(side("left", true).inAnyCase());
    all.add(side("right", false).inAnyCase());
    all.add(
        ScalarFunction.of(
                "concat",
                "concat(a, …)",
                "The texts one after another; other types as text.",
                Strings::concat)
            .alias("concatAssumeInjective")
            .inAnyCase());
    all.add(
        ScalarFunction.of(
                "concatWithSeparator",
                "concatWithSeparator(separator, a, …)",
                "The texts with the separator between them.",
                Strings::join)
            .alias("concat_ws", "concatWithSeparatorAssumeInjective")
            .inAnyCase());
    all.add(position("position", false).alias("strpos"));
    all.add(located());
    all.add(position("positionCaseInsensitive", true).alias("instr"));
    all.add(replace("replaceAll", false).alias("replace").inAnyCase());
    all.add(replace("replaceOne", true));
    all.add(
        ScalarFunction.of("repeat", "repeat(text, n)", "The text n times.", Strings::repeat)
            .inAnyCase());
    all.add(pad("leftPad", true).alias("lpad").inAnyCase());
    all.add(pad("rightPad", false).alias("rpad").inAnyCase());
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

  private static ScalarFunction emptiness(String name, boolean wanted) {
    return ScalarFunction.of(
        name,
        name + "(x)",
        "Whether a string or array has " + (wanted ? "nothing" : "something") + " in it.",
        args -> {
          Arguments.count(name, args, 1, 1);
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

  private static ScalarFunction substring(String name, boolean characters) {
    return ScalarFunction.of(
        name,
        name + "(text, offset[, length])",
        "Part of the text from offset (1 is the first, -1 the last) on.",
        args -> {
          Arguments.count(name, args, 2, 3);
          Arguments.requireText(name, args, 0);
          Arguments.requireLong(name, args, 1);
          if (args.size() == 3) {
            Arguments.requireLong(name, args, 2);
          }
          return new Binding(
              DataTypes.STRING,
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
                for (int i = 0; i < rows; i++) {
                  long length = v.size() < 3 ? Long.MAX_VALUE : v.get(2).getLong(i);
                  if (characters) {
                    cutCharacters(builder, v.getFirst().getBytes(i), v.get(1).getLong(i), length);
                  } else {
                    cut(builder, v.getFirst().getSegment(i), v.get(1).getLong(i), length);
                  }
                }
                return builder.build();
              });
        });
  }

  private static void cut(VectorBuilder builder, MemorySegment text, long offset, long length) {
    long size = text.byteSize();
    long from = start(offset, size);
    long to =
        length < 0 ? Math.max(from, size + length) : length > size - from ? size : from + length;
    if (offset < 0 && -offset > size && length >= 0) {
      to = Math.clamp(size + offset + Math.min(length, size - offset), 0, size);
    }
    builder.appendSegment(text.asSlice(from, Math.max(0, to - from)));
  }

  private static long start(long offset, long size) {
    return offset > 0
        ? Math.min(size, offset - 1)
        : offset == 0 ? size : Math.max(0, size + offset);
  }

  private static void cutCharacters(VectorBuilder builder, byte[] bytes, long offset, long length) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int size = text.codePointCount(0, text.length());
    long from = start(offset, size);
    long to =
        length < 0 ? Math.max(from, size + length) : length > size - from ? size : from + length;
    int begin = text.offsetByCodePoints(0, (int) from);
    int end = text.offsetByCodePoints(0, (int) to);
    builder.appendBytes(text.substring(begin, end).getBytes(StandardCharsets.UTF_8));
  }

  private static ScalarFunction side(String name, boolean left) {
    return ScalarFunction.of(
        name,
        name + "(text, n)",
        "The " + (left ? "first" : "last") + " n bytes; without the other -n for a negative n.",
        args -> {
          Arguments.count(name, args, 2, 2);
          Arguments.requireText(name, args, 0);
          Arguments.requireLong(name, args, 1);
          return new Binding(
              DataTypes.STRING,
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
                for (int i = 0; i < rows; i++) {
                  MemorySegment text = v.get(0).getSegment(i);
                  long size = text.byteSize();
                  long n = v.get(1).getLong(i);
                  long take = Math.clamp(n < 0 ? size + n : n, 0, size);
                  builder.appendSegment(text.asSlice(left ? 0 : size - take, take));
                }
                return builder.build();
              });
        });
  }

  private static List<Kernel> asTexts(List<Argument> args) {
    List<Kernel> kernels = new ArrayList<>();
    for (Argument arg : args) {
      kernels.add(
          arg.plain() instanceof DataType.Text
              ? (v, _, _) -> v.getFirst()
              : Conversion.plain(arg.plain(), DataTypes.STRING));
    }
    return kernels;
  }

  private static List<Vector> texts(
      List<Kernel> kernels, List<Vector> v, int rows, Scratch scratch) {
    List<Vector> texts = new ArrayList<>();
    for (int a = 0; a < v.size(); a++) {
      texts.add(kernels.get(a).evaluate(List.of(v.get(a)), rows, scratch));
    }
    return texts;
  }

  private static Binding concat(List<Argument> args) {
    Arguments.count("concat", args, 1, Integer.MAX_VALUE);
    if (args.stream().allMatch(a -> a.plain() instanceof DataType.Array)) {
      throw Arguments.illegal("concat", 0, args.getFirst().type(), "String; use arrayConcat");
    }
    List<Kernel> kernels = asTexts(args);
    return new Binding(
        DataTypes.STRING,
        (v, rows, scratch) -> {
          List<Vector> texts = texts(kernels, v, rows, scratch);
          VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
          byte[] buffer = new byte[256];
          for (int i = 0; i < rows; i++) {
            int size = 0;
            for (Vector text : texts) {
              MemorySegment bytes = text.getSegment(i);
              buffer = append(buffer, size, bytes);
              size += (int) bytes.byteSize();
            }
            builder.appendBytes(buffer, 0, size);
          }
          return builder.build();
        });
  }

  private static byte[] append(byte[] buffer, int size, MemorySegment bytes) {
    int length = (int) bytes.byteSize();
    byte[] room =
        size + length > buffer.length
            ? java.util.Arrays.copyOf(buffer, Math.max(size + length, buffer.length * 2))
            : buffer;
    MemorySegment.copy(bytes, JAVA_BYTE, 0, room, size, length);
    return room;
  }

  private static Binding join(List<Argument> args) {
    Arguments.count("concatWithSeparator", args, 1, Integer.MAX_VALUE);
    List<Kernel> kernels = asTexts(args);
    return new Binding(
        DataTypes.STRING,
        (v, rows, scratch) -> {
          List<Vector> texts = texts(kernels, v, rows, scratch);
          VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
          byte[] buffer = new byte[256];
          for (int i = 0; i < rows; i++) {
            int size = 0;
            for (int a = 1; a < texts.size(); a++) {
              if (a > 1) {
                buffer = append(buffer, size, texts.getFirst().getSegment(i));
                size += (int) texts.getFirst().getSegment(i).byteSize();
              }
              MemorySegment bytes = texts.get(a).getSegment(i);
              buffer = append(buffer, size, bytes);
              size += (int) bytes.byteSize();
            }
            builder.appendBytes(buffer, 0, size);
          }
          return builder.build();
        });
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
      buffer = append(buffer, size, before);
      size += (int) before.byteSize();
      buffer = append(buffer, size, with);
      size += (int) with.byteSize();
      from = at + piece.length;
      if (first) {
        break;
      }
    }
    MemorySegment rest = text.asSlice(from);
    buffer = append(buffer, size, rest);
    return java.util.Arrays.copyOf(buffer, size + (int) rest.byteSize());
  }

  private static Binding repeat(List<Argument> args) {
    Arguments.count("repeat", args, 2, 2);
    Arguments.requireText("repeat", args, 0);
    Arguments.requireLong("repeat", args, 1);
    return new Binding(
        DataTypes.STRING,
        (v, rows, scratch) -> {
          VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
          for (int i = 0; i < rows; i++) {
            byte[] text = v.get(0).getBytes(i);
            int times = (int) Math.clamp(v.get(1).getLong(i), 0, 1_000_000);
            byte[] out = new byte[Math.multiplyExact(text.length, times)];
            for (int t = 0; t < times; t++) {
              System.arraycopy(text, 0, out, t * text.length, text.length);
            }
            builder.appendBytes(out);
          }
          return builder.build();
        });
  }

  private static ScalarFunction pad(String name, boolean left) {
    return ScalarFunction.of(
        name,
        name + "(text, length[, filler])",
        "The text filled " + (left ? "from the left" : "to the right") + " or cut to the length.",
        args -> {
          Arguments.count(name, args, 2, 3);
          Arguments.requireText(name, args, 0);
          Arguments.requireLong(name, args, 1);
          return new Binding(
              DataTypes.STRING,
              (v, rows, scratch) -> {
                VectorBuilder builder = new VectorBuilder(DataTypes.STRING, scratch);
                for (int i = 0; i < rows; i++) {
                  byte[] text = v.get(0).getBytes(i);
                  byte[] given = v.size() < 3 ? new byte[0] : v.get(2).getBytes(i);
                  byte[] filler = given.length == 0 ? new byte[] {' '} : given;
                  int length = (int) Math.clamp(v.get(1).getLong(i), 0, 1 << 24);
                  builder.appendBytes(padded(text, length, filler, left));
                }
                return builder.build();
              });
        });
  }

  private static byte[] padded(byte[] text, int length, byte[] filler, boolean left) {
    if (length <= text.length || filler.length == 0) {
      return java.util.Arrays.copyOf(text, Math.min(length, text.length));
    }
    byte[] out = new byte[length];
    int fill = length - text.length;
    System.arraycopy(text, 0, out, left ? fill : 0, text.length);
    for (int i = 0; i < fill; i++) {
      out[left ? i : text.length + i] = filler[i % filler.length];
    }
    return out;
  }
}
