// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Parts of a text by place: `substring`, `left`, `right`.
final class Substrings {
  private Substrings() {}

  static List<ScalarFunction> functions() {
    return List.of(
        substring("substring", false).alias("substr", "mid", "byteSlice").inAnyCase(),
        substring("substringUTF8", true),
        side("left", true).inAnyCase(),
        side("right", false).inAnyCase());
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
}
