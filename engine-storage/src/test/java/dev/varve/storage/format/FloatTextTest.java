// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The nearest double, as the library finds it.
final class FloatTextTest {
  @Randomized(times = 200)
  void anyDigitsAreTheLibrarysDouble(RandomGenerator random) {
    for (int i = 0; i < 500; i++) {
      long digits = random.nextLong() >>> random.nextInt(64);
      int exponent = random.nextInt(-360, 330);
      double found = FloatText.nearest(digits, exponent);
      if (!Double.isNaN(found)) {
        String text = Long.toUnsignedString(digits) + "e" + exponent;
        assertThat(found).as(text).isEqualTo(Double.parseDouble(text));
      }
    }
  }

  @Randomized(times = 100)
  void textOfADoubleIsThatDouble(RandomGenerator random) {
    for (int i = 0; i < 500; i++) {
      double value = random.nextInt(1 << 30) / (double) random.nextInt(1, 1 << 20);
      check(Double.toString(value));
      check(new BigDecimal(value).toPlainString());
      check("-" + value);
    }
  }

  @Randomized(times = 100)
  void halfWaysGoToTheEvenOne(RandomGenerator random) {
    for (int i = 0; i < 200; i++) {
      long odd = 1L << 53 | random.nextLong(1L << 53) | 1;
      assertThat(FloatText.nearest(odd, 0)).isEqualTo((double) odd);
      assertThat(FloatText.nearest(odd * 5, -1)).isEqualTo(Double.parseDouble(odd * 5 + "e-1"));
    }
  }

  @Test
  void zerosKeepTheirSignAndMostFloatsAreDecided() {
    assertThat(FloatText.nearest(0, -300)).isZero();
    check("-0.0000000000000000");
    assertThat(FloatText.nearest(7142857142857143L, -10)).isEqualTo(714285.7142857143);
    assertThat(FloatText.nearest(1, 400)).isNaN();
    assertThat(FloatText.nearest(1, -330)).isNaN();
  }

  private static void check(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    assertThat(NumberParser.floating(bytes, 0, bytes.length))
        .as(text)
        .isEqualTo(Double.parseDouble(text));
  }
}
