// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.sql.expression.Masks;
import dev.varve.sql.expression.PredicateKernel;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// LIKE with a constant pattern finds the rows that Java's own regular expressions find.
final class LikeTest {
  private static String text(RandomGenerator random, String letters, int most) {
    return random
        .ints(random.nextInt(most + 1), 0, letters.length())
        .mapToObj(i -> String.valueOf(letters.charAt(i)))
        .collect(Collectors.joining());
  }

  @Randomized(times = 400)
  void patternsFindTheRowsOfTheModel(RandomGenerator random) {
    String pattern = text(random, random.nextInt(4) == 0 ? "ab%_" : "ab%", 7);
    String regex = pattern.replace("%", ".*").replace("_", ".");
    Object[] texts = new Object[1 + random.nextInt(300)];
    Arrays.setAll(texts, _ -> text(random, "aab", 12));
    List<DataType> types = List.of(DataTypes.STRING, DataTypes.STRING);
    PredicateKernel like =
        (PredicateKernel) FunctionRegistry.standard().scalar("like", types).kernel();
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      Vector rows = VectorValues.of(DataTypes.STRING, scratch, texts);
      Vector wanted =
          Vector.constant(
              DataTypes.STRING, texts.length, VectorValues.of(DataTypes.STRING, scratch, pattern));
      long[] found = Masks.create(texts.length);
      like.test(List.of(rows, wanted), texts.length, scratch, found);
      for (int i = 0; i < texts.length; i++) {
        assertThat(Masks.isSet(found, i))
            .as("%s like %s", texts[i], pattern)
            .isEqualTo(Pattern.matches(regex, (String) texts[i]));
      }
    }
  }
}
