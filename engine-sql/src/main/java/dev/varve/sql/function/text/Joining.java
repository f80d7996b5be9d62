// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.conversion.Conversion;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Texts put together: `concat`, `concatWithSeparator`. A FixedString keeps its trailing zeros.
final class Joining {
  private Joining() {}

  static List<ScalarFunction> functions() {
    return List.of(
        ScalarFunction.of(
                "concat",
                "concat(a, …)",
                "The texts one after another; other types as text.",
                Joining::concat)
            .alias("concatAssumeInjective")
            .inAnyCase(),
        ScalarFunction.of(
                "concatWithSeparator",
                "concatWithSeparator(separator, a, …)",
                "The texts with the separator between them.",
                Joining::join)
            .alias("concat_ws", "concatWithSeparatorAssumeInjective")
            .inAnyCase());
  }

  private static List<Kernel> asTexts(List<Argument> args) {
    List<Kernel> kernels = new ArrayList<>();
    for (Argument arg : args) {
      kernels.add(
          arg.plain() instanceof DataType.Text || arg.plain() instanceof DataType.FixedText
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

  /// The buffer with the bytes behind its first `size`, or a larger one.
  static byte[] append(byte[] buffer, int size, MemorySegment bytes) {
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
}
