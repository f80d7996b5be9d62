// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.random;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Random texts and arrays in random order.
public final class RandomTexts {
  private static final long MOST_BYTES = 1 << 24;

  private RandomTexts() {}

  /// Appends so many characters to a text.
  @FunctionalInterface
  private interface Characters {
    byte[] of(RandomGenerator random, int length);
  }

  public static List<ScalarFunction> functions() {
    return List.of(
        text("randomString", "Random bytes.", RandomTexts::bytes),
        text("randomPrintableASCII", "Random characters of ASCII.", RandomTexts::printable),
        text("randomStringUTF8", "Random characters of Unicode.", RandomTexts::unicode),
        ScalarFunction.of(
                "randomFixedString",
                "randomFixedString(length)",
                "Random bytes as a FixedString.",
                args -> {
                  DataType type =
                      new DataType.FixedText(Arguments.constantInt("randomFixedString", args, 0));
                  return RandomNumbers.rows(
                      type, (random, to) -> to.appendBytes(bytes(random, type.width())));
                })
            .that(Stability.VOLATILE),
        ScalarFunction.of(
                "fuzzBits",
                "fuzzBits(text, probability)",
                "The text with each bit flipped by this probability.",
                RandomTexts::fuzz)
            .that(Stability.VOLATILE),
        shuffled("arrayShuffle", 2),
        shuffled("arrayPartialShuffle", 3),
        ScalarFunction.of(
                "arrayRandomSample",
                "arrayRandomSample(array, count)",
                "So many elements of the array, each at most once.",
                RandomTexts::sample)
            .that(Stability.VOLATILE));
  }

  private static byte[] bytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] printable(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) random.nextInt(32, 127);
    }
    return bytes;
  }

  private static byte[] unicode(RandomGenerator random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int code = random.nextInt(0x110000 - 0x800);
      text.appendCodePoint(code < 0xD800 ? code : code + 0x800);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ScalarFunction text(String name, String doc, Characters characters) {
    return ScalarFunction.of(
            name,
            name + "(length)",
            doc,
            args -> {
              Arguments.count(name, args, 1, 2);
              Arguments.requireInteger(name, args, 0);
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> {
                    long length = v.getFirst().getInteger(row).longValue();
                    if (length < 0 || length > MOST_BYTES) {
                      throw new VarveException(
                          ErrorCode.BAD_ARGUMENTS,
                          name + " gives 0 to " + MOST_BYTES + " characters, asked for " + length);
                    }
                    to.appendBytes(characters.of(ThreadLocalRandom.current(), (int) length));
                  });
            })
        .that(Stability.VOLATILE);
  }

  private static Binding fuzz(List<Argument> args) {
    Arguments.count("fuzzBits", args, 2, 2);
    Arguments.requireText("fuzzBits", args, 0);
    if (!args.get(1).isConstant() || !(args.get(1).constant() instanceof Number probability)) {
      throw Arguments.illegal("fuzzBits", 1, args.get(1).type(), "a constant from 0 to 1");
    }
    double share = probability.doubleValue();
    if (!(share >= 0 && share <= 1)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, "a probability is from 0 to 1, found " + share);
    }
    return RowBinding.of(
        args.getFirst().plain(),
        (v, row, to) -> {
          byte[] bytes = v.getFirst().getBytes(row);
          for (int bit = 0; bit < 8 * bytes.length; bit++) {
            if (ThreadLocalRandom.current().nextDouble() < share) {
              bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
          }
          to.appendBytes(bytes);
        });
  }

  private static ScalarFunction shuffled(String name, int most) {
    boolean partial = most == 3;
    return ScalarFunction.of(
            name,
            name + (partial ? "(array[, count[, seed]])" : "(array[, seed])"),
            partial
                ? "The array with its first elements, or so many, chosen at random."
                : "The array in random order.",
            args -> {
              Arguments.count(name, args, 1, most);
              requireArray(name, args);
              for (int i = 1; i < args.size(); i++) {
                Arguments.requireInteger(name, args, i);
              }
              return RowBinding.of(
                  args.getFirst().plain(),
                  (v, row, to) -> shuffle(v, row, partial, v.size() == most, to));
            })
        .that(Stability.VOLATILE);
  }

  private static void requireArray(String name, List<Argument> args) {
    if (!(args.getFirst().plain() instanceof DataType.Array)) {
      throw Arguments.illegal(name, 0, args.getFirst().type(), "an array");
    }
  }

  private static void shuffle(
      List<Vector> v, int row, boolean partial, boolean seeded, VectorBuilder to) {
    Vector array = v.getFirst();
    int size = array.listTo(row) - array.listFrom(row);
    long asked = partial && v.size() > 1 ? v.get(1).getInteger(row).longValue() : 0;
    int count = asked > 0 ? (int) Math.min(asked, size) : size;
    RandomGenerator random =
        seeded
            ? new SplittableRandom(v.getLast().getInteger(row).longValue())
            : ThreadLocalRandom.current();
    for (int place : places(random, size, count)) {
      to.child(0).append(array.elements(), array.listFrom(row) + place);
    }
    to.endList();
  }

  /// All places from 0 to `size - 1`, the first `count` of them chosen at random.
  private static int[] places(RandomGenerator random, int size, int count) {
    int[] places = new int[size];
    for (int i = 0; i < size; i++) {
      places[i] = i;
    }
    for (int i = 0; i < Math.min(count, size - 1); i++) {
      int other = random.nextInt(i, size);
      int swap = places[i];
      places[i] = places[other];
      places[other] = swap;
    }
    return places;
  }

  private static Binding sample(List<Argument> args) {
    String name = "arrayRandomSample";
    Arguments.count(name, args, 2, 2);
    requireArray(name, args);
    Arguments.requireInteger(name, args, 1);
    return RowBinding.of(
        args.getFirst().plain(),
        (v, row, to) -> {
          Vector array = v.getFirst();
          int size = array.listTo(row) - array.listFrom(row);
          int count = (int) Math.clamp(v.get(1).getInteger(row).longValue(), 0, size);
          int[] places = places(ThreadLocalRandom.current(), size, count);
          for (int i = 0; i < count; i++) {
            to.child(0).append(array.elements(), array.listFrom(row) + places[i]);
          }
          to.endList();
        });
  }
}
